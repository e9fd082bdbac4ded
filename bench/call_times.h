// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// How long single calls take, in processor ticks, and their quantiles.

#ifndef BITCOINLEVELDB_BENCH_CALL_TIMES_H_
#define BITCOINLEVELDB_BENCH_CALL_TIMES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#if defined(__x86_64__)
#include <x86intrin.h>
#else
#include <chrono>
#endif

#include "peer.h"

namespace bench {

inline std::uint64_t ticks() {
#if defined(__x86_64__)
  // Waits for what comes before, so that a call's time is all of the call's.
  unsigned processor = 0;
  const std::uint64_t now = __rdtscp(&processor);
  _mm_lfence();
  return now;
#else
  return static_cast<std::uint64_t>(
      std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

class CallTimes {
 public:
  // Makes room for that many calls, all of it touched.
  explicit CallTimes(std::size_t calls) : ticks_(calls, 1) {}

  void start() { count_ = 0; }
  void add(std::uint64_t from, std::uint64_t until) {
    ticks_[count_++] = static_cast<std::uint32_t>(until - from);
  }

  // Takes the timer's own cost off and keeps the quantiles of the calls since
  // `start`.
  void finish();

  // Returns the medians of the quantiles over all runs, in nanoseconds.
  [[nodiscard]] Figures medians() const;

 private:
  std::vector<std::uint32_t> ticks_;
  std::size_t count_ = 0;
  // One for each of kQuantiles, with a figure of each run.
  std::vector<double> found_[4];
};

}  // namespace bench

#endif  // BITCOINLEVELDB_BENCH_CALL_TIMES_H_
