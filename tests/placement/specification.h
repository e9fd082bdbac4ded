// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Where a request has to lie, as P1, P4, D1 and D2 of docs/parity.md say it:
// at the first multiple of its alignment that is free, if it fits there. It is
// written without the tricks of detail/placement.h, in numbers that do not
// wrap.

#ifndef BITCOINLEVELDB_TESTS_PLACEMENT_SPECIFICATION_H_
#define BITCOINLEVELDB_TESTS_PLACEMENT_SPECIFICATION_H_

#include <cstdint>

namespace placement {

struct Placed {
  bool fits = false;
  std::uint64_t slop = 0;       // before it
  std::uint64_t remaining = 0;  // behind it

  friend bool operator==(const Placed& a, const Placed& b) = default;
};

/// Returns the first multiple of `alignment` from `first` on, by trying them.
inline int first_multiple(int first, int alignment) {
  while (first % alignment != 0) ++first;
  return first;
}

/// For small numbers: `first` to `end` is what is free, and `place` is the
/// first multiple of the alignment in it or behind it.
inline Placed at(int place, int first, int end, int bytes) {
  const int served = bytes == 0 ? 1 : bytes;
  if (place + served > end) return {};
  return {true, static_cast<std::uint64_t>(place - first),
          static_cast<std::uint64_t>(end - (place + served))};
}

/// For numbers of up to 64 bits: the sum is one of 65.
inline Placed calculate(std::uint64_t first, std::uint64_t remaining,
                        std::uint64_t bytes, std::uint64_t alignment) {
  const std::uint64_t served = bytes == 0 ? 1 : bytes;
  const std::uint64_t over = first % alignment;
  const std::uint64_t slop = over == 0 ? 0 : alignment - over;
  const std::uint64_t low = slop + served;
  const bool carries = low < slop;
  if (carries || low > remaining) return {};
  return {true, slop, remaining - low};
}

/// Returns whether `value` is one of 1, 2, 4, ... below 2 to the `bits`.
inline bool is_power(std::uint64_t value, int bits) {
  for (int bit = 0; bit != bits; ++bit) {
    if (value == std::uint64_t{1} << bit) return true;
  }
  return false;
}

}  // namespace placement

#endif  // BITCOINLEVELDB_TESTS_PLACEMENT_SPECIFICATION_H_
