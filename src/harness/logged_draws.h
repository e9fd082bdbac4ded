// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_HARNESS_LOGGED_DRAWS_H_
#define BITCOINLEVELDB_SRC_HARNESS_LOGGED_DRAWS_H_

#include <cstdint>

#include "bitcoinleveldb/detail/log_line.h"
#include "bitcoinleveldb/lcg_random.h"

namespace bitcoinleveldb::detail {

// Draws from a generator, and says each number at the level of traces. Above
// it, a draw costs a load and a comparison more than without.
class LoggedDraws {
 public:
  explicit LoggedDraws(LcgRandom& random) noexcept : random_(random) {}

  std::uint64_t uniform(std::uint64_t range) {
    const std::uint64_t drawn = random_.uniform(range);
    if (log_enabled(LogLevel::kTrace)) [[unlikely]] {
      log_line(LogLevel::kTrace, "LcgRandom: uniform(%llu) is %llu",
               static_cast<unsigned long long>(range),
               static_cast<unsigned long long>(drawn));
    }
    return drawn;
  }

  bool one_in(std::uint64_t n) {
    const bool drawn = random_.one_in(n);
    if (log_enabled(LogLevel::kTrace)) [[unlikely]] {
      log_line(LogLevel::kTrace, "LcgRandom: one_in(%llu) is %s",
               static_cast<unsigned long long>(n), drawn ? "true" : "false");
    }
    return drawn;
  }

 private:
  LcgRandom& random_;
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_HARNESS_LOGGED_DRAWS_H_
