// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// A figure over repetitions: its median, and the least and the most it was.

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_SPREAD_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_SPREAD_H_

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include "bench/quantile.h"

namespace arenatest {

struct Spread {
  double median = 0;
  double low = 0;
  double high = 0;
};

// Of at least one value.
inline Spread spread_of(const std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return {median(values), *low, *high};
}

// Of the ratios of figures that were measured one right after the other, of
// which there are equally many; over 0 it is infinity.
inline Spread ratio_of(const std::vector<double>& values,
                       const std::vector<double>& to) {
  std::vector<double> ratios;
  ratios.reserve(values.size());
  for (std::size_t i = 0; i != values.size(); ++i) {
    ratios.push_back(to[i] != 0 ? values[i] / to[i]
                                : std::numeric_limits<double>::infinity());
  }
  return spread_of(ratios);
}

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_SPREAD_H_
