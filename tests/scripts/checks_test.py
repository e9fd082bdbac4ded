#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""Tests the checks of scripts/: each must find a fault planted in a copy."""

import platform
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPTS = ROOT / "scripts"
HEADER = "include/bitcoinleveldb/arena.h"


class PlantedFault(unittest.TestCase):
    """A copy of the project's sources, and the checks to be run on it."""

    folders = ("include", "src", "integrations", "tests/unit", "tests/oracle")

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for name in self.folders:
            shutil.copytree(ROOT / name, self.root / name)

    def check(self, script, *arguments):
        """Runs a check and returns its exit status and what it printed."""
        done = subprocess.run(
            [sys.executable, SCRIPTS / script, *map(str, arguments)],
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout + done.stderr

    def replace(self, path, old, new):
        text = (self.root / path).read_text(encoding="utf-8")
        self.assertEqual(text.count(old), 1, f"{old!r} in {path}")
        (self.root / path).write_text(text.replace(old, new), encoding="utf-8")

    def add_line(self, path, line):
        """Puts a line at the end of a file and returns its number."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        file.write_text(f"{text}{line}\n", encoding="utf-8")
        return len(text.splitlines()) + 1


class Layers(PlantedFault):
    def expect(self, path, line, message):
        number = self.add_line(path, line)
        status, output = self.check("check_layers.py", "--root", self.root)
        self.assertEqual(status, 1, output)
        self.assertIn(f"{path}:{number}: ", output)
        self.assertIn(message, output)
        self.assertIn(" 1 violations", output)

    def test_a_sound_copy_has_no_violations(self):
        status, output = self.check("check_layers.py", "--root", self.root)
        self.assertEqual(status, 0, output)
        self.assertIn(" 0 violations", output)

    def test_an_empty_folder_is_no_success(self):
        with tempfile.TemporaryDirectory() as empty:
            status, output = self.check("check_layers.py", "--root", empty)
        self.assertEqual(status, 1, output)

    def test_an_include_upwards_is_found(self):
        self.expect(
            HEADER,
            '#include "bitcoinleveldb/arena_blocks.h"',
            "layer 2 includes include/bitcoinleveldb/arena_blocks.h of layer 3",
        )

    def test_an_include_upwards_in_angle_brackets_is_found(self):
        self.expect(
            "src/heap_source.cc",
            "#include <bitcoinleveldb/arena.h>",
            "layer 1 includes include/bitcoinleveldb/arena.h of layer 2",
        )

    def test_an_include_of_a_sibling_is_found(self):
        self.add_line("integrations/other/glue.h", "// glue")
        self.expect(
            "integrations/leveldb/dropin.cc",
            '#include "../other/glue.h"',
            "a sibling in layer 6",
        )

    def test_an_include_from_the_tests_is_found(self):
        self.expect(
            "src/arena.cc",
            '#include "unit/block_sources.h"',
            "lies outside the layers",
        )

    def test_a_foreign_library_in_the_core_is_found(self):
        for line in ("#include <fmt/core.h>", "#include <unistd.h>"):
            with self.subTest(line):
                self.setUp()
                self.expect("src/arena.cc", line, "nor of the C++ standard")

    def test_a_file_without_a_layer_is_found(self):
        self.expect("src/new_thing.cc", "", "has no layer")

    def test_the_platform_outside_the_port_is_found(self):
        for path in ("src/slabs.cc", "tests/unit/block_sources.h"):
            with self.subTest(path):
                self.setUp()
                self.expect(path, "#ifdef __linux__", "__linux__ outside")

    def test_the_port_may_know_the_platform_and_its_headers(self):
        self.add_line("src/port/pages.cc", "#include <sys/mman.h>")
        self.add_line("src/port/pages.cc", "#ifdef __linux__")
        status, output = self.check("check_layers.py", "--root", self.root)
        self.assertEqual(status, 0, output)


class Codegen(PlantedFault):
    folders = ("include",)
    placement = "include/bitcoinleveldb/detail/placement.h"
    bump_end = "  *remaining = static_cast<Word>(room - bytes);\n"

    def run_check(self):
        return self.check(
            "check_codegen.py", "--include", self.root / "include", *COMPILERS
        )

    def expect(self, message):
        status, output = self.run_check()
        self.assertEqual(status, 1, output)
        self.assertRegex(output, message)

    def plant(self, statement):
        self.replace(
            self.placement, self.bump_end, f"{self.bump_end}  {statement}\n"
        )

    def test_the_fast_path_is_as_recorded(self):
        status, output = self.run_check()
        self.assertEqual(status, 0, output)

    def test_one_instruction_more_is_found(self):
        status, output = self.run_check()
        if "recorded 1" not in output:
            self.skipTest("no count is recorded for this compiler")
        self.plant("(void)*const_cast<Place volatile*>(place);")
        counts = dict(re.findall(r"(\S+ \S+ \S+) +(\d+) instructions,", output))
        status, longer = self.run_check()
        self.assertEqual(status, 1, longer)
        for where, count in counts.items():
            if "cursor" in where:
                continue  # holds the pointer elsewhere
            self.assertIn(f"{where}: {int(count) + 1} instructions", longer)

    def test_a_second_branch_is_found(self):
        self.plant("if ((*remaining & 64) != 0) **place = 1;")
        self.expect("more than one conditional jump")

    def test_a_locked_instruction_is_found(self):
        self.plant("__atomic_fetch_add(remaining, 1, __ATOMIC_SEQ_CST);")
        self.expect("a locked instruction")

    def test_a_place_that_waits_for_the_count_is_found(self):
        if platform.machine() != "x86_64":
            self.skipTest("has no sums with memory")
        self.replace(
            self.placement,
            "  *result = align_up(*place, alignment);\n",
            "  *result = *place + (*remaining - room);\n",
        )
        self.expect("allocate_aligned_n: a word of the arena not loaded first")

    def test_a_call_is_found(self):
        self.plant("void planted(); planted();")
        self.expect("the two sides of its jump end in .*planted")

    def test_a_cursor_that_stores_its_state_is_found(self):
        self.replace(
            "include/bitcoinleveldb/arena_cursor.h",
            "if (BITCOINLEVELDB_LIKELY(bump(bytes, 1, &result))) return result;",
            "if (BITCOINLEVELDB_LIKELY(bump(bytes, 1, &result))) {"
            " give(); return result; }",
        )
        self.expect("cursor_loop_n: [23] stores in its loop")


class Headers(PlantedFault):
    folders = ()
    path = "include/bitcoinleveldb/planted.h"

    def run_check(self, *lines):
        self.add_line(self.path, "#pragma once")
        for line in lines:
            self.add_line(self.path, line)
        return self.check(
            "check_headers.py", "--include", self.root / "include", *COMPILERS
        )

    def expect(self, message, *lines):
        status, output = self.run_check(*lines)
        self.assertEqual(status, 1, output)
        self.assertIn(message, output)

    def test_a_sound_header_passes(self):
        status, output = self.run_check("#include <string>", "std::string f();")
        self.assertEqual(status, 0, output)
        self.assertIn(" 0 problems", output)

    def test_a_header_that_leans_on_others_is_found(self):
        self.expect("planted.h with ", "std::string f();")

    def test_a_throw_is_found(self):
        self.expect("-fno-exceptions", "inline void f() { throw 1; }")

    def test_cxx20_is_found(self):
        self.expect("-std=c++17", "template <class T> concept Any = true;")

    def test_a_warning_is_found(self):
        self.expect("conversion", "inline char f(int i) { return i; }")

    def test_a_missing_guard_is_found(self):
        (self.root / "include/bitcoinleveldb").mkdir(parents=True)
        bare = self.root / "include/bitcoinleveldb/bare.h"
        bare.write_text("struct Bare {};\n", encoding="utf-8")
        self.expect("redefinition of")

    def test_text_that_depends_on_ndebug_is_found(self):
        self.expect(
            "-DNDEBUG changes", "#ifndef NDEBUG", "extern int debug;", "#endif"
        )

    def test_text_that_depends_on_exceptions_is_found(self):
        self.expect(
            "-fno-exceptions changes",
            "#ifdef __cpp_exceptions",
            "extern int with_exceptions;",
            "#endif",
        )


class Documents(unittest.TestCase):
    """One page, and a test that it may name."""

    def check(self, page):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "tests").mkdir()
            (root / "tests/one_test.cc").write_text("TEST(One, Holds) {}\n")
            (root / "page.md").write_text(page)
            done = subprocess.run(
                [sys.executable, SCRIPTS / "check_documents.py", root],
                capture_output=True, text=True)
        return done.returncode, done.stdout

    def test_a_row_that_names_its_test_passes(self):
        status, output = self.check(
            "| what | tests |\n|---|---|\n| all | `One.Holds` |\n")
        self.assertEqual(status, 0, output)

    def test_a_row_without_a_test_is_found(self):
        status, output = self.check(
            "| what | tests |\n|---|---|\n| `One.Holds` | |\n")
        self.assertEqual(status, 1, output)
        self.assertIn("page.md:3: the row names no test", output)

    def test_a_test_that_does_not_exist_is_found(self):
        status, output = self.check(
            "| what | tests |\n|---|---|\n| all | `One.Broke` |\n")
        self.assertEqual(status, 1, output)
        self.assertIn("page.md:3: no such test: One.Broke", output)


if __name__ == "__main__":
    # The compilers come as "--compiler NAME" in front of unittest's options.
    COMPILERS = []
    while sys.argv[1:2] == ["--compiler"]:
        COMPILERS += sys.argv[1:3]
        del sys.argv[1:3]
    unittest.main(verbosity=2)
