// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// What the rows allocate. The sizes come from seeded generators, so that every
// peer and every run is asked for the same.

#ifndef BITCOINLEVELDB_BENCH_PLAN_H_
#define BITCOINLEVELDB_BENCH_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

// The bytes of the node that follows each entry of a fill.
constexpr std::size_t kNodeBytes = 16;

// Sizes of entries, read round and round.
struct FillPlan {
  static constexpr std::size_t kSizes = 65536;

  std::vector<std::uint16_t> sizes;
  std::size_t entries = 0;  // each one is two allocations
  std::size_t bytes = 0;    // the arena's usage at the end, as LevelDB counts

  [[nodiscard]] std::size_t allocations() const { return 2 * entries; }
  [[nodiscard]] std::size_t size(std::size_t entry) const {
    return sizes[entry % kSizes];
  }
};

// Returns entries of `smallest` to `largest` bytes, each followed by a node,
// until the usage that LevelDB counts reaches `usage`: as many as go into a
// memtable with a write buffer of that size.
FillPlan make_fill_plan(std::size_t usage, std::uint32_t smallest,
                        std::uint32_t largest);

// Returns `count` sizes of 8 to 119 bytes.
std::vector<std::uint32_t> small_sizes(std::size_t count);

}  // namespace bench

#endif  // BITCOINLEVELDB_BENCH_PLAN_H_
