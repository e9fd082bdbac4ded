#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""Profiles an unmodified LevelDB on the drop-in, by environment variables.

Called with the command of a program that uses a database at its argument.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

COMMAND = []
WITH_PPROF = shutil.which("go") is not None


class DropinProfile(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.profile = os.path.join(self.folder, "arena.pb")

    def tearDown(self):
        shutil.rmtree(self.folder)

    def run_program(self, **variables):
        environment = dict(os.environ)
        for name, value in variables.items():
            environment[f"BITCOINLEVELDB_ARENA_{name}"] = value
        done = subprocess.run(
            [*COMMAND, os.path.join(self.folder, "db")], env=environment,
            capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("drop-in", done.stdout)
        return done.stderr

    def top(self, *arguments):
        environment = dict(
            os.environ, HOME=self.folder, PPROF_TMPDIR=self.folder)
        return subprocess.run(
            ["go", "tool", "pprof", "-top", *arguments, COMMAND[-1], self.profile],
            env=environment, capture_output=True, text=True, check=True).stdout

    @unittest.skipUnless(WITH_PPROF, "there is no `go tool pprof`")
    def test_pprof_says_who_filled_the_memtable(self):
        self.assertEqual(
            self.run_program(PROFILE=self.profile, PROFILE_BYTES="200"), "")
        text = self.top("-unit=b")
        # 2,000 records with values of 8 to 2,010 bytes.
        total = int(re.search(r"(\d+)B total", text).group(1))
        self.assertAlmostEqual(total / 2.2e6, 1, delta=0.1, msg=text)
        add = re.search(r"([\d.]+)% +[\d.]+% +\S+ +([\d.]+)% +(leveldb::"
                        r"MemTable::Add)", text)
        self.assertIsNotNone(add, text)
        self.assertGreater(float(add.group(1)), 85, text)
        self.assertAlmostEqual(float(add.group(2)), 100, delta=0.1, msg=text)
        self.assertNotIn("leveldb::Arena", text)
        self.assertIn("leveldb::DBImpl::Write", text)
        # The database was closed before the program ended.
        text = self.top("-unit=b", "-sample_index=inuse_space")
        self.assertIn("0 total", text)

    def test_nothing_is_written_unless_it_is_asked_for(self):
        self.assertEqual(self.run_program(PROFILE_BYTES="200"), "")
        self.assertEqual(os.listdir(self.folder), ["db"])

    def test_path_that_does_not_work_is_said_and_the_program_goes_on(self):
        self.assertEqual(
            self.run_program(PROFILE="/nonexistent/arena.pb"),
            'bitcoinleveldb-arena: BITCOINLEVELDB_ARENA_PROFILE: '
            '"/nonexistent/arena.pb" cannot be written: No such file or '
            "directory\n")

    def test_bytes_that_are_no_number_are_said_and_the_default_holds(self):
        said = self.run_program(PROFILE=self.profile, PROFILE_BYTES="12k")
        self.assertRegex(
            said,
            r'^bitcoinleveldb-arena: BITCOINLEVELDB_ARENA_PROFILE_BYTES is '
            r'"12k"; allowed: whole numbers below \d+; 524288 is used\n$')
        self.assertGreater(os.path.getsize(self.profile), 0)


if __name__ == "__main__":
    COMMAND = sys.argv[1:]
    del sys.argv[1:]
    unittest.main()
