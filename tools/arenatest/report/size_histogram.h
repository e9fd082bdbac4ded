// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_REPORT_SIZE_HISTOGRAM_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_REPORT_SIZE_HISTOGRAM_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace arenatest {

// How often sizes occurred, in bins of which four make up a doubling: sizes in
// one bin differ by less than a quarter. Below 8 every size is a bin.
class SizeHistogram {
 public:
  struct Bin {
    std::size_t least;  // the sizes of the bin, both ends included
    std::size_t most;
    std::uint64_t allocations = 0;
    std::uint64_t bytes = 0;
  };

  // Returns the bin that a size belongs to, which is empty.
  static Bin bin_of(std::size_t bytes) noexcept;

  void add(std::size_t bytes);

  // Returns the bins from the smallest that has anything to the largest; those
  // between them that have nothing as well.
  [[nodiscard]] std::vector<Bin> bins() const;

 private:
  std::map<std::size_t, Bin> bins_;  // by their least size
};

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_REPORT_SIZE_HISTOGRAM_H_
