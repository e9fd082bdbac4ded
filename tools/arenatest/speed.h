// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_SPEED_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_SPEED_H_

#include <cstddef>

namespace arenatest {

// Allocations per second of our arena and of LevelDB's on one workload.
struct Speed {
  std::size_t rounds = 0;
  std::size_t arenas = 0;       // made, filled and dropped in a round
  std::size_t allocations = 0;  // in each of them
  double ours_per_second = 0;   // medians over the rounds
  double leveldb_per_second = 0;
  double ratio = 0;      // LevelDB's time over ours, the median
  double ratio_low = 0;  // and the quartiles round it
  double ratio_high = 0;
};

// Measures memtables of 4 MiB, LevelDB's default: entries and skip-list nodes
// are allocated, the first byte of each is written, and the arena is dropped.
// The two take turns, so that both see the same machine.
Speed measure_speed();

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_SPEED_H_
