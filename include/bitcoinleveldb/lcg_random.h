// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A small linear congruential generator, the source of every random workload
// of this project: the same seed gives the same sequence on every machine, in
// every language that implements these two lines of arithmetic.
//
//   bitcoinleveldb::LcgRandom random(301);
//   std::uint64_t size = 1 + random.uniform(256);
//   bool aligned = random.one_in(4);
//
// It also drives <random>: std::shuffle(v.begin(), v.end(), random).
//
// Not for cryptography, and not for statistics that look at low bits or long
// periods. Thread safety: none; one object belongs to one thread at a time.

#ifndef BITCOINLEVELDB_LCG_RANDOM_H_
#define BITCOINLEVELDB_LCG_RANDOM_H_

#include <cstdint>

#include "bitcoinleveldb/detail/failure.h"

namespace bitcoinleveldb {

/// A linear congruential generator with 64 bits of state.
///
/// The state steps as `seed = seed * 6364136223846793005 + 1` modulo 2^64; a
/// draw is the upper 32 bits of the new state. Satisfies
/// `std::uniform_random_bit_generator`.
class LcgRandom {
 public:
  using result_type = std::uint32_t;

  /// Starts from `seed`; every value is allowed.
  constexpr explicit LcgRandom(std::uint64_t seed) noexcept : seed_(seed) {}

  /// Steps once and returns `(seed >> 32) % range`, in `[0, range)`. The bias
  /// against large values is below `range / 2^32`; a range above 2^32 yields
  /// values below 2^32 only.
  /// THROWS: `std::invalid_argument` if `range` is 0; the state is unchanged.
  [[nodiscard]] constexpr std::uint64_t uniform(std::uint64_t range) {
    if (range == 0) {
      detail::fail_invalid("LcgRandom: the range is 0; it must be at least 1");
    }
    return step() % range;
  }

  /// Returns true about once in `n` calls: `uniform(n) == 0`.
  /// THROWS: `std::invalid_argument` if `n` is 0; the state is unchanged.
  [[nodiscard]] constexpr bool one_in(std::uint64_t n) {
    return uniform(n) == 0;
  }

  /// Steps once and returns the upper 32 bits of the state.
  constexpr result_type operator()() noexcept {
    return static_cast<result_type>(step());
  }

  /// The least and the greatest value that `operator()` returns.
  [[nodiscard]] static constexpr result_type min() noexcept { return 0; }
  [[nodiscard]] static constexpr result_type max() noexcept {
    return UINT32_MAX;
  }

 private:
  constexpr std::uint64_t step() noexcept {
    seed_ = seed_ * 6364136223846793005U + 1U;
    return seed_ >> 32U;
  }

  std::uint64_t seed_;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_LCG_RANDOM_H_
