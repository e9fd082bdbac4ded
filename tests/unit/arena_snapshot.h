// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// All there is to see of an arena, to be compared before and after, and where
// in it a pointer lies.

#ifndef BITCOINLEVELDB_TESTS_UNIT_ARENA_SNAPSHOT_H_
#define BITCOINLEVELDB_TESTS_UNIT_ARENA_SNAPSHOT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ostream>
#include <utility>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_blocks.h"
#include "bitcoinleveldb/detail/arena_insider.h"

namespace bitcoinleveldb {

struct ArenaSnapshot {
  explicit ArenaSnapshot(const Arena& arena)
      : usage(arena.memory_usage()),
        position(detail::ArenaInsider::position(arena)),
        granted(detail::ArenaInsider::granted(arena)),
        remaining(detail::ArenaInsider::remaining(arena)),
        reserved_bytes(detail::ArenaInsider::reserved_bytes(arena)) {
    for (const ArenaBlock& block : ArenaBlocks(arena)) {
      blocks.emplace_back(block.data, block.bytes);
    }
    std::memcpy(object.data(), static_cast<const void*>(&arena), sizeof(Arena));
  }

  friend bool operator==(const ArenaSnapshot&, const ArenaSnapshot&) = default;

  std::size_t usage;
  const char* position;
  std::size_t granted;
  std::size_t remaining;
  std::size_t reserved_bytes;
  std::vector<std::pair<const char*, std::size_t>> blocks;
  std::array<unsigned char, sizeof(Arena)> object;
};

// The number of a block, from 0 in the order they were taken, and an offset.
struct Place {
  std::size_t block;
  std::size_t offset;

  friend bool operator==(const Place&, const Place&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Place& place) {
    return out << "block " << place.block << " offset " << place.offset;
  }
};

inline Place place_of(const Arena& arena, const char* ptr) {
  std::size_t number = ArenaBlocks(arena).size();
  const auto address = reinterpret_cast<std::uintptr_t>(ptr);
  for (const ArenaBlock& block : ArenaBlocks(arena)) {
    --number;
    const auto start = reinterpret_cast<std::uintptr_t>(block.data);
    if (address >= start && address - start < block.bytes) {
      return {number, address - start};
    }
  }
  return {SIZE_MAX, SIZE_MAX};
}

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_UNIT_ARENA_SNAPSHOT_H_
