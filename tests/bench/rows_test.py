#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""Runs every row of the benchmark once, small, and looks at what it says."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ARENATEST = sys.argv.pop(1)
ARENA_BENCH = sys.argv.pop(1)

ROWS = ("warm", "cursor", "tiny", "scratch", "churn", "fresh", "again",
        "rotate", "big", "teardown", "tail", "faults", "footprint",
        "retention", "growth", "db")
ALWAYS_THERE = ("ours", "leveldb", "pmr", "malloc")
MAY_BE_LEFT_OUT = ("rocksdb", "boost", "protobuf", "llvm")


def run(*arguments):
    return subprocess.run(arguments, capture_output=True, text=True,
                          timeout=300)


class Rows(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "bench.json"
            cls.result = run(ARENATEST, "bench", "--smoke", "--full",
                             "--repetitions", "2", "--json", str(path))
            if cls.result.returncode != 0:
                raise AssertionError(cls.result.stderr)
            cls.json = json.loads(path.read_text())

    def peers_of(self, row):
        return {name.split("/")[2] for name in self.json["runs"]
                if name.split("/")[0] == row}

    def test_every_row_is_in_the_json_and_in_the_table(self):
        self.assertEqual({row["row"] for row in self.json["rows"]}, set(ROWS))
        table = self.result.stdout.splitlines()
        for row in self.json["rows"]:
            start = f"  {row['row']} {row['size']}"
            self.assertTrue(any(line.startswith(start) for line in table),
                            start)

    def test_every_peer_takes_part_or_is_named_as_left_out(self):
        left_out = self.json["context"]["left_out"]
        for row in ROWS[:-2]:
            for peer in ALWAYS_THERE:
                self.assertIn(peer, self.peers_of(row), row)
            for peer in MAY_BE_LEFT_OUT:
                self.assertNotEqual(peer in self.peers_of(row),
                                    peer in left_out, (row, peer))

    def test_ours_has_its_variants_where_the_rows_name_them(self):
        self.assertIn("ours-cursor", self.peers_of("cursor"))
        for row in ("rotate", "tail", "faults", "retention"):
            self.assertIn("ours-depot", self.peers_of(row))
        for row in ("warm", "cursor", "fresh", "rotate"):
            self.assertIn("raw", self.peers_of(row))

    def test_stock_database_is_there_twice_to_show_the_noise(self):
        self.assertEqual(self.peers_of("db"),
                         {"ours", "leveldb", "leveldb-again"})

    def test_every_figure_is_there_once_a_repetition(self):
        for name, figures in self.json["runs"].items():
            self.assertTrue(figures, name)
            for figure, values in figures.items():
                self.assertEqual(len(values), 2, (name, figure))
                self.assertNotIn(None, values, (name, figure))

    def test_times_are_positive(self):
        for name, figures in self.json["runs"].items():
            for figure in ("ns", "max_ns", "ns_8GiB", "readrandom_ns"):
                if figure in figures:
                    self.assertGreater(min(figures[figure]), 0, name)

    def test_depot_has_no_page_fault_and_keeps_its_bound(self):
        runs = self.json["runs"]
        self.assertEqual(runs["faults/64MiB/ours-depot"]["faults"], [0, 0])
        self.assertGreater(
            min(runs["faults/64MiB/leveldb"]["faults"]), 0)
        kept = runs["retention/64MiB/ours-depot"]
        self.assertEqual(kept["over_bound_bytes"], [0, 0])
        self.assertEqual(kept["held_after_trim_bytes"], [0, 0])
        self.assertGreater(min(kept["held_bytes"]), 0)

    def test_machine_and_build_are_said(self):
        for word in ("CPU:", "compiler:", "transparent huge pages:",
                     "peers left out:"):
            self.assertIn(word, self.result.stdout)

    def test_one_row_can_be_asked_for(self):
        result = run(ARENATEST, "bench", "--smoke", "--repetitions", "1",
                     "--row", "tiny")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("  tiny 10", result.stdout)
        self.assertNotIn("  warm 2000", result.stdout)

    def test_a_measurement_that_does_not_exist_fails(self):
        result = run(ARENA_BENCH, "--measure=warm/2000/nonesuch")
        self.assertEqual(result.returncode, 2)
        self.assertIn("no row warm/2000/nonesuch", result.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
