// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TESTS_UNIT_REQUEST_H_
#define BITCOINLEVELDB_TESTS_UNIT_REQUEST_H_

#include <cstddef>

namespace bitcoinleveldb {

// What an arena is asked for.
struct Request {
  std::size_t bytes;
  std::size_t alignment;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_UNIT_REQUEST_H_
