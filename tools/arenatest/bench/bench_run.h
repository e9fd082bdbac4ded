// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// arena_bench, run as a program of its own, and what it found.

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_BENCH_BENCH_RUN_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_BENCH_BENCH_RUN_H_

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/verdict.h"

namespace arenatest {

// Where arena_bench is, or should be.
std::filesystem::path bench_program();

// The move of a JSON value does not throw, which the check cannot see.
// NOLINTNEXTLINE(bugprone-exception-escape)
struct BenchRun {
  Runs runs;
  nlohmann::ordered_json context;  // of the machine and the build
};

// Runs arena_bench with `arguments`, once for each repetition; throws
// std::runtime_error if it is not there, fails, or could not make one of its
// measurements.
BenchRun run_bench_program(const std::vector<std::string>& arguments,
                           std::uint64_t repetitions);

// Prints what every row found beside what it must reach, and the rows in which
// a peer does better.
void print_verdicts(const BenchRun& run);

// Prints how much faster ours is than LevelDB's and the best other peer.
void print_ratios(const BenchRun& run);

// Returns the same for machines.
nlohmann::ordered_json json_of(const BenchRun& run);

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_BENCH_BENCH_RUN_H_
