// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_TABLE_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_TABLE_H_

#include <cstdint>
#include <string>
#include <vector>

namespace arenatest {

// Prints rows of cells in columns as wide as they need, the first column to
// the left and the others to the right. The first row is the head.
class Table {
 public:
  void row(std::vector<std::string> cells) {
    rows_.push_back(std::move(cells));
  }
  void print() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

// Returns 1234567 as "1,234,567".
std::string grouped(std::uint64_t value);

// Returns the value with that many digits behind the point.
std::string fixed(double value, int digits);

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_TABLE_H_
