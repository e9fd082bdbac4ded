#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""Tests what scripts/machine knows of machines, without building for one."""

import json
import re
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def run(*command):
    return subprocess.run([str(c) for c in command], cwd=ROOT,
                          capture_output=True, text=True, check=False)


def machine(*arguments):
    return run(sys.executable, "scripts/machine", *arguments)


def names():
    return [line.split()[0] for line in machine("--list").stdout.splitlines()]


class Machine(unittest.TestCase):
    def test_a_name_that_is_none_is_refused_with_those_that_are(self):
        for arguments in (["vax"], []):
            done = machine(*arguments)
            self.assertEqual(done.returncode, 2)
            self.assertIn("; there are: " + " ".join(names()), done.stderr)

    def test_each_has_a_preset_and_a_tier_of_what_it_needs(self):
        presets = json.loads((ROOT / "CMakePresets.json").read_text())
        for kind in ("configurePresets", "buildPresets", "testPresets"):
            found = {preset["name"] for preset in presets[kind]}
            self.assertLessEqual(set(names()), found, kind)
        for name in names():
            done = run("scripts/setup", "--list", name)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_what_is_left_out_is_so_on_a_machine_and_has_a_reason(self):
        text = (ROOT / "scripts" / "left_out.txt").read_text()
        for entry in re.split(r"\n\n+", text.strip())[1:]:
            lines = entry.splitlines()
            rules = [line for line in lines if not line.startswith("    ")]
            self.assertLess(len(rules), len(lines), entry)
            for rule in rules:
                machines, pattern = rule.split(": ", 1)
                self.assertLessEqual(set(machines.split()),
                                     {"qemu", *names()}, rule)
                re.compile(pattern)


if __name__ == "__main__":
    unittest.main()
