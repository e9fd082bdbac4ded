#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""The mutants that scripts/mutate makes of a piece of source."""

import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
from mutants import mutants_of  # noqa: E402


def lines_after(source):
    """Returns the line that each mutant changed, as it is afterwards."""
    changed = set()
    before = source.splitlines()
    for mutant in mutants_of("a.cc", source):
        after = mutant["text"].splitlines()
        changed.update(line.strip() for i, line in enumerate(after)
                       if i >= len(before) or line != before[i])
    return changed


class Mutants(unittest.TestCase):
    def test_comparisons_move_by_one_or_turn(self):
        self.assertEqual(lines_after("bool x = a < b;"), {"bool x = a <= b;"})
        self.assertEqual(lines_after("bool x = a >= b;"), {"bool x = a > b;"})
        self.assertEqual(lines_after("bool x = a == b;"), {"bool x = a != b;"})

    def test_constants_go_up_and_down_but_not_below_zero(self):
        self.assertEqual(lines_after("int x = 16U;"),
                         {"int x = 17U;", "int x = 15U;"})
        self.assertEqual(lines_after("int x = 0;"), {"int x = 1;"})

    def test_arithmetic_signs_and_booleans_change(self):
        self.assertEqual(lines_after("x = a + b;"), {"x = a - b;"})
        self.assertEqual(lines_after("x = a && !b;"),
                         {"x = a || !b;", "x = a && b;"})
        self.assertEqual(lines_after("++x;"), {"--x;"})
        self.assertEqual(lines_after("x = true;"), {"x = false;"})

    def test_statements_are_deleted_whole_with_what_they_hold(self):
        source = "void f() {\n  g();\n  if (a) {\n    h();\n  } else k();\n}\n"
        texts = {m["text"] for m in mutants_of("a.cc", source)}
        self.assertIn(source.replace("g();", ";"), texts)
        self.assertIn(source.replace("h();", ";"), texts)
        self.assertIn("void f() {\n  g();\n  ;\n}\n", texts)
        self.assertIn(source.replace("(a)", "(!(a))"), texts)
        self.assertEqual(len(texts), 4)

    def test_what_no_program_runs_stays(self):
        for source in ("// a < 1\n", "#if A < 1\n", 's = "a < 1";\n',
                       "static_assert(a == 8);\n", "vector<char> x;\n",
                       "f(const T& a, T&& b, T* c);\n",
                       "BITCOINLEVELDB_PROBE(slab, 4, a + b);\n"):
            self.assertEqual(lines_after(source), set(), source)

    def test_names_tell_equal_changes_of_equal_lines_apart(self):
        names = [m["name"] for m in mutants_of("a.cc", "a < b;\n\na < b;\n")]
        self.assertEqual(names, ["a.cc: a < b; [2: < => <=]",
                                 "a.cc: a < b; [2: < => <=] #2"])


if __name__ == "__main__":
    unittest.main()
