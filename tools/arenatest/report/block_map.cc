// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "report/block_map.h"

namespace arenatest {

using bitcoinleveldb::ObservedAllocation;
using bitcoinleveldb::ObservedArena;
using bitcoinleveldb::ObservedBlock;
using bitcoinleveldb::ObservedSlab;

void BlockMap::slab_taken(const ObservedArena& /*arena*/,
                          const ObservedSlab& slab) noexcept {
  totals_.reserved_bytes = slab.reserved_bytes;
}

void BlockMap::block_taken(const ObservedArena& arena,
                           const ObservedBlock& block) noexcept {
  block_bytes_ = arena.block_bytes;
  ++totals_.blocks;
  totals_.usage = block.usage;
  newest_ = block.number;
  if (block.number < blocks_max_) {
    blocks_.push_back({block.bytes, block.dedicated, 0, 0, {}});
  }
  if (block.dedicated) {
    ++totals_.dedicated_blocks;
    totals_.dedicated_bytes += block.bytes;
    return;
  }
  if (Block* const left = kept(current_)) {
    left->tail = block.tail;
    left->unused = 0;
  }
  if (block.tail != 0) ++totals_.tails;
  totals_.tail_bytes += block.tail;
  current_ = block.number;
}

void BlockMap::allocated(const ObservedArena& /*arena*/,
                         const ObservedAllocation& one) noexcept {
  if (!one.took_block) newest_ = current_;
  ++totals_.allocations;
  if (one.alignment > 1) ++totals_.aligned;
  totals_.requested_bytes += one.bytes;
  totals_.slop_bytes += one.slop;
  totals_.unused_bytes = one.remaining;
  sizes_.add(one.bytes);
  if (Block* const block = kept(newest_)) {
    block->allocations.push_back({one.slop, one.bytes, one.alignment});
  }
  if (Block* const current = kept(current_)) current->unused = one.remaining;
}

}  // namespace arenatest
