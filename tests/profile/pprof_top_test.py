#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""Reads a profile with the real pprof: names, shares and views.

Called with the command of the program to profile. Exits with 77, which ctest takes
for skipped, if there is no `go tool pprof`.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

COMMAND = []
TOTAL_BYTES = 2 * 200 * 100_000
SHARES = {
    "engine::insert_keys": 60,
    "engine::fill_index": 30,
    "engine::copy_values": 10,
}
ROW = re.compile(
    r"\s*(\S+)\s+([\d.]+)%\s+[\d.]+%\s+(\S+)\s+([\d.]+)%\s+(\S.*)$")


def pprof(*arguments, folder):
    """Returns what `go tool pprof` prints, with everything it writes kept in
    a folder of the test's own."""
    environment = dict(os.environ, HOME=folder, PPROF_TMPDIR=folder)
    done = subprocess.run(
        ["go", "tool", "pprof", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise AssertionError(f"pprof failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def simplified(name):
    """Returns a name without its arguments and what pprof adds to it."""
    return re.sub(r"\(.*|\s.*", "", name.replace("(inline)", "")).strip()


def rows(text):
    """Returns name: (flat, flat %, cumulative, cumulative %) of a top."""
    found = {}
    for line in text.splitlines():
        match = ROW.match(line)
        if match:
            flat, flat_share, cum, cum_share, name = match.groups()
            found[simplified(name)] = (
                flat, float(flat_share), cum, float(cum_share))
    return found


class PprofTop(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.profile = os.path.join(cls.folder, "arena.pb")
        subprocess.run([*COMMAND, cls.profile], check=True)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def top(self, sample_type, *arguments):
        text = pprof(
            "-top", "-nodecount=100", "-unit=b", f"-sample_index={sample_type}",
            *arguments, COMMAND[-1], self.profile, folder=self.folder)
        return rows(text), text

    def check_shares(self, sample_type, total):
        found, text = self.top(sample_type)
        for name, share in SHARES.items():
            self.assertIn(name, found, text)
            self.assertAlmostEqual(found[name][1], share, delta=2, msg=text)
            # The caller is the leaf: nothing of the arena is left below it.
            self.assertEqual(found[name][1], found[name][3], text)
            self.assertAlmostEqual(
                float(found[name][0].rstrip("B")), total * share / 100,
                delta=total * 0.02, msg=text)
        self.assertNotIn("bitcoinleveldb::", text)
        self.assertAlmostEqual(
            found["engine::fill_memtable"][3], 100, delta=0.1, msg=text)

    def test_alloc_space_says_who_filled_the_arenas(self):
        self.check_shares("alloc_space", TOTAL_BYTES)

    def test_inuse_space_is_of_the_arenas_that_are_there(self):
        self.check_shares("inuse_space", TOTAL_BYTES / 2)

    def test_default_is_alloc_space(self):
        text = pprof("-top", COMMAND[-1], self.profile, folder=self.folder)
        self.assertIn("Type: alloc_space", text)

    def test_objects_are_counted(self):
        text = pprof("-top", "-sample_index=alloc_objects", COMMAND[-1],
                     self.profile, folder=self.folder)
        flat = float(rows(text)["engine::insert_keys"][0])
        self.assertAlmostEqual(flat / (2 * 200 * 600), 1, delta=0.05, msg=text)

    def test_comments_are_there(self):
        text = pprof("-comments", COMMAND[-1], self.profile, folder=self.folder)
        self.assertRegex(text, r"samples: \d{4,}")
        self.assertIn("samples without their stack: 0", text)


if __name__ == "__main__":
    if shutil.which("go") is None or subprocess.run(
        ["go", "tool", "pprof", "-h"], capture_output=True, check=False,
        env=dict(os.environ, HOME=tempfile.gettempdir()),
    ).returncode not in (0, 2):
        print("skipped: there is no `go tool pprof`; scripts/setup all has it")
        sys.exit(77)
    COMMAND = sys.argv[1:]
    del sys.argv[1:]
    unittest.main()
