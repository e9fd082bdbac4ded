// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <cstdio>

#include "command.h"
#include "table.h"

namespace arenatest {

namespace {

// The main job in about a minute: the three proofs, one after the other, what
// they amount to, and what it costs beside others.
class RunCommand final : public Command {
 public:
  RunCommand() {
    parity_.operations = 100'000'000;
    leveldb_.records = 300'000;
    bench_.brief = true;
    bench_.plain = true;
    bench_.repetitions = 3;
  }

  CLI::App* add_to(CLI::App& app) override {
    CLI::App* const command = app.add_subcommand(
        "run",
        "Do stress, parity, leveldb and a short bench in a row and sum them "
        "up");
    command
        ->add_option("--operations", parity_.operations,
                     "How many calls to compare with LevelDB's arena")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 50U))
        ->capture_default_str();
    command
        ->add_option("--records", leveldb_.records,
                     "How many records to write through LevelDB")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}))
        ->capture_default_str();
    command
        ->add_option("--repetitions", bench_.repetitions,
                     "How often to measure each row of the short bench; 0 "
                     "leaves it out")
        ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1000}))
        ->capture_default_str();
    return command;
  }

  Outcome run() override {
    heading("stress: the randomized test of an arena");
    const Outcome stress = run_stress({});
    heading("parity: every call beside the same call on LevelDB's arena");
    const Outcome parity = run_parity_plan(parity_);
    heading("leveldb: a real database on stock LevelDB and on our arena");
    const Outcome leveldb = run_leveldb(leveldb_);
    const bool passed = stress.passed && parity.passed && leveldb.passed;
    heading(passed ? "all of it holds" : "NOT all of it holds");
    print_summary(stress, parity, leveldb);
    Outcome all = {passed,
                   {{"command", "run"},
                    {"passed", passed},
                    {"stress", stress.json},
                    {"parity", parity.json},
                    {"leveldb", leveldb.json}}};
    if (bench_.repetitions != 0 && has_bench()) {
      heading("speed: the same work on this arena and on others");
      all.json["bench"] = run_bench(bench_).json;
    }
    return all;
  }

 private:
  static void heading(const char* text) {
    std::printf("\n== %s\n", text);
    std::fflush(stdout);
  }

  static std::string count(const nlohmann::ordered_json& json,
                           const char* key) {
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
};

}  // namespace

std::unique_ptr<Command> make_run_command() {
  return std::make_unique<RunCommand>();
}

}  // namespace arenatest
