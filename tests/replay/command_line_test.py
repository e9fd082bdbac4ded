# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""Runs arenatest replay, inspect and tune as a user would."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ARENATEST, MAKE_TRACE = sys.argv[1:3]
del sys.argv[1:3]


def run(*arguments):
    return subprocess.run([ARENATEST, *map(str, arguments)],
                          capture_output=True, text=True, timeout=300)


class Traces(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        for kind in ("memtables", "scopes", "wasteful"):
            path = cls.folder / kind
            subprocess.run([MAKE_TRACE, kind, path], check=True)
            setattr(cls, kind, path)
        cls.cut = cls.folder / "cut"
        whole = cls.memtables.read_bytes()
        cls.cut.write_bytes(whole[:len(whole) * 2 // 3])

    def run_json(self, *arguments, status=0):
        path = self.folder / "result.json"
        result = run(*arguments, "--json", path)
        self.assertEqual(result.returncode, status,
                         result.stdout + result.stderr)
        return result.stdout, json.loads(path.read_text())

    def assert_refused(self, arguments, *parts):
        """Exit status 2, nothing on stdout, one line on stderr."""
        result = run(*arguments)
        self.assertEqual(result.returncode, 2, result.stdout + result.stderr)
        self.assertEqual(result.stdout, "")
        lines = result.stderr.splitlines()
        self.assertEqual(len(lines), 1, result.stderr)
        for part in parts:
            self.assertIn(part, lines[0])

    def test_replay_measures_every_peer_of_this_build(self):
        text, result = self.run_json("replay", self.memtables,
                                     "--repetitions", 2)
        self.assertEqual(result["trace"]["allocations"], 100000)
        rows = {row["arena"]: row for row in result["arenas"]}
        self.assertGreaterEqual(len(rows), 8)
        self.assertEqual(rows["arena"]["usage_peak"],
                         rows["leveldb"]["usage_peak"])
        for name, row in rows.items():
            self.assertIn(name, text)
            if "left_out" not in row:
                self.assertGreater(row["seconds"]["low"], 0, name)
                self.assertGreater(row["peak_bytes"]["low"], 600000, name)
        self.assertEqual(rows["leveldb"]["of_leveldbs_time"]["median"], 1)

    def test_replay_of_one_peer_has_leveldbs_for_the_ratio(self):
        _, result = self.run_json("replay", self.memtables, "--peer", "pmr",
                                  "--repetitions", 1)
        self.assertEqual([row["arena"] for row in result["arenas"]],
                         ["leveldb", "pmr"])

    def test_replay_compares_with_leveldb(self):
        text, result = self.run_json("replay", self.memtables, "--parity")
        self.assertEqual(result["allocations"], 100000)
        self.assertEqual(result["arenas"], 10)
        self.assertEqual(result["mismatches"], 0)
        self.assertIn("0 mismatches", text)

    def test_replay_leaves_peers_without_scopes_out_and_says_so(self):
        text, result = self.run_json("replay", self.scopes,
                                     "--repetitions", 1)
        rows = {row["arena"]: row for row in result["arenas"]}
        self.assertIn("seconds", rows["arena"])
        self.assertIn("scopes (1)", rows["leveldb"]["left_out"])
        self.assertIn("leveldb: left out", text)
        self.assert_refused(("replay", self.scopes, "--peer", "pmr"),
                            "scopes", "pmr")

    def test_parity_that_could_compare_nothing_does_not_hold(self):
        text, result = self.run_json("replay", self.scopes, "--parity",
                                     status=1)
        self.assertFalse(result["passed"])
        self.assertIn("not compared: 1 arenas with scopes", text)

    def test_inspect_shows_what_is_in_a_trace(self):
        text, result = self.run_json("inspect", self.memtables)
        self.assertEqual(result["counts"]["arenas"], 10)
        self.assertEqual(result["alignments"], {"1": 50000, "8": 50000})
        self.assertEqual(sum(row["allocations"] for row in result["sizes"]),
                         100000)
        blocks = result["blocks"]
        self.assertEqual(
            blocks["asked_bytes"] + blocks["slop_bytes"] +
            blocks["tail_bytes"] + blocks["unused_bytes"] +
            blocks["dedicated_waste_bytes"],
            blocks["standard_bytes"] + blocks["dedicated_bytes"])
        self.assertIn("tails of blocks left behind", text)

    def test_inspect_shows_what_is_whole_of_a_damaged_trace(self):
        text, result = self.run_json("inspect", self.cut, status=1)
        self.assertGreater(result["counts"]["allocations"], 10000)
        self.assertLess(result["counts"]["allocations"], 100000)
        self.assertLessEqual(result["damage"]["offset"],
                             self.cut.stat().st_size)
        self.assertIn("truncated", result["damage"]["message"])
        self.assertIn("not complete: ", text)

    def test_tune_shows_what_each_setting_costs(self):
        text, result = self.run_json(
            "tune", self.wasteful, "--repetitions", 2, "--block-bytes", 65536,
            "--source", "default", "heap")
        rows = result["settings"]
        self.assertEqual([(row["block_bytes"], row["source"], row["again"])
                          for row in rows],
                         [(4096, "default", False), (65536, "default", False),
                          (4096, "heap", False), (65536, "heap", False),
                          (4096, "default", True)])
        self.assertGreater(rows[0]["waste_bytes"],
                           5 * rows[1]["waste_bytes"])
        self.assertEqual(rows[1]["waste_bytes"], rows[3]["waste_bytes"])
        for row in rows:
            self.assertGreater(row["reserved_peak_bytes"], 18000000)
            self.assertGreater(row["peak_bytes"]["low"], 15000000)
        # Whatever it recommends, it says how to have it.
        for choice in (result["fastest"], result["leanest"]):
            if choice:
                self.assertIn("set_default_arena_options(options)", text)
        if not result["fastest"] and not result["leanest"]:
            self.assertIn("no setting beats the defaults", text)

    def test_tune_refuses_blocks_that_no_arena_can_have(self):
        for size in ("100", "63", "2147483648", "-16", "x"):
            self.assert_refused(("tune", self.wasteful, "--block-bytes=" +
                                 size), "multiples of 16 from 64 to 2^30")

    def test_damaged_traces_are_replayed_on_request_only(self):
        self.assert_refused(("replay", self.cut), "truncated", "--partial")
        text, result = self.run_json("replay", self.cut, "--partial",
                                     "--parity")
        self.assertFalse(result["complete"])
        self.assertGreater(result["allocations"], 10000)
        self.assertIn("not complete: ", text)

    def test_what_is_no_trace_is_refused_with_the_reason(self):
        other = self.folder / "other"
        other.write_text("This is a letter to a friend, and not a trace.\n")
        empty = self.folder / "empty"
        empty.write_bytes(b"")
        for command in COMMANDS:
            self.assert_refused((command, self.folder / "nonesuch"),
                                "nonesuch", "No such file")
            self.assert_refused((command, self.folder), "is a directory")
            self.assert_refused((command, other), "other", "no trace")
            self.assert_refused((command, empty), "empty", "cut off")
            self.assert_refused((command,), "trace is required")


COMMANDS = ("replay", "inspect", "tune")

if __name__ == "__main__":
    unittest.main()
