// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_REPORT_BLOCK_MAP_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_REPORT_BLOCK_MAP_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bitcoinleveldb/arena_observer.h"
#include "report/size_histogram.h"

namespace arenatest {

// What lies where in the blocks of one arena, seen while it is filled. To be
// attached to a single arena before its first allocation; the arena is not
// reset, no scope is begun on it and no allocation resized. Of its first blocks
// every allocation is kept, of the others only what they add to the totals.
//
// It keeps what it is told in vectors; memory that runs out for these ends the
// program, because an observer may not throw.
class BlockMap final : public bitcoinleveldb::ArenaObserver {
 public:
  // In a block an allocation follows the one before, its slop between them.
  struct Allocation {
    std::size_t slop;
    std::size_t bytes;
    std::size_t alignment;  // as asked for
  };

  struct Block {
    std::size_t bytes = 0;
    bool dedicated = false;
    std::size_t tail = 0;    // left behind for good
    std::size_t unused = 0;  // of the current block: still to be handed out
    std::vector<Allocation> allocations;
  };

  // `usage` is what they add up to: requested, slop, tails, unused, and a
  // pointer for each block.
  struct Totals {
    std::uint64_t allocations = 0;
    std::uint64_t aligned = 0;  // of these, to more than one byte
    std::size_t requested_bytes = 0;
    std::size_t slop_bytes = 0;
    std::size_t tails = 0;
    std::size_t tail_bytes = 0;
    std::size_t unused_bytes = 0;
    std::size_t blocks = 0;
    std::size_t dedicated_blocks = 0;
    std::size_t dedicated_bytes = 0;
    std::size_t usage = 0;
    std::size_t reserved_bytes = 0;
  };

  explicit BlockMap(std::size_t blocks_max) noexcept
      : blocks_max_(blocks_max) {}

  void slab_taken(const bitcoinleveldb::ObservedArena& arena,
                  const bitcoinleveldb::ObservedSlab& slab) noexcept override;
  void block_taken(
      const bitcoinleveldb::ObservedArena& arena,
      const bitcoinleveldb::ObservedBlock& block) noexcept override;
  void allocated(
      const bitcoinleveldb::ObservedArena& arena,
      const bitcoinleveldb::ObservedAllocation& one) noexcept override;

  // The first blocks in the order they were taken, at most `blocks_max`.
  [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }
  [[nodiscard]] const Totals& totals() const { return totals_; }
  [[nodiscard]] const SizeHistogram& sizes() const { return sizes_; }
  [[nodiscard]] std::size_t block_bytes() const { return block_bytes_; }

 private:
  static constexpr std::size_t kNone = SIZE_MAX;

  // Returns the block of that number, or null if it is not kept.
  Block* kept(std::size_t number) noexcept {
    return number < blocks_.size() ? &blocks_[number] : nullptr;
  }

  std::size_t blocks_max_;
  std::vector<Block> blocks_;
  Totals totals_;
  SizeHistogram sizes_;
  std::size_t block_bytes_ = 0;
  std::size_t current_ = kNone;  // number of the newest standard block
  std::size_t newest_ = kNone;   // number of the block allocated from last
};

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_REPORT_BLOCK_MAP_H_
