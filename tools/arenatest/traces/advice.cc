// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <algorithm>
#include <limits>
#include <utility>

#include "traces/tuning.h"

namespace arenatest {

namespace {

bool is_faster(const Tuned& one, const Spread& noise) {
  return one.time_ratio.high < 1 && one.time_ratio.median < noise.low;
}

bool is_slower(const Tuned& one, const Spread& noise) {
  return one.time_ratio.low > 1 && one.time_ratio.median > noise.high;
}

constexpr double kMemoryMargin = 0.02;

bool is_leaner(const Tuned& one, const Tuned& defaults) {
  return spread_of(one.peak_bytes).high <
         spread_of(defaults.peak_bytes).low * (1 - kMemoryMargin);
}

bool is_larger(const Tuned& one, const Tuned& defaults) {
  return spread_of(one.peak_bytes).low >
         spread_of(defaults.peak_bytes).high * (1 + kMemoryMargin);
}

using Candidates = std::vector<const Tuned*>;

double time_of(const Tuned& one) { return one.time_ratio.median; }

double peak_of(const Tuned& one) { return median(one.peak_bytes); }

// Returns the candidate with the least of a figure, or null. Of those that are
// as good, but for `margin` of it, one with LevelDB's usage, and the fastest.
template <class Figure>
const Tuned* best(const Candidates& candidates, Figure figure, double margin) {
  double least = std::numeric_limits<double>::infinity();
  for (const Tuned* const one : candidates) {
    least = std::min(least, figure(*one));
  }
  const Tuned* choice = nullptr;
  const auto rank = [](const Tuned& one) {
    return std::pair(one.settings.block_bytes != Settings{}.block_bytes,
                     time_of(one));
  };
  for (const Tuned* const one : candidates) {
    if (figure(*one) > least * (1 + margin)) continue;
    if (choice == nullptr || rank(*one) < rank(*choice)) choice = one;
  }
  return choice;
}

}  // namespace

Advice advise(const std::vector<Tuned>& all) {
  const Tuned& defaults = all.front();
  const Spread noise = all.back().time_ratio;
  Candidates faster;
  Candidates leaner;
  for (auto one = all.begin() + 1; one != all.end() - 1; ++one) {
    if (is_faster(*one, noise)) faster.push_back(&*one);
    if (is_leaner(*one, defaults) && !is_slower(*one, noise)) {
      leaner.push_back(&*one);
    }
  }
  const bool all_larger = std::ranges::all_of(
      faster, [&](const Tuned* one) { return is_larger(*one, defaults); });
  if (!all_larger) {
    std::erase_if(faster,
                  [&](const Tuned* one) { return is_larger(*one, defaults); });
  }
  Advice advice;
  if (const Tuned* one = best(faster, time_of, noise.high - noise.low)) {
    advice.fastest = one->settings;
    advice.reason = all_larger ? "every setting that is measurably faster has "
                                 "more memory resident than the defaults"
                               : "it is measurably faster and has no more "
                                 "memory resident";
  }
  if (const Tuned* one = best(leaner, peak_of, kMemoryMargin)) {
    advice.leanest = one->settings;
  }
  if (faster.empty() && leaner.empty()) {
    advice.reason =
        "no setting beats the defaults measurably, in time or in memory";
  }
  return advice;
}

}  // namespace arenatest
