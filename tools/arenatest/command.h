// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_COMMAND_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_COMMAND_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bitcoinleveldb/arena_test.h"
#include "live/live_proof.h"

namespace arenatest {

// What a command found. It has printed it for people already.
struct Outcome {
  bool passed = false;
  nlohmann::ordered_json json;
};

// A command: its options, added to the command line, and what runs it.
class Command {
 public:
  Command() = default;
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;
  virtual ~Command() = default;

  // Adds the command with its options to `app` and returns it.
  virtual CLI::App* add_to(CLI::App& app) = 0;
  virtual Outcome run() = 0;
};

std::unique_ptr<Command> make_stress_command();
std::unique_ptr<Command> make_parity_command();
std::unique_ptr<Command> make_leveldb_command();
std::unique_ptr<Command> make_record_command();
std::unique_ptr<Command> make_bench_command();
std::unique_ptr<Command> make_run_command();
std::unique_ptr<Command> make_report_command();
std::unique_ptr<Command> make_replay_command();
std::unique_ptr<Command> make_inspect_command();
std::unique_ptr<Command> make_tune_command();

// A check for options of any unsigned value: without it a negative number would
// pass as a huge one.
inline std::string not_negative(const std::string& text) {
  return text.starts_with('-') ? "the value " + text + " is below 0" : "";
}

struct StressPlan {
  std::string arena = "arena";
  bitcoinleveldb::ArenaTestOptions test;
};
Outcome run_stress(const StressPlan& plan);

struct ParityPlan {
  std::uint64_t operations = 20'000'000;
  std::uint64_t seed = 301;
  std::uint64_t seeds = 2;
  std::vector<std::string> workloads;  // empty: all of them
};
Outcome run_parity_plan(const ParityPlan& plan);

struct BenchPlan {
  bool full = false;              // with the rows that need many gigabytes
  bool brief = false;             // only some rows, which take some seconds
  bool smoke = false;             // so small that the figures mean nothing
  bool plain = false;             // printed without what should be reached
  std::uint64_t repetitions = 0;  // 0: as many as the rows deserve
  std::vector<std::string> rows;  // empty: all of them
};
// Throws std::runtime_error if arena_bench is not there or fails. A target that
// is missed is a result, so the outcome is passed.
Outcome run_bench(const BenchPlan& plan);

// Returns whether this build has the benchmark.
bool has_bench();

Outcome run_leveldb(bitcoinleveldb::LiveProofOptions options);

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_COMMAND_H_
