// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// Programs that the benchmark runs, and what it asks the operating system.

#ifndef BITCOINLEVELDB_BENCH_PROCESS_H_
#define BITCOINLEVELDB_BENCH_PROCESS_H_

#include <string>
#include <vector>

#include "process_figures.h"

namespace bench {

using arenatest::hold_and_release;
using arenatest::minor_faults;
using arenatest::peak_resident_bytes;
using arenatest::resident_bytes;
using arenatest::trim_heap;

// Where this program lies.
std::string folder_of_program();

// Runs `program`, a path, with `arguments` and returns what it printed on
// stdout. Throws std::runtime_error if it failed.
std::string run_program(std::string program,
                        const std::vector<std::string>& arguments);

}  // namespace bench

#endif  // BITCOINLEVELDB_BENCH_PROCESS_H_
