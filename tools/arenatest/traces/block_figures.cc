// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "traces/block_figures.h"

#include <optional>

#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/trace_replay.h"

namespace arenatest {

using bitcoinleveldb::Arena;
using bitcoinleveldb::ObservedAllocation;
using bitcoinleveldb::ObservedArena;
using bitcoinleveldb::ObservedBlock;
using bitcoinleveldb::ObservedSlab;
using bitcoinleveldb::detail::ArenaInsider;

void BlockFiguresObserver::slab_taken(const ObservedArena& /*arena*/,
                                      const ObservedSlab& /*slab*/) noexcept {
  ++figures_.slabs;
}

void BlockFiguresObserver::block_taken(const ObservedArena& /*arena*/,
                                       const ObservedBlock& block) noexcept {
  figures_.tail_bytes += block.tail;
  figures_.pointer_bytes += sizeof(char*);
  dedicated_bytes_ = block.dedicated ? block.bytes : 0;
  ++(block.dedicated ? figures_.dedicated_blocks : figures_.standard_blocks);
  (block.dedicated ? figures_.dedicated_bytes : figures_.standard_bytes) +=
      block.bytes;
}

void BlockFiguresObserver::allocated(
    const ObservedArena& /*arena*/,
    const ObservedAllocation& allocation) noexcept {
  figures_.asked_bytes += allocation.bytes;
  figures_.slop_bytes += allocation.slop;
  if (dedicated_bytes_ != 0) {
    figures_.dedicated_waste_bytes +=
        dedicated_bytes_ - allocation.bytes - allocation.slop;
    dedicated_bytes_ = 0;
  }
}

void BlockFiguresObserver::resized(const ObservedArena& /*arena*/,
                                   const char* /*ptr*/, std::size_t old_bytes,
                                   std::size_t new_bytes) noexcept {
  figures_.asked_bytes += new_bytes;
  figures_.asked_bytes -= old_bytes;
}

void BlockFiguresObserver::resetting(const ObservedArena& arena,
                                     std::size_t /*keep_bytes*/) noexcept {
  figures_.unused_bytes += ArenaInsider::remaining(arena.arena);
}

void BlockFiguresObserver::ending(const ObservedArena& arena) noexcept {
  figures_.unused_bytes += ArenaInsider::remaining(arena.arena);
}

BlockFigures block_figures_of(const bitcoinleveldb::DecodedTrace& trace) {
  BlockFiguresObserver observer;
  const auto make = [&](std::optional<Arena>& arena, std::size_t block_bytes) {
    bitcoinleveldb::MakeAsRecorded()(arena, block_bytes);
    attach_observer(*arena, observer);
  };
  {
    bitcoinleveldb::TraceReplay<Arena, decltype(make)> replay(trace, make);
    replay.run();
  }
  return observer.figures();
}

}  // namespace arenatest
