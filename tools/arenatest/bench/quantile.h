// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// The arithmetic of quantiles.

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_BENCH_QUANTILE_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_BENCH_QUANTILE_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace arenatest {

// Returns which of `count` sorted values, at least one, is the least that is
// not below a share of them: 0.5 of 4 values is the second, 1 the last.
inline std::size_t quantile_index(std::size_t count, double share) {
  const double rank = std::ceil(share * static_cast<double>(count));
  const auto place = static_cast<std::size_t>(std::max(rank, 1.0));
  return std::min(place, count) - 1;
}

// Returns the middle of at least one value, or the mean of the middle two.
inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  if (values.size() % 2 != 0) return values[middle];
  return (values[middle - 1] + values[middle]) / 2;
}

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_BENCH_QUANTILE_H_
