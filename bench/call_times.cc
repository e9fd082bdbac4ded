// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "call_times.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "bench/quantile.h"

namespace bench {

namespace {

struct Quantile {
  const char* name;
  double share;
};
constexpr std::array<Quantile, 4> kQuantiles = {{{"p50_ns", 0.5},
                                                 {"p999_ns", 0.999},
                                                 {"p9999_ns", 0.9999},
                                                 {"max_ns", 1.0}}};

// The least that two readings of the timer lie apart.
std::uint64_t timer_cost() {
  std::uint64_t least = UINT64_MAX;
  for (int i = 0; i != 100'000; ++i) {
    const std::uint64_t from = ticks();
    least = std::min(least, ticks() - from);
  }
  return least;
}

double nanoseconds_of_tick() {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const std::uint64_t from = ticks();
  while (Clock::now() - start < std::chrono::milliseconds(20)) {
  }
  const std::uint64_t taken = ticks() - from;
  const std::chrono::duration<double, std::nano> passed = Clock::now() - start;
  return passed.count() / static_cast<double>(taken);
}

}  // namespace

void CallTimes::finish() {
  static const double scale = nanoseconds_of_tick();
  static const std::uint64_t cost = timer_cost();
  const auto end = ticks_.begin() + static_cast<std::ptrdiff_t>(count_);
  std::sort(ticks_.begin(), end);
  for (std::size_t i = 0; i != kQuantiles.size(); ++i) {
    const std::uint64_t taken =
        ticks_[arenatest::quantile_index(count_, kQuantiles[i].share)];
    found_[i].push_back(scale *
                        static_cast<double>(taken > cost ? taken - cost : 0));
  }
}

Figures CallTimes::medians() const {
  Figures figures;
  for (std::size_t i = 0; i != kQuantiles.size(); ++i) {
    figures.emplace_back(kQuantiles[i].name, arenatest::median(found_[i]));
  }
  figures.emplace_back("runs", static_cast<double>(found_[0].size()));
  return figures;
}

}  // namespace bench
