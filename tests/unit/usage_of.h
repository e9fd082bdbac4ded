// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TESTS_UNIT_USAGE_OF_H_
#define BITCOINLEVELDB_TESTS_UNIT_USAGE_OF_H_

#include <cstddef>
#include <string>

namespace bitcoinleveldb {

// The usage of `blocks` blocks of so many bytes in all: each counts a pointer.
constexpr std::size_t usage_of(std::size_t bytes, std::size_t blocks = 1) {
  return bytes + blocks * sizeof(char*);
}

inline std::string usage_text(std::size_t bytes, std::size_t blocks = 1) {
  return std::to_string(usage_of(bytes, blocks));
}

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_UNIT_USAGE_OF_H_
