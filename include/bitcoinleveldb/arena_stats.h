// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What an arena holds, in figures, and where in it a pointer lies.
//
//   std::cout << bitcoinleveldb::stats(arena) << '\n';
//   const auto place = bitcoinleveldb::find_block(arena, entry);
//   if (place) std::cout << place->number << '+' << place->offset << '\n';
//
// Nothing is counted while the arena allocates: the figures are gathered from
// its blocks when they are asked for. Slop and the bytes that were requested
// are therefore not among them; they are not measured.
//
// Thread safety: as the arena's own; only its owner may ask, and not while it
// allocates. Other threads may read `memory_usage`.

#ifndef BITCOINLEVELDB_ARENA_STATS_H_
#define BITCOINLEVELDB_ARENA_STATS_H_

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb {

/// The figures of one arena at one moment.
struct ArenaStats {
  /// What `memory_usage` returns: block bytes + `sizeof(char*)`, over blocks.
  std::size_t usage = 0;

  /// The highest usage there has been, over resets, since the arena took its
  /// first slab. A reset that gives every slab back begins anew.
  std::size_t usage_peak = 0;

  std::size_t blocks = 0;            ///< standard and dedicated ones
  std::size_t dedicated_blocks = 0;  ///< of requests above a quarter block
  std::size_t dedicated_bytes = 0;   ///< the sum of their sizes

  /// Standard blocks that another one took over from while they had unused
  /// bytes, and the sum of those bytes. What remains of the current block is
  /// not among them, nor is slop.
  std::size_t tails = 0;
  std::size_t tail_bytes = 0;

  /// Slabs that were taken from the block source and not given back, and the
  /// sum of their bytes: all that the arena holds.
  std::size_t slabs = 0;
  std::size_t reserved_bytes = 0;

  /// Of these, those that are not in use yet: kept by a reset, or taken ahead.
  std::size_t spare_slabs = 0;
  std::size_t spare_bytes = 0;
};

/// Returns the figures of `arena`.
/// Complexity: O(blocks + slabs).
[[nodiscard]] BITCOINLEVELDB_EXPORT ArenaStats
stats(const Arena& arena) noexcept;

/// Returns the figures in one line, such as "usage 12312 (peak 12312), blocks 3
/// (dedicated 0 of 0 bytes), tails 2 of 51 bytes, slabs 2 of 12432 bytes (spare
/// 0 of 0 bytes)".
[[nodiscard]] BITCOINLEVELDB_EXPORT std::string summary(
    const ArenaStats& stats);

/// Writes `summary(stats)`.
BITCOINLEVELDB_EXPORT std::ostream& operator<<(std::ostream& out,
                                               const ArenaStats& stats);

/// A block of an arena and a place in it.
struct BlockPlace {
  std::size_t number;  ///< of the block, from 0 in the order they were taken
  const char* data;    ///< the first byte of the block
  std::size_t bytes;   ///< of the block
  bool dedicated;      ///< the block was taken for one request
  std::size_t offset;  ///< of the place, from `data`
};

/// Returns in which block of `arena` the byte at `ptr` lies, and where in it,
/// or nothing if it lies in none. What of a block is slop, tail or not yet
/// handed out counts as part of it. Any pointer may be asked about.
/// Complexity: O(slabs) if `ptr` lies in no slab, otherwise O(blocks).
[[nodiscard]] BITCOINLEVELDB_EXPORT std::optional<BlockPlace> find_block(
    const Arena& arena, const void* ptr) noexcept;

/// Returns whether `ptr` lies in a block of `arena`; otherwise as `find_block`.
[[nodiscard]] inline bool contains(const Arena& arena,
                                   const void* ptr) noexcept {
  return find_block(arena, ptr).has_value();
}

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_ARENA_STATS_H_
