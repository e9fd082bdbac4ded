// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "report/memory_watch.h"

#include "bitcoinleveldb/process_memory.h"

namespace arenatest {

using bitcoinleveldb::ObservedArena;
using bitcoinleveldb::ObservedBlock;
using bitcoinleveldb::ObservedSlab;
using bitcoinleveldb::process_memory;
using bitcoinleveldb::process_residency;

// The points are written once, so that their pages are resident before the
// first reading.
MemoryWatch::MemoryWatch(std::size_t blocks_between, std::size_t points_max)
    : ArenaObserver(bitcoinleveldb::ArenaInterest::none()),
      blocks_between_(blocks_between),
      points_(points_max) {
  points_.clear();
  (void)process_residency();
  if (const auto residency = process_residency()) {
    has_residency_ = true;
    resident_at_start_ = residency->process_bytes;
  }
  start_ = std::clock();
}

void MemoryWatch::slab_taken(const ObservedArena& arena,
                             const ObservedSlab& slab) noexcept {
  arenas_[arena.number].reserved = slab.reserved_bytes;
}

void MemoryWatch::block_taken(const ObservedArena& arena,
                              const ObservedBlock& block) noexcept {
  arenas_[arena.number].usage = block.usage;
  if (++blocks_ < blocks_between_) return;
  blocks_ = 0;
  note();
}

void MemoryWatch::ending(const ObservedArena& arena) noexcept {
  arenas_.erase(arena.number);
}

void MemoryWatch::note() noexcept {
  if (points_.size() == points_.capacity()) return;
  const std::clock_t begun = std::clock();
  MemoryPoint point;
  point.seconds = seconds_until(begun);
  point.arenas = arenas_.size();
  for (const auto& [number, arena] : arenas_) {
    point.usage += arena.usage;
    point.reserved += arena.reserved;
  }
  const auto memory = process_memory();
  point.kept = memory.thread_bytes + memory.depot_bytes;
  if (const auto residency = process_residency()) {
    point.resident = static_cast<std::int64_t>(residency->process_bytes) -
                     static_cast<std::int64_t>(resident_at_start_);
    point.huge = residency->huge_bytes;
  }
  points_.push_back(point);
  reading_ += std::clock() - begun;
}

double MemoryWatch::seconds_until(std::clock_t now) const noexcept {
  return static_cast<double>(now - start_ - reading_) / CLOCKS_PER_SEC;
}

}  // namespace arenatest
