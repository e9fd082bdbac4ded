# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""Runs arenatest as a user would and checks what it says and returns."""

import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

ARENATEST = sys.argv.pop(1)
ARENA_BENCH = pathlib.Path(ARENATEST).with_name("arena_bench")


def run(*arguments, env=None):
    return subprocess.run([ARENATEST, *arguments], capture_output=True,
                          text=True, timeout=300, env=env)


class CommandLine(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_json(self, *arguments):
        path = self.folder / "result.json"
        result = run(*arguments, "--json", str(path))
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(path.read_text())

    def assert_one_line(self, result, *parts):
        """Exit status 2, nothing on stdout, one line on stderr."""
        self.assertEqual(result.returncode, 2, result.stdout + result.stderr)
        self.assertEqual(result.stdout, "")
        lines = result.stderr.splitlines()
        self.assertEqual(len(lines), 1, result.stderr)
        self.assertTrue(lines[0].startswith("arenatest: "), lines[0])
        for part in parts:
            self.assertIn(part, lines[0])

    def test_help_is_there_for_every_command(self):
        top = run("--help")
        self.assertEqual(top.returncode, 0)
        for command in ("stress", "parity", "leveldb", "record", "replay",
                        "inspect", "tune", "bench", "run", "report"):
            self.assertIn(command, top.stdout)
            result = run(command, "--help")
            self.assertEqual(result.returncode, 0)
            self.assertIn("--json", result.stdout)

    def test_version_is_said(self):
        self.assertRegex(run("--version").stdout, r"^\d+\.\d+\.\d+\n$")

    def test_stress_reports_its_figures(self):
        result = self.run_json("stress", "--allocations", "20000")
        self.assertTrue(result["passed"])
        self.assertEqual(result["allocations"], 20000)
        self.assertEqual(result["faults_total"], 0)
        self.assertGreater(result["usage"], result["bytes"])

    def test_stress_has_leveldbs_usage(self):
        ours = self.run_json("stress", "--seed", "7")
        theirs = self.run_json("stress", "--seed", "7", "--on", "leveldb")
        self.assertEqual(ours["usage"], theirs["usage"])

    def test_stress_runs_on_every_peer_of_this_build(self):
        listing = run("stress", "--help").stdout
        listing = listing[listing.index("Arenas:"):].splitlines()[1:]
        names = [line.split()[0] for line in listing
                 if line.startswith("  ") and "left out" not in line]
        self.assertGreaterEqual(len(names), 4)
        for name in names:
            result = self.run_json("stress", "--on", name,
                                   "--allocations", "5000")
            self.assertTrue(result["passed"], name)

    def test_specification_preset_sets_what_is_not_given(self):
        result = self.run_json("stress", "--sizes", "specification")
        self.assertEqual(result["allocations"], 10000)
        self.assertGreater(result["aligned"], 2000)
        result = self.run_json("stress", "--sizes", "specification",
                               "--allocations", "500")
        self.assertEqual(result["allocations"], 500)

    def test_parity_compares_as_many_operations_as_asked_for(self):
        result = self.run_json("parity", "--operations", "100003", "--seeds",
                               "3", "--workload", "memtable", "--workload",
                               "edges")
        self.assertEqual(result["operations"], 100003)
        self.assertEqual(result["mismatches"], 0)
        self.assertEqual(len(result["runs"]), 6)

    def test_log_says_what_arenas_do(self):
        result = run("stress", "--allocations", "1000", "--log", "info")
        self.assertEqual(result.returncode, 0)
        lines = result.stderr.splitlines()
        self.assertRegex(lines[0], "^bitcoinleveldb-arena: info: ArenaTest: "
                                   "seed 301, 1000 allocations")
        self.assertRegex(lines[-1], ": gone, with [0-9]+ blocks")
        self.assertNotIn(": debug: ", result.stderr)

    def test_log_level_of_the_environment_is_below_that_of_the_option(self):
        environment = dict(os.environ, BITCOINLEVELDB_ARENA_LOG="trace")
        result = run("stress", "--allocations", "100", env=environment)
        self.assertIn(": trace: LcgRandom: ", result.stderr)
        result = run("stress", "--allocations", "100", "--log", "off",
                     env=environment)
        self.assertEqual(result.stderr, "")

    def test_log_has_the_lines_of_a_live_leveldb(self):
        result = run("leveldb", "--records", "2000", "--log", "info")
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stderr,
                         r"info: arena 1: gone, with [0-9]+ blocks, usage ")

    def test_parity_holds_while_every_allocation_is_traced(self):
        path = self.folder / "parity.json"
        result = run("parity", "--operations", "20000", "--log", "trace",
                     "--json", str(path))
        self.assertEqual(result.returncode, 0)
        self.assertEqual(json.loads(path.read_text())["mismatches"], 0)
        traced = result.stderr.count(": trace: arena ")
        self.assertGreaterEqual(traced, 20000)

    def test_log_level_that_there_is_not_is_one_line(self):
        allowed = "allowed: trace, debug, info, warn, error, off"
        self.assert_one_line(run("stress", "--log", "loud"), "--log",
                             '"loud"', allowed)
        environment = dict(os.environ, BITCOINLEVELDB_ARENA_LOG="loud")
        self.assert_one_line(run("stress", env=environment),
                             "BITCOINLEVELDB_ARENA_LOG", '"loud"', allowed)

    def test_unknown_option_is_one_line(self):
        self.assert_one_line(run("stress", "--frobnicate"), "--frobnicate")
        # Not that the output is missing, which it stands for.
        self.assert_one_line(run("report", "--outptu"), "--outptu")

    def test_no_or_unknown_command_is_one_line_that_lists_those_there_are(self):
        self.assert_one_line(run(), "missing", "stress", "report")
        self.assert_one_line(run("frobnicate"), '"frobnicate"', "stress",
                             "report")

    def test_bad_number_is_one_line(self):
        self.assert_one_line(run("stress", "--allocations", "0"),
                             "--allocations")
        self.assert_one_line(run("stress", "--allocations", "many"),
                             "--allocations")
        self.assert_one_line(run("parity", "--operations", "-3"),
                             "--operations")
        self.assert_one_line(run("parity", "--seed", "-1"), "below 0")
        self.assert_one_line(run("stress", "--aligned-one-in", "-5"),
                             "below 0")
        self.assert_one_line(run("stress", "--json", ""), "empty")

    def test_unknown_names_are_one_line_that_lists_those_allowed(self):
        self.assert_one_line(run("stress", "--on", "jemalloc"), "jemalloc",
                             "leveldb")
        self.assert_one_line(run("parity", "--workload", "nonesuch"),
                             "nonesuch", "memtable")

    def test_unwritable_json_is_said_before_the_work(self):
        self.assert_one_line(
            run("stress", "--json", str(self.folder / "no" / "such" / "file")),
            "cannot write")

    def test_json_to_a_folder_is_said_before_the_work(self):
        self.assert_one_line(run("stress", "--json", str(self.folder)),
                             "cannot write")

    def test_json_through_a_link_leaves_the_link(self):
        real = self.folder / "real.json"
        real.write_text("earlier")
        link = self.folder / "link.json"
        link.symlink_to(real)
        self.assertEqual(run("stress", "--allocations", "100", "--json",
                             str(link)).returncode, 0)
        self.assertTrue(link.is_symlink())
        self.assertTrue(json.loads(real.read_text())["passed"])

    def test_json_to_a_pipe_is_written_to_it(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        process = subprocess.Popen([ARENATEST, "stress", "--allocations",
                                    "100", "--json", str(pipe)],
                                   stdout=subprocess.DEVNULL)
        text = pipe.read_text()
        self.assertEqual(process.wait(timeout=60), 0)
        self.assertTrue(json.loads(text)["passed"])
        self.assertTrue(pipe.is_fifo())

    def test_failed_run_leaves_an_earlier_result(self):
        path = self.folder / "result.json"
        path.write_text("earlier")
        self.assert_one_line(run("stress", "--on", "nonesuch", "--json",
                                 str(path)))
        self.assertEqual(path.read_text(), "earlier")
        self.assertEqual(os.listdir(self.folder), ["result.json"])

    def test_unwritable_report_is_no_success(self):
        with open("/dev/full", "w") as full:
            result = subprocess.run([ARENATEST, "stress", "--allocations",
                                     "100"], stdout=full,
                                    stderr=subprocess.PIPE, text=True,
                                    timeout=60)
        self.assertEqual(result.returncode, 2)
        self.assertIn("could not write", result.stderr)

    def test_block_bytes_in_the_environment_are_remarked_on(self):
        result = subprocess.run(
            [ARENATEST, "parity", "--operations", "1000", "--workload",
             "memtable"], capture_output=True, text=True, timeout=60,
            env={**os.environ, "BITCOINLEVELDB_ARENA_BLOCK_BYTES": "8192"})
        self.assertEqual(result.returncode, 1)
        self.assertIn("BITCOINLEVELDB_ARENA_BLOCK_BYTES", result.stderr)

    def test_missing_input_file_is_one_line(self):
        self.assert_one_line(run("leveldb", "--input",
                                 str(self.folder / "absent")), "absent")

    def test_malformed_input_line_is_named_by_its_number(self):
        path = self.folder / "records.tsv"
        path.write_text("a\t1\nb\t2\nno tab here\n")
        self.assert_one_line(run("leveldb", "--input", str(path)),
                             "records.tsv:3")

    def test_record_writes_a_complete_trace_of_our_workload(self):
        trace = self.folder / "live.trace"
        result = self.run_json("record", "-o", str(trace),
                               "--records", "5000", "--compare", "2")
        self.assertTrue(result["passed"])
        self.assertGreater(result["allocations"], 2 * 5000)
        self.assertEqual(result["file_bytes"], trace.stat().st_size)
        self.assertLess(result["bytes_an_allocation"], 2)
        self.assertEqual(result["arenas"], result["arenas_ended"])
        self.assertEqual(len(result["plain_seconds"]["elapsed"]), 2)
        self.assertGreater(result["slow_down"], 0)

    def test_record_runs_any_program_with_the_drop_in(self):
        program = pathlib.Path(ARENATEST).with_name("arenatest-live-arena")
        trace = self.folder / "any.trace"
        path = self.folder / "record.json"
        done = run("record", "-o", str(trace), "--json", str(path), "--",
                   str(program), "--records", "99", "--dir", str(self.folder),
                   "--result", str(self.folder / "run.json"))
        self.assertEqual(done.returncode, 0, done.stderr)
        result = json.loads(path.read_text())
        self.assertTrue(result["passed"])
        self.assertGreater(result["allocations"], 2 * 99)

    def test_record_of_a_program_without_the_drop_in_is_said(self):
        trace = self.folder / "x.trace"
        self.assert_one_line(run("record", "-o", str(trace), "--", "true"),
                             "nothing was recorded", "true")

    def test_record_that_finds_nothing_leaves_the_trace_before(self):
        folder = self.folder / "before"
        folder.mkdir()
        trace = folder / "x.trace"
        for program in ("/nonexistent/program", "false", "true"):
            trace.write_bytes(b"a trace")
            result = run("record", "-o", str(trace), "--", program)
            self.assertEqual(result.returncode, 2, program)
            self.assertEqual(trace.read_bytes(), b"a trace", program)
            self.assertEqual(os.listdir(folder), ["x.trace"], program)

    def test_record_of_a_program_that_fails_is_said(self):
        trace = self.folder / "x.trace"
        self.assert_one_line(run("record", "-o", str(trace), "--", "false"),
                             "false", "exit status 1")

    def test_record_to_a_path_that_cannot_be_made_is_one_line(self):
        self.assert_one_line(run("record", "-o", "/no_such_folder/x.trace"),
                             "/no_such_folder/x.trace", "No such file")
        self.assert_one_line(run("record", "-o", "%p.trace"), "%p")

    def test_bench_that_is_not_built_says_what_to_install(self):
        alone = shutil.copy(ARENATEST, self.folder)
        result = subprocess.run([alone, "bench"], capture_output=True,
                                text=True, timeout=60)
        self.assert_one_line(result, "libbenchmark-dev", "preset run")

    def test_unknown_row_is_one_line_that_lists_those_there_are(self):
        self.assert_one_line(run("bench", "--row", "nonesuch"), "nonesuch",
                             "rotate")

    def test_run_sums_up_the_three_proofs(self):
        path = self.folder / "run.json"
        result = run("run", "--operations", "6000000", "--records", "60000",
                     "--repetitions", "0", "--json", str(path))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("all of it holds", result.stdout)
        self.assertNotIn("speed", result.stdout)
        summary = json.loads(path.read_text())
        self.assertEqual(summary["parity"]["operations"], 6000000)
        self.assertEqual(summary["leveldb"]["records"], 60000)
        self.assertGreater(summary["leveldb"]["usage_compared"], 0)

    def test_run_ends_with_a_short_benchmark_where_it_is_built(self):
        if not ARENA_BENCH.exists():
            self.skipTest("arena_bench is not built")
        path = self.folder / "run.json"
        result = run("run", "--operations", "100000", "--records", "20000",
                     "--repetitions", "1", "--json", str(path))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("faster than LevelDB's by", result.stdout)
        rows = json.loads(path.read_text())["bench"]["rows"]
        self.assertIn("rotate", [row["row"] for row in rows])
        for row in rows:
            self.assertGreater(row["leveldb"]["median"], 0, row)

    def report(self, *arguments):
        return run("report", "--operations", "20000", "--records", "20000",
                   "--repetitions", "0", *arguments)

    def test_report_is_one_page_with_the_figures_of_the_run(self):
        path = self.folder / "report.html"
        result = self.report("-o", str(path), "--json",
                             str(self.folder / "result.json"))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn(f"opened in a browser: {path}", result.stdout)
        page = path.read_text()
        start = page.index('id="data">') + len('id="data">')
        data = json.loads(page[start:page.index("</script>", start)])
        found = json.loads((self.folder / "result.json").read_text())
        self.assertEqual(data["proofs"]["parity"]["operations"], 20000)
        self.assertEqual(data["proofs"]["leveldb"]["usage_compared"],
                         found["leveldb"]["usage_compared"])
        self.assertEqual(data["version"], found["version"])
        self.assertEqual(len(data["maps"]), 3)
        self.assertNotIn(str(self.folder), page)
        self.assertEqual(sorted(os.listdir(self.folder)),
                         ["report.html", "result.json"])

    def test_run_writes_a_report_only_where_it_is_told_to(self):
        small = ("run", "--operations", "20000", "--records", "20000",
                 "--repetitions", "0")
        self.assertNotIn("report", run(*small).stdout)
        path = self.folder / "report.html"
        # The last one counts, so that ./run can have one of its own.
        result = run(*small, "--report", str(self.folder / "first.html"),
                     "--report", str(path))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(os.listdir(self.folder), ["report.html"])

    def test_report_that_cannot_be_written_is_said_before_the_work(self):
        self.assert_one_line(
            self.report("-o", str(self.folder / "no" / "such" / "file")),
            "cannot write the report")
        self.assert_one_line(self.report("-o", str(self.folder)),
                             "cannot write the report")
        self.assert_one_line(self.report("-o", ""), "empty")
        self.assert_one_line(self.report(), "--output")
        self.assert_one_line(run("run", "--bench", "x"), "--report")

    def test_report_that_does_not_fit_is_no_half_file(self):
        def limit_files():
            # As if the disk were full, without the signal that would kill.
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))

        path = self.folder / "report.html"
        path.write_text("earlier")
        result = subprocess.run(
            [ARENATEST, "report", "-o", str(path), "--operations", "20000",
             "--records", "500", "--repetitions", "0"], capture_output=True,
            text=True, timeout=300, preexec_fn=limit_files)
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertIn("could not write the report", result.stderr)
        self.assertEqual(path.read_text(), "earlier")
        self.assertEqual(os.listdir(self.folder), ["report.html"])

    def test_refused_report_leaves_an_earlier_one(self):
        path = self.folder / "report.html"
        path.write_text("earlier")
        self.assert_one_line(
            self.report("-o", str(path), "--bench", str(path)), "no JSON")
        self.assertEqual(path.read_text(), "earlier")
        self.assertEqual(os.listdir(self.folder), ["report.html"])

    def test_bench_result_that_is_none_is_one_line_with_its_name(self):
        path = self.folder / "bench.json"
        for text in ("", "{", "[]", '{"rows": 3}', '{"bench": null}'):
            path.write_text(text)
            self.assert_one_line(
                self.report("-o", str(self.folder / "report.html"),
                            "--bench", str(path)), "bench.json is no")
        self.assert_one_line(
            self.report("-o", str(self.folder / "report.html"),
                        "--bench", str(self.folder / "absent")),
            "absent is no file")
        self.assertEqual(os.listdir(self.folder), ["bench.json"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
