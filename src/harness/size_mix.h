// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_HARNESS_SIZE_MIX_H_
#define BITCOINLEVELDB_SRC_HARNESS_SIZE_MIX_H_

#include <cstddef>
#include <cstdint>

#include "logged_draws.h"

namespace bitcoinleveldb::detail {

// The size of request `number` of `total` in the mix of LevelDB's randomized
// arena test: ten requests are as large as their number, one in 4,000 is below
// 6,000 bytes, one in ten below 100, all others below 20. Never 0.
inline std::size_t leveldb_mix_bytes(LoggedDraws random, std::uint64_t number,
                                     std::uint64_t total) {
  const std::uint64_t tenth = total / 10;
  std::uint64_t bytes = 0;
  if (tenth != 0 && number % tenth == 0) {
    bytes = number;
  } else if (random.one_in(4000)) {
    bytes = random.uniform(6000);
  } else {
    bytes = random.uniform(random.one_in(10) ? 100 : 20);
  }
  return bytes == 0 ? 1 : static_cast<std::size_t>(bytes);
}

// The sizes of the specification's example, 1 to 256 bytes.
inline std::size_t specification_bytes(LoggedDraws random) {
  return static_cast<std::size_t>(1 + random.uniform(256));
}

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_HARNESS_SIZE_MIX_H_
