// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What two runs of the live workload have in common, and what a single run
// must show by itself.

#ifndef ARENATEST_LIVE_LIVE_COMPARISON_H_
#define ARENATEST_LIVE_LIVE_COMPARISON_H_

#include <cstdint>
#include <string>
#include <vector>

#include "live_run.h"

namespace bitcoinleveldb {

// A run and what it is called: "stock", "stock again" or "arena".
struct NamedRun {
  std::string name;
  LiveRun run;
};

struct LiveComparison {
  std::string first;  // the names of the two runs
  std::string second;
  bool contents_equal = false;  // hash, hash after reopening, records

  // Samples of memory usage after the same batch.
  std::uint64_t samples_compared = 0;
  std::uint64_t samples_compared_after_rotation = 0;
  std::uint64_t samples_different = 0;

  // Everything that differs, in words; of the samples the first few only.
  std::vector<std::string> differences;
};

// A comparison in which no sample could be compared shows nothing and has a
// difference that says so.
[[nodiscard]] LiveComparison compare_live_runs(const NamedRun& first,
                                               const NamedRun& second);

// Returns what is wrong with a run by itself, in words: records that read back
// otherwise than written, and whether it ran on the arena it should have run
// on.
[[nodiscard]] std::vector<std::string> find_faults(const NamedRun& named,
                                                   bool on_our_arena);

}  // namespace bitcoinleveldb

#endif  // ARENATEST_LIVE_LIVE_COMPARISON_H_
