#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""Tests what compilers make of the cold path: taking a block locks nothing."""

import platform
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import compilers  # noqa: E402

LOCKED = re.compile(r"\t(lock|mfence)\b|\txchg\w* .*\(")
STARTS = re.compile(r"^[0-9a-f]+ <(.*)>:$")


def functions_that_lock(text):
    """Returns the names of the functions of a disassembly that lock."""
    name, found = "", set()
    for line in text.splitlines():
        start = STARTS.match(line)
        if start:
            name = start.group(1)
        elif LOCKED.search(line):
            found.add(name)
    return found


def disassemble(compiler, source, *flags):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "one.o"
        subprocess.run(
            [compiler.path, "-std=c++17", "-O2", *flags, "-c", "-o", file,
             "-I", ROOT / "include", "-I", ROOT / "src", "-x", "c++", source],
            check=True)
        return subprocess.run(
            ["objdump", "-d", "-C", file], check=True, capture_output=True,
            text=True).stdout


@unittest.skipUnless(platform.machine() == "x86_64", "knows x86-64 only")
class ColdPath(unittest.TestCase):
    def test_taking_a_block_locks_nothing(self):
        for compiler in compilers.installed():
            text = disassemble(compiler, ROOT / "src/arena.cc")
            self.assertIn("Arena::allocate_cold", text)
            self.assertEqual(functions_that_lock(text), set(), compiler.name)

    def test_an_atomic_addition_would_be_found(self):
        old = ("memory_usage_.store(usage, std::memory_order_relaxed);\n"
               "  BITCOINLEVELDB_PROBE(block")
        new = ("memory_usage_.fetch_add(usage, std::memory_order_relaxed);\n"
               "  BITCOINLEVELDB_PROBE(block")
        text = (ROOT / "src/arena.cc").read_text(encoding="utf-8")
        self.assertEqual(text.count(old), 1)
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "arena.cc"
            source.write_text(text.replace(old, new), encoding="utf-8")
            for compiler in compilers.installed():
                found = functions_that_lock(disassemble(compiler, source))
                self.assertTrue(any("Arena::" in name for name in found),
                                compiler.name)


if __name__ == "__main__":
    unittest.main()
