// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <cstdio>

#include "command.h"
#include "speed.h"
#include "table.h"

namespace arenatest {

namespace {

// The main job in under a minute: the three proofs, one after the other, and
// what they amount to.
class RunCommand final : public Command {
 public:
  RunCommand() {
    parity_.operations = 100'000'000;
    leveldb_.records = 300'000;
  }

  CLI::App* add_to(CLI::App& app) override {
    CLI::App* const command = app.add_subcommand(
        "run", "Do stress, parity and leveldb in a row and sum them up");
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
    return command;
  }

  Outcome run() override {
    // First, because what malloc costs LevelDB's arena depends on what the
    // process did before: a program that has grown keeps memory that a fresh
    // one gives back and takes again.
    heading("speed: memtables of 4 MiB made, filled and dropped");
    const Speed speed = measure_speed();
    std::printf(
        "the two took turns for %zu rounds of %zu arenas with %s allocations\n",
        speed.rounds, speed.arenas, grouped(speed.allocations).c_str());
    heading("stress: the randomized test of an arena");
    const Outcome stress = run_stress({});
    heading("parity: every call beside the same call on LevelDB's arena");
    const Outcome parity = run_parity_plan(parity_);
    heading("leveldb: a real database on stock LevelDB and on our arena");
    const Outcome leveldb = run_leveldb(leveldb_);
    const bool passed = stress.passed && parity.passed && leveldb.passed;
    heading(passed ? "all of it holds" : "NOT all of it holds");
    print_summary(stress, parity, leveldb, speed);
    return {passed,
            {{"command", "run"},
             {"passed", passed},
             {"stress", stress.json},
             {"parity", parity.json},
             {"leveldb", leveldb.json},
             {"speed",
              {{"rounds", speed.rounds},
               {"ours_per_second", speed.ours_per_second},
               {"leveldb_per_second", speed.leveldb_per_second},
               {"ratio", speed.ratio},
               {"ratio_low", speed.ratio_low},
               {"ratio_high", speed.ratio_high}}}}};
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
                            const Outcome& leveldb, const Speed& speed) {
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
    std::printf("\n");
    Table figures;
    figures.row({"", "ours", "LevelDB's", "ours is faster by"});
    figures.row({"million allocations per second",
                 fixed(speed.ours_per_second / 1e6, 1),
                 fixed(speed.leveldb_per_second / 1e6, 1),
                 fixed(speed.ratio, 2) + " (" + fixed(speed.ratio_low, 2) +
                     " to " + fixed(speed.ratio_high, 2) + ")"});
    figures.print();
  }

  ParityPlan parity_;
  bitcoinleveldb::LiveProofOptions leveldb_;
};

}  // namespace

std::unique_ptr<Command> make_run_command() {
  return std::make_unique<RunCommand>();
}

}  // namespace arenatest
