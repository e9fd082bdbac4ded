// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bench/verdict.h"

namespace arenatest {

// The rows of docs/benchmarks.md, in its order.
const std::vector<Target>& targets() {
  using enum Judged;
  static const std::vector<Target> all = {
      {"warm", "2000", "ours", "ns", kFaster, 1.6, 1.2},
      {"cursor", "2000", "ours-cursor", "ns", kFaster, 2.0, 1.5, 2.0},
      {"tiny", "10", "ours", "ns", kFaster, 2.0, 1.3},
      {"scratch", "100", "ours", "ns", kFaster, 1.7, 1.2},
      {"scratch", "1000", "ours", "ns", kFaster, 1.7, 1.2},
      {"churn", "10000", "ours", "ns", kFaster, 10, 6},
      {"fresh", "4MiB", "ours", "ns", kFaster, 1.5, 1.3},
      {"fresh", "64MiB", "ours", "ns", kFaster, 4, 3.5},
      {"fresh", "256MiB", "ours", "ns", kFaster, 4, 3.5},
      {"again", "64MiB", "ours", "ns", kFaster, 3.5, 3.2},
      {"rotate", "4MiB", "ours-depot", "ns", kFaster, 1.2, 1.0},
      {"rotate", "64MiB", "ours-depot", "ns", kFaster, 6, 4.5},
      {"big", "64MiB", "ours", "ns", kFaster, 5, 4},
      {"teardown", "64MiB", "ours", "ns", kFaster, 50, 5},
      {"tail", "64MiB", "ours-depot", "p50_ns", kTold},
      {"tail", "64MiB", "ours-depot", "p999_ns", kTold},
      {"tail", "64MiB", "ours-depot", "p9999_ns", kBelow, 1, 1},
      {"tail", "64MiB", "ours-depot", "max_ns", kBelow, 1, 1},
      {"faults", "64MiB", "ours-depot", "faults", kAtMost},
      {"footprint", "64MiB", "ours", "resident_bytes", kSmaller, 1.02},
      {"footprint", "4MiB", "ours", "resident_bytes", kSmaller, 1.05},
      {"footprint", "10000x100", "ours", "resident_bytes", kSmaller, 1.02},
      {"retention", "64MiB", "ours-depot", "over_bound_bytes", kAtMost},
      {"retention", "64MiB", "ours-depot", "held_after_trim_bytes", kAtMost},
      {"growth", "8GiB", "ours", "over_raw_spread", kAtMost, 1.15},
      {"db", "4MiB", "ours", "fillseq_ns", kFaster, 0.98},
      {"db", "4MiB", "ours", "fillrandom_ns", kFaster, 0.98},
      {"db", "4MiB", "ours", "readrandom_ns", kFaster, 0.98},
      {"db", "64MiB", "ours", "fillseq_ns", kFaster, 0.98},
      {"db", "64MiB", "ours", "fillrandom_ns", kFaster, 0.98},
      {"db", "64MiB", "ours", "readrandom_ns", kFaster, 0.98},
      {"db", "1024MiB", "ours", "fillseq_ns", kFaster, 0.98},
      {"db", "1024MiB", "ours", "fillrandom_ns", kFaster, 0.98},
      {"db", "1024MiB", "ours", "readrandom_ns", kFaster, 1.08},
  };
  return all;
}

}  // namespace arenatest
