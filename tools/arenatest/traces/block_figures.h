// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// What arenas of ours make of a trace: their blocks, and the bytes that no one
// asked for, by cause.

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_TRACES_BLOCK_FIGURES_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_TRACES_BLOCK_FIGURES_H_

#include <cstdint>

#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/decoded_trace.h"

namespace arenatest {

// Over all that was ever allocated, what a scope or a reset gave back included.
struct BlockFigures {
  std::uint64_t asked_bytes = 0;  // for, by allocations and resizes
  std::uint64_t slop_bytes = 0;
  std::uint64_t tail_bytes = 0;
  // What was left of the current block at a reset or at the arena's end.
  std::uint64_t unused_bytes = 0;
  // What a dedicated block has more than was asked for.
  std::uint64_t dedicated_waste_bytes = 0;
  std::uint64_t pointer_bytes = 0;  // counted in usage for each block

  std::uint64_t standard_blocks = 0;
  std::uint64_t standard_bytes = 0;
  std::uint64_t dedicated_blocks = 0;
  std::uint64_t dedicated_bytes = 0;
  std::uint64_t slabs = 0;  // taken into use, those used again included

  // Without scopes and resizes, asked_bytes and this are all block bytes.
  [[nodiscard]] std::uint64_t waste_bytes() const {
    return slop_bytes + tail_bytes + unused_bytes + dedicated_waste_bytes;
  }
};

// Gathers the figures of the arenas it is attached to.
class BlockFiguresObserver final : public bitcoinleveldb::ArenaObserver {
 public:
  void slab_taken(const bitcoinleveldb::ObservedArena& arena,
                  const bitcoinleveldb::ObservedSlab& slab) noexcept override;
  void block_taken(
      const bitcoinleveldb::ObservedArena& arena,
      const bitcoinleveldb::ObservedBlock& block) noexcept override;
  void allocated(
      const bitcoinleveldb::ObservedArena& arena,
      const bitcoinleveldb::ObservedAllocation& allocation) noexcept override;
  void resized(const bitcoinleveldb::ObservedArena& arena, const char* ptr,
               std::size_t old_bytes, std::size_t new_bytes) noexcept override;
  void resetting(const bitcoinleveldb::ObservedArena& arena,
                 std::size_t keep_bytes) noexcept override;
  void ending(const bitcoinleveldb::ObservedArena& arena) noexcept override;

  [[nodiscard]] const BlockFigures& figures() const { return figures_; }

 private:
  BlockFigures figures_;
  std::size_t dedicated_bytes_ = 0;  // of the block taken last, if it is one
};

// Replays `trace` on arenas of ours with the recorded block sizes.
BlockFigures block_figures_of(const bitcoinleveldb::DecodedTrace& trace);

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_TRACES_BLOCK_FIGURES_H_
