# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""Crimes against an arena's memory, and the tool that must catch each.

usage: crimes_test.py TOOL PROGRAM, where TOOL is AddressSanitizer,
MemorySanitizer or Memcheck and PROGRAM is tests/sanitizers/crimes.cc.
"""

import os
import re
import subprocess
import sys
import unittest

TOOL, PROGRAM = sys.argv[1:3]
del sys.argv[1:3]

VARIABLE = "BITCOINLEVELDB_ARENA_MEMORY_CHECKS"
MEMCHECK_STATUS = 42
MEMCHECK = ["valgrind", "--quiet", f"--error-exitcode={MEMCHECK_STATUS}"]

# What only the arena can tell the tool of.
BOUNDS = {"rest_of_block", "tail", "slop", "shortened_block", "reset",
          "reset_slab", "scope", "scope_block", "reserved"}
# Heads of blocks are guarded where functions can be exempted from it.
HEADS = {"next_head", "own_head"}
# In gap mode the newest allocation stays as it is.
RESIZED = {"shortened"}
# What the tool sees by itself, if arenas keep no memory under it.
GONE = {"reset_to_nothing", "destroyed", "assigned", "moved_and_destroyed"}
# What a depot tells the tool of.
DEPOT = {"in_depot"}
NEIGHBOURS = {"one_byte_over", "one_byte_under"}
# Memory that was in use before.
STALE = {"uninitialized_after_reset", "uninitialized_after_scope",
         "read_after_reset"}
FRESH = {"uninitialized", "uninitialized_from_depot"}
GROWN = {"uninitialized_where_longer"}

# Of each tool: what it says, and the status that it ends the program with.
REPORTS = {
    "AddressSanitizer": (
        r"ERROR: AddressSanitizer: "
        r"(use-after-poison|unknown-crash|heap-use-after-free) on address", 1),
    "MemorySanitizer": (
        r"WARNING: MemorySanitizer: use-of-uninitialized-value", 1),
    "Memcheck": (
        r"== (Invalid (write|read) of size 1|Conditional jump or move depends "
        r"on uninitialised value)", MEMCHECK_STATUS),
}

# Of each tool: what is caught by default, in gap mode, and not if arenas say
# nothing. All other crimes are beyond it.
CAUGHT = {
    "AddressSanitizer": (
        BOUNDS | HEADS | RESIZED | GONE | DEPOT | {"read_after_reset"},
        BOUNDS | HEADS | GONE | DEPOT | NEIGHBOURS,
        BOUNDS | RESIZED | NEIGHBOURS | {"read_after_reset"}),
    "MemorySanitizer": (
        STALE | FRESH | GROWN, STALE | FRESH, STALE),
    "Memcheck": (
        BOUNDS | RESIZED | GONE | DEPOT | STALE | FRESH | GROWN,
        BOUNDS | GONE | DEPOT | NEIGHBOURS | STALE | FRESH,
        BOUNDS | RESIZED | NEIGHBOURS | STALE),
}


def run(crimes, checks=None):
    """Runs the program; returns its status, output and standard error."""
    command = [PROGRAM, *crimes]
    if TOOL == "Memcheck":
        command = MEMCHECK + command
    environment = {name: value for name, value in os.environ.items()
                   if name not in (VARIABLE, "ASAN_OPTIONS", "MSAN_OPTIONS")}
    if checks is not None:
        environment[VARIABLE] = checks
    done = subprocess.run(command, capture_output=True, text=True,
                          env=environment, timeout=600)
    return done.returncode, done.stdout, done.stderr


def commit_each(crimes, checks=None):
    """Yields each crime with the status, output and report that it led to.

    Memcheck lets a program go on, and is slow to begin, so all are of one run.
    """
    if TOOL != "Memcheck":
        for crime in sorted(crimes):
            yield crime, *run([crime], checks)
        return
    status, said, reports = run(sorted(crimes), checks)
    for part in reports.split("crime ")[1:]:
        crime, report = part.split("\n", 1)
        yield crime, status, said, f"crime {crime}\n{report}"


class Crimes(unittest.TestCase):

    def assert_all_caught(self, crimes, checks=None):
        expected, expected_status = REPORTS[TOOL]
        seen = set()
        for crime, status, said, report in commit_each(crimes, checks):
            with self.subTest(crime=crime):
                seen.add(crime)
                self.assertEqual(said, f"checked by {TOOL}\n")
                self.assertRegex(report, expected)
                self.assertEqual(status, expected_status, report)
        self.assertEqual(seen, crimes)

    def assert_all_pass(self, crimes, checks=None):
        seen = set()
        for crime, status, said, report in commit_each(crimes, checks):
            with self.subTest(crime=crime):
                seen.add(crime)
                self.assertEqual(said, f"checked by {TOOL}\n")
                self.assertEqual((status, report),
                                 (0, f"crime {crime}\nnot stopped\n"))
        self.assertEqual(seen, crimes)

    def test_what_is_allowed_is_no_crime(self):
        for checks in (None, "gaps", "off"):
            with self.subTest(checks=checks):
                self.assert_all_pass({"lawful"}, checks)

    def test_each_crime_is_caught(self):
        self.assert_all_caught(CAUGHT[TOOL][0])

    def test_each_crime_is_caught_with_gaps(self):
        self.assert_all_caught(CAUGHT[TOOL][1], "gaps")

    def test_no_one_knows_of_what_arenas_do_not_say(self):
        self.assert_all_pass(CAUGHT[TOOL][2], "off")

    def test_neighbours_share_what_parity_leaves_no_room_between(self):
        self.assert_all_pass(NEIGHBOURS)

    def test_every_crime_of_the_program_is_known_here(self):
        status, said, _ = run(["no such crime"])
        names = set(re.findall(r"^\w+$", said, re.MULTILINE))
        known = (BOUNDS | HEADS | RESIZED | GONE | DEPOT | NEIGHBOURS | STALE |
                 FRESH | GROWN | {"lawful"})
        self.assertEqual((status, names), (2, known))

    def test_a_value_that_is_none_of_the_allowed_has_no_effect_and_says_so(self):
        status, _, report = run(["one_byte_over"], "gap")
        self.assertEqual(status, 0)
        self.assertEqual(
            report,
            f'bitcoinleveldb-arena: {VARIABLE} is "gap" and has no effect; '
            "allowed: on, off, gaps\ncrime one_byte_over\nnot stopped\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
