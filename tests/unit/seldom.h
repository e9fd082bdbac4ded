// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TESTS_UNIT_SELDOM_H_
#define BITCOINLEVELDB_TESTS_UNIT_SELDOM_H_

#include <cstddef>

namespace bitcoinleveldb {

// A mean distance between samples that no test comes near.
inline constexpr std::size_t kSeldom =
    std::size_t{1} << (sizeof(std::size_t) == 8 ? 40U : 31U);

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_UNIT_SELDOM_H_
