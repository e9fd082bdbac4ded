// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What an arena would be after a sequence of requests, before memory is
// touched: the blocks it would take, its usage, what would remain. And that
// memory taken ahead, so that the sequence cannot fail half way.
//
//   bitcoinleveldb::ArenaForecast forecast(arena);
//   for (const Entry& entry : batch) forecast.add(entry.size()).add(48, 8);
//   if (forecast.usage() > write_buffer_bytes) flush_first();
//   bitcoinleveldb::reserve(arena, forecast);  // or throws, here and now
//
// It is arithmetic by LevelDB's policy (docs/parity.md, P1-P4 and D2) and
// exact, not an estimate. Alignments above `Arena::kBlockAlignment` are
// refused: where such a request comes to lie depends on addresses that are not
// known before there is memory.
//
// Thread safety: a forecast is a value; one thread at a time. Making one and
// reserving are for the arena's owner.

#ifndef BITCOINLEVELDB_ARENA_FORECAST_H_
#define BITCOINLEVELDB_ARENA_FORECAST_H_

#include <cstddef>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb {

/// Blocks of one size that would be taken one after the other: `bytes` of each,
/// their `count`, and whether they are `dedicated`.
using BlockRun = detail::BlockRun;

/// The state of an arena, carried on by requests that are not made.
///
/// Invariants:
/// 1. If the requests are made of the arena it was made from, with nothing in
///    between and no failure, the arena takes exactly `blocks()`, in that
///    order, and has then exactly `usage()` and `remaining()`.
class BITCOINLEVELDB_EXPORT ArenaForecast {
 public:
  /// Starts from the state `arena` is in now. An arena that holds no memory yet
  /// will have the process-wide defaults; they are taken as they are now.
  explicit ArenaForecast(const Arena& arena) noexcept;

  /// Adds a request for `bytes` bytes, as `Arena::allocate` would be asked, or
  /// with an `alignment` as `Arena::allocate_aligned` would; 0 bytes count as
  /// 1.
  /// THROWS: `std::invalid_argument` if `alignment` is no power of two or above
  /// `Arena::kBlockAlignment`; `std::bad_alloc` if usage would exceed what an
  /// object can be large. The forecast is then unchanged.
  ArenaForecast& add(std::size_t bytes, std::size_t alignment = 1) {
    return add_many(1, bytes, alignment);
  }

  /// Adds `count` such requests; otherwise as `add`.
  /// Complexity: O(1), whatever `count`.
  ArenaForecast& add_many(std::size_t count, std::size_t bytes,
                          std::size_t alignment = 1);

  /// Returns the blocks that would be taken, in order.
  [[nodiscard]] const std::vector<BlockRun>& blocks() const noexcept {
    return blocks_;
  }

  /// Returns how many blocks those are, and how many of them are dedicated.
  [[nodiscard]] std::size_t block_count() const noexcept;
  [[nodiscard]] std::size_t dedicated_count() const noexcept;

  /// Returns what `memory_usage` would be.
  [[nodiscard]] std::size_t usage() const noexcept { return usage_; }

  /// Returns how many bytes would remain of the current block.
  [[nodiscard]] std::size_t remaining() const noexcept { return remaining_; }

  /// Returns whether `arena` is in the state that this forecast started from.
  [[nodiscard]] bool starts_from(const Arena& arena) const noexcept;

 private:
  struct State {
    std::size_t block_bytes;
    std::size_t usage;
    std::size_t remaining;
  };
  static State state_of(const Arena& arena) noexcept;

  // Adds blocks to usage and to the list.
  void take(std::size_t bytes, std::size_t count, bool dedicated);

  State start_;
  std::size_t usage_;
  std::size_t remaining_;
  std::vector<BlockRun> blocks_;
};

/// Takes the memory that the requests of `forecast` need beyond what `arena`
/// has, in whole slabs. If exactly these requests are what the arena is asked
/// next, none of them can fail and no block source is called. A `MemoryBudget`
/// is charged here and now. What is not used is spare memory of the arena, as
/// after a reset; what was spare and is not needed may go back.
/// THROWS: `std::invalid_argument` if `arena` is no longer in the state that
/// `forecast` started from; `std::bad_alloc`, or what the block source throws.
/// The arena is then unchanged.
/// Complexity: O(blocks), and a look at the spare slabs for each slab needed.
BITCOINLEVELDB_EXPORT void reserve(Arena& arena, const ArenaForecast& forecast);

/// As `reserve`, but returns false for every failure and never throws.
[[nodiscard]] BITCOINLEVELDB_EXPORT bool try_reserve(
    Arena& arena, const ArenaForecast& forecast) noexcept;

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_ARENA_FORECAST_H_
