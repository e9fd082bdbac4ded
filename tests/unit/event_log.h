// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// An observer that writes down in words what it is told, a line an event.

#ifndef BITCOINLEVELDB_TESTS_UNIT_EVENT_LOG_H_
#define BITCOINLEVELDB_TESTS_UNIT_EVENT_LOG_H_

#include <cstddef>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "bitcoinleveldb/arena_observer.h"

namespace bitcoinleveldb {

class EventLog : public ArenaObserver {
 public:
  using ArenaObserver::ArenaObserver;

  void attached(const ObservedArena& arena, bool is_new) noexcept override {
    write(arena, "attached ", is_new ? "new " : "old ", arena.block_bytes);
  }
  void slab_taken(const ObservedArena& arena,
                  const ObservedSlab& slab) noexcept override {
    write(arena, "slab ", slab.bytes, " of ", slab.reserved_bytes);
    slabs.push_back(slab);
  }
  void block_taken(const ObservedArena& arena,
                   const ObservedBlock& block) noexcept override {
    write(arena, block.dedicated ? "dedicated block " : "block ", block.number,
          ": ", block.bytes, ", usage ", block.usage, ", tail ", block.tail);
    blocks.push_back(block);
  }
  void allocated(const ObservedArena& arena,
                 const ObservedAllocation& one) noexcept override {
    write(arena, "allocated ", one.bytes, " at ", one.alignment, ", slop ",
          one.slop, ", remaining ", one.remaining,
          one.took_block ? ", took block" : "");
    allocations.push_back(one);
  }
  void resized(const ObservedArena& arena, const char* ptr,
               std::size_t old_bytes, std::size_t new_bytes) noexcept override {
    write(arena, "resized ", old_bytes, " to ", new_bytes);
    resized_ptr = ptr;
  }
  void scope_begun(const ObservedArena& arena) noexcept override {
    write(arena, "scope begun");
  }
  void scope_rewinding(const ObservedArena& arena, std::size_t usage_before,
                       std::size_t keep_bytes) noexcept override {
    write(arena, "rewinding to ", usage_before, ", keep ", keep(keep_bytes));
  }
  void scope_ended(const ObservedArena& arena) noexcept override {
    write(arena, "scope ended");
  }
  void resetting(const ObservedArena& arena,
                 std::size_t keep_bytes) noexcept override {
    write(arena, "resetting, keep ", keep(keep_bytes));
  }
  void ending(const ObservedArena& arena) noexcept override {
    write(arena, "ending at usage ", arena.arena.memory_usage());
  }
  void out_of_memory(const ObservedArena& arena, std::size_t bytes,
                     std::size_t alignment) noexcept override {
    write(arena, "out of memory for ", keep(bytes), " at ", alignment);
  }

  // Returns what was told since the last call.
  std::vector<std::string> take() { return std::exchange(told, {}); }

  std::vector<std::string> told;
  std::vector<ObservedAllocation> allocations;
  std::vector<ObservedBlock> blocks;
  std::vector<ObservedSlab> slabs;
  const char* resized_ptr = nullptr;
  const Arena* arena_told = nullptr;  // the last one

 private:
  static std::string keep(std::size_t bytes) {
    return bytes == SIZE_MAX ? "all" : std::to_string(bytes);
  }

  template <class... Parts>
  void write(const ObservedArena& arena, const Parts&... parts) {
    std::ostringstream line;
    line << arena.number << ": ";
    (line << ... << parts);
    told.push_back(line.str());
    arena_told = &arena.arena;
  }
};

using Lines = std::vector<std::string>;

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_UNIT_EVENT_LOG_H_
