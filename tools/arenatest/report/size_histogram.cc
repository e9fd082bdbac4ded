// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "report/size_histogram.h"

#include <bit>

namespace arenatest {

// The two bits below the highest one say which quarter of the doubling it is.
SizeHistogram::Bin SizeHistogram::bin_of(std::size_t bytes) noexcept {
  const auto width = static_cast<unsigned>(std::bit_width(bytes));
  const unsigned shift = width > 3 ? width - 3 : 0;
  const std::size_t least = (bytes >> shift) << shift;
  return {least, least + ((std::size_t{1} << shift) - 1)};
}

void SizeHistogram::add(std::size_t bytes) {
  const Bin empty = bin_of(bytes);
  Bin& bin = bins_.try_emplace(empty.least, empty).first->second;
  ++bin.allocations;
  bin.bytes += bytes;
}

std::vector<SizeHistogram::Bin> SizeHistogram::bins() const {
  std::vector<Bin> all;
  for (const auto& [least, bin] : bins_) {
    while (!all.empty() && all.back().most + 1 < least) {
      all.push_back(bin_of(all.back().most + 1));
    }
    all.push_back(bin);
  }
  return all;
}

}  // namespace arenatest
