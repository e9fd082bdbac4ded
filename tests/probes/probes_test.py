# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""The static probes: what stands in the binary, and what a debugger sees."""

import platform
import re
import subprocess
import sys
import unittest

import elf_probes
import probe_trap

PROGRAM, PROBED, OFF, EXPECTED = sys.argv[1:5]
del sys.argv[1:5]

PROVIDER = "bitcoinleveldb_arena"
# The number of arguments of each probe, as docs/probes.md has it.
ARGUMENTS = {"slab": 4, "block": 6, "fallback": 5, "reset": 4,
             "out_of_memory": 5}
NOP = 0x90

with_probes = unittest.skipIf(EXPECTED == "none",
                              "sys/sdt.h is not installed")
on_x86_64 = unittest.skipIf(platform.machine() != "x86_64", "knows x86-64 only")


class Probes(unittest.TestCase):

    def setUp(self):
        self.elf = elf_probes.Elf(PROBED)
        self.found = list(elf_probes.probes(self.elf))

    @with_probes
    def test_every_probe_is_there_with_its_arguments(self):
        self.assertEqual({probe.name for probe in self.found}, set(ARGUMENTS))
        for probe in self.found:
            self.assertEqual(probe.provider, PROVIDER)
            # Each is a size in bytes, negative if signed, and a place.
            sizes = re.findall(r"(-?[1248])@\S+", probe.arguments)
            self.assertEqual(sizes, ["8"] * ARGUMENTS[probe.name], probe)

    @with_probes
    @on_x86_64
    def test_every_probe_is_one_instruction_that_does_nothing(self):
        for probe in self.found:
            self.assertEqual(self.elf.byte_at(probe.address), NOP, probe)

    @with_probes
    @on_x86_64
    @unittest.skipIf(PROGRAM != PROBED, "the probes are in a shared library")
    def test_a_debugger_sees_every_probe_with_the_values_it_should_have(self):
        try:
            said, hits = probe_trap.run(PROGRAM, self.found)
        except (PermissionError, subprocess.SubprocessError) as error:
            self.skipTest(f"no other process may be traced here: {error}")
        words = said.split()
        arena, record, small, large, empty = (int(word, 16)
                                              for word in words[:5])
        reserved = int(words[5])
        first = hits[0][1][2]
        self.assertEqual(hits, [
            ("slab", [record, record, first, first]),
            ("block", [arena, record, small, 4096, 100, 4104]),
            ("slab", [record, hits[2][1][1], reserved - first, reserved]),
            ("block", [arena, record, large, 5000, 5000, 9112]),
            ("fallback", [arena, record, large, 5000, 9112]),
            ("out_of_memory", [arena, record, 2**64 - 1, 1, 9112]),
            ("reset", [arena, record, 9112, 77]),
            ("out_of_memory", [empty, 0, 3, 1, 0]),
        ])

    @unittest.skipIf(EXPECTED == "all", "sys/sdt.h is installed")
    def test_there_is_none_without_the_header(self):
        self.assertEqual(self.found, [])

    def test_they_can_be_switched_off(self):
        self.assertEqual(list(elf_probes.probes(elf_probes.Elf(OFF))), [])


if __name__ == "__main__":
    unittest.main()
