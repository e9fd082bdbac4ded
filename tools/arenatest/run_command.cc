// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <cstdio>
#include <ctime>

#include "bitcoinleveldb/version.h"
#include "command.h"
#include "output_file.h"
#include "report/page.h"
#include "report/pictures.h"
#include "report/results.h"
#include "table.h"

namespace arenatest {

namespace {

using nlohmann::ordered_json;

// The main job in about a minute: the three proofs, one after the other, what
// they amount to, and what it costs beside others. The command report is the
// same job; it must be told where the report goes.
class RunCommand final : public Command {
 public:
  explicit RunCommand(bool report) : needs_report_(report) {
    parity_.operations = 100'000'000;
    leveldb_.records = 300'000;
    bench_.brief = true;
    bench_.plain = true;
    bench_.repetitions = 3;
  }

  CLI::App* add_to(CLI::App& app) override {
    CLI::App* const command =
        needs_report_
            ? app.add_subcommand(
                  "report", "Do what run does and write it as an HTML page")
            : app.add_subcommand(
                  "run",
                  "Do stress, parity, leveldb and a short bench in a row and "
                  "sum them up");
    add_size_options(*command);
    add_report_options(*command);
    return command;
  }

  Outcome run() override {
    // What cannot be written or read is said before the work is done.
    const OutputFile file(report_, "report");
    ordered_json report = start_report();
    Outcome all = prove();
    if (bench_file_.empty() && bench_.repetitions != 0 && has_bench()) {
      heading("speed: the same work on this arena and on others");
      all.json["bench"] = run_bench(bench_).json;
      if (!report_.empty()) report["speed"] = speed_of(all.json, "this run");
    }
    if (!report_.empty()) {
      report["proofs"] = proofs_of(all.json);
      file.write(page_of(report));
      std::printf("\nreport, to be opened in a browser: %s\n", report_.c_str());
    }
    return all;
  }

 private:
  void add_size_options(CLI::App& command) {
    command
        .add_option("--operations", parity_.operations,
                    "How many calls to compare with LevelDB's arena")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 50U))
        ->capture_default_str();
    command
        .add_option("--records", leveldb_.records,
                    "How many records to write through LevelDB")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}))
        ->capture_default_str();
    command
        .add_option("--repetitions", bench_.repetitions,
                    "How often to measure each row of the short bench; 0 "
                    "leaves it out")
        ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1000}))
        ->capture_default_str();
  }

  void add_report_options(CLI::App& command) {
    CLI::Option* const path =
        command
            .add_option(needs_report_ ? "-o,--output" : "--report", report_,
                        "Write what is found to this HTML file, with pictures")
            ->check([](const std::string& text) {
              return text.empty() ? "the path is empty" : "";
            })
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    if (needs_report_) path->required();
    CLI::Option* const bench = command.add_option(
        "--bench", bench_file_,
        "Measure nothing, and show in the report the result that `bench "
        "--json` has written to this file");
    if (!needs_report_) bench->needs(path);
  }

  // The pictures come first, while the process is small and its residency is
  // that of the arenas.
  ordered_json start_report() {
    ordered_json report = {{"version", bitcoinleveldb::kVersion},
                           {"made", now()}};
    if (!bench_file_.empty()) {
      report["speed"] = speed_of(read_result(bench_file_), bench_file_);
      report["speed_is_of_this_run"] = false;
    }
    if (report_.empty()) return report;
    heading("memory: memtables filled and dropped, watched for the report");
    report.update(take_pictures({}));
    const ordered_json& memory = report.at("memory");
    std::printf("%s memtables of the workload %s, %s readings\n",
                grouped(memory.at("memtables")).c_str(),
                memory.at("workload").get_ref<const std::string&>().c_str(),
                grouped(memory.at("points").size()).c_str());
    return report;
  }

  Outcome prove() {
    heading("stress: the randomized test of an arena");
    const Outcome stress = run_stress({});
    heading("parity: every call beside the same call on LevelDB's arena");
    const Outcome parity = run_parity_plan(parity_);
    heading("leveldb: a real database on stock LevelDB and on our arena");
    const Outcome leveldb = run_leveldb(leveldb_);
    const bool passed = stress.passed && parity.passed && leveldb.passed;
    heading(passed ? "all of it holds" : "NOT all of it holds");
    print_summary(stress, parity, leveldb);
    return {passed,
            {{"command", "run"},
             {"passed", passed},
             {"stress", stress.json},
             {"parity", parity.json},
             {"leveldb", leveldb.json}}};
  }

  static std::string now() {
    const std::time_t seconds = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[sizeof "2026-01-01 00:00 UTC"];
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &parts);
    return text;
  }

  static void heading(const char* text) {
    std::printf("\n== %s\n", text);
    std::fflush(stdout);
  }

  static std::string count(const ordered_json& json, const char* key) {
    return grouped(json.at(key).get<std::uint64_t>());
  }

  static void print_summary(const Outcome& stress, const Outcome& parity,
                            const Outcome& leveldb) {
    Table table;
    table.row({"", "done", "wrong"});
    table.row({"allocations of the randomized test",
               count(stress.json, "allocations"),
               count(stress.json, "faults_total")});
    table.row({"calls compared with LevelDB's arena",
               count(parity.json, "operations"),
               count(parity.json, "mismatches")});
    table.row({"records written through LevelDB and read back",
               count(leveldb.json, "records"),
               count(leveldb.json, "differences")});
    table.row({"memory-usage figures equal to stock LevelDB's",
               count(leveldb.json, "usage_compared"),
               count(leveldb.json, "usage_differences")});
    table.print();
  }

  ParityPlan parity_;
  bitcoinleveldb::LiveProofOptions leveldb_;
  BenchPlan bench_;
  bool needs_report_;
  std::string report_;      // empty: none is wanted
  std::string bench_file_;  // empty: the benchmark is run
};

}  // namespace

std::unique_ptr<Command> make_run_command() {
  return std::make_unique<RunCommand>(false);
}

std::unique_ptr<Command> make_report_command() {
  return std::make_unique<RunCommand>(true);
}

}  // namespace arenatest
