// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/arena_stats.h"

#include <algorithm>
#include <cstdint>
#include <ostream>

#include "bitcoinleveldb/detail/arena_insider.h"

namespace bitcoinleveldb {

namespace {

using detail::ArenaInsider;
using detail::ArenaRecord;
using detail::Block;
using detail::Slab;

// Pointers into different objects must not be compared; their addresses may.
bool lies_in(const void* ptr, const void* start, std::size_t bytes) {
  return reinterpret_cast<std::uintptr_t>(ptr) -
             reinterpret_cast<std::uintptr_t>(start) <
         bytes;
}

void add_blocks(const Arena& arena, ArenaStats& stats) {
  const char* const current = ArenaInsider::current_block(arena);
  for (const Block* block = ArenaInsider::newest_block(arena); block != nullptr;
       block = block->previous()) {
    ++stats.blocks;
    if (block->is_dedicated()) {
      ++stats.dedicated_blocks;
      stats.dedicated_bytes += block->bytes();
    } else if (block->data() != current && block->tail() != 0) {
      ++stats.tails;
      stats.tail_bytes += block->tail();
    }
  }
}

void add_slabs(const ArenaRecord& record, ArenaStats& stats) {
  for (const Slab* slab = record.newest_slab; slab != nullptr;
       slab = slab->previous) {
    ++stats.slabs;
    stats.reserved_bytes += slab->bytes;
  }
  for (const Slab* slab = record.spare_slabs; slab != nullptr;
       slab = slab->previous) {
    ++stats.spare_slabs;
    stats.spare_bytes += slab->bytes;
  }
  stats.slabs += stats.spare_slabs;
  stats.reserved_bytes += stats.spare_bytes;
}

bool lies_in_a_slab(const ArenaRecord& record, const void* ptr) {
  for (const Slab* slab = record.newest_slab; slab != nullptr;
       slab = slab->previous) {
    if (lies_in(ptr, slab, slab->bytes)) return true;
  }
  return false;
}

std::string count_of_bytes(std::size_t count, std::size_t bytes) {
  return std::to_string(count) + " of " + std::to_string(bytes) + " bytes";
}

}  // namespace

ArenaStats stats(const Arena& arena) noexcept {
  ArenaStats stats;
  stats.usage = arena.memory_usage();
  stats.usage_peak = stats.usage;
  const ArenaRecord* const record = ArenaInsider::record(arena);
  if (record == nullptr) return stats;
  stats.usage_peak = std::max(stats.usage, record->usage_peak);
  add_blocks(arena, stats);
  add_slabs(*record, stats);
  return stats;
}

std::string summary(const ArenaStats& stats) {
  return "usage " + std::to_string(stats.usage) + " (peak " +
         std::to_string(stats.usage_peak) + "), blocks " +
         std::to_string(stats.blocks) + " (dedicated " +
         count_of_bytes(stats.dedicated_blocks, stats.dedicated_bytes) +
         "), tails " + count_of_bytes(stats.tails, stats.tail_bytes) +
         ", slabs " + count_of_bytes(stats.slabs, stats.reserved_bytes) +
         " (spare " + count_of_bytes(stats.spare_slabs, stats.spare_bytes) +
         ")";
}

std::ostream& operator<<(std::ostream& out, const ArenaStats& stats) {
  return out << summary(stats);
}

std::optional<BlockPlace> find_block(const Arena& arena,
                                     const void* ptr) noexcept {
  const ArenaRecord* const record = ArenaInsider::record(arena);
  if (record == nullptr || !lies_in_a_slab(*record, ptr)) return std::nullopt;
  std::size_t number = record->blocks;
  for (const Block* block = ArenaInsider::newest_block(arena); block != nullptr;
       block = block->previous()) {
    --number;
    if (!lies_in(ptr, block->data(), block->bytes())) continue;
    return BlockPlace{number, block->data(), block->bytes(),
                      block->is_dedicated(),
                      static_cast<std::size_t>(static_cast<const char*>(ptr) -
                                               block->data())};
  }
  return std::nullopt;
}

}  // namespace bitcoinleveldb
