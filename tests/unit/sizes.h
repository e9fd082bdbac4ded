// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TESTS_UNIT_SIZES_H_
#define BITCOINLEVELDB_TESTS_UNIT_SIZES_H_

#include <cstddef>

namespace bitcoinleveldb {

inline constexpr std::size_t kKib = 1024;
inline constexpr std::size_t kMib = 1024 * kKib;

// That slabs are asked for at.
inline constexpr std::size_t kAlignment = 16;

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_UNIT_SIZES_H_
