// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "checks_door.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <new>

#include "bitcoinleveldb/memory_checks.h"
#include "port/memory_checker.h"
#include "slabs.h"

namespace bitcoinleveldb::detail {

namespace {

// Closes [begin, end).
void close(char* begin, const char* end) noexcept {
  port::close_memory(begin, static_cast<std::size_t>(end - begin));
}

const char* end_of(const Slab& slab) noexcept {
  return reinterpret_cast<const char*>(&slab) + slab.bytes;
}

// Closes all that blocks can have of the slabs from `slab` to before `last`.
void close_slabs(const ArenaRecord& record, Slab* slab,
                 const Slab* last) noexcept {
  for (; slab != last; slab = slab->previous) {
    close(first_carved(record, *slab), end_of(*slab));
  }
}

// Has the checker forget the blocks from `block` to before `last`.
void end_blocks(const Block* block, const Block* last) noexcept {
  for (; block != last; block = block->previous()) {
    port::block_ends(block->data());
  }
}

// Returns the bytes from `ptr` to the next granule, at least one.
std::size_t gap_behind(const char* ptr) noexcept {
  constexpr std::size_t kGranule = port::kCheckedGranule;
  return kGranule - reinterpret_cast<std::uintptr_t>(ptr) % kGranule;
}

}  // namespace

ChecksDoor::ChecksDoor(const Arena& arena, bool gaps) noexcept
    : newest_slab_(ArenaInsider::record(arena)->newest_slab), gaps_(gaps) {}

// Of malloc, because programs replace operator new to count what they do.
void ChecksDoor::attach(Arena& arena) noexcept {
  const MemoryChecks checks = default_memory_checks();
  if (checks == MemoryChecks::kOff) return;
  void* const memory = std::malloc(sizeof(ChecksDoor));
  if (memory == nullptr) return;
  ArenaInsider::attach(
      arena, *new (memory) ChecksDoor(arena, checks == MemoryChecks::kGaps));
  const ArenaRecord& record = *ArenaInsider::record(arena);
  close(record.carve_ptr, record.carve_end);
  close_slabs(record, record.spare_slabs, nullptr);
}

void ChecksDoor::go() noexcept {
  this->~ChecksDoor();
  std::free(this);
}

// A slab that is new is closed, all but the head of its one block. One that was
// spare is closed already.
void ChecksDoor::took_block(const Arena& arena, const Block& block) noexcept {
  const ArenaRecord& record = *ArenaInsider::record(arena);
  Slab* const slab = record.newest_slab;
  auto* const head = const_cast<Block*>(&block);
  if (slab != newest_slab_) {
    close(first_carved(record, *slab), reinterpret_cast<const char*>(head));
    close(head->data(), end_of(*slab));
    newest_slab_ = slab;
  }
  port::guard_head(head, sizeof(Block));
  port::block_begins(head->data());
}

std::size_t ChecksDoor::passed(const Arena& arena,
                               const ColdAllocation& allocation) noexcept {
  const Block& newest = *ArenaInsider::newest_block(arena);
  if (allocation.took_block) took_block(arena, newest);
  const bool dedicated = allocation.took_block && newest.is_dedicated();
  port::allocated(
      dedicated ? newest.data() : ArenaInsider::current_block(arena),
      allocation.ptr, allocation.bytes);
  if (gaps_ && !dedicated) {
    const std::size_t gap = gap_behind(ArenaInsider::position(arena));
    ArenaInsider::leave_gap(arena,
                            std::min(gap, ArenaInsider::remaining(arena)));
  }
  return 0;
}

void ChecksDoor::resized(const Arena& arena, char* ptr, std::size_t old_bytes,
                         std::size_t new_bytes) noexcept {
  const Block& newest = *ArenaInsider::newest_block(arena);
  const bool dedicated = newest.is_dedicated() && ptr == newest.data();
  port::resized(dedicated ? newest.data() : ArenaInsider::current_block(arena),
                ptr, old_bytes, new_bytes);
}

void ChecksDoor::reserved(const Arena& arena) noexcept {
  const ArenaRecord& record = *ArenaInsider::record(arena);
  close_slabs(record, record.spare_slabs, nullptr);
}

// What was taken since lies in the rest of the block of then, behind what was
// carved then, and in slabs taken since.
void ChecksDoor::rewinding(Arena& arena, const ArenaMark& mark,
                           std::size_t /*keep_bytes*/) noexcept {
  end_blocks(ArenaInsider::newest_block(arena), mark.newest_block);
  if (mark.block_end != nullptr) {
    const char* const block = mark.block_end - ArenaInsider::block_bytes(arena);
    port::block_shrinks(block,
                        static_cast<std::size_t>(mark.alloc_ptr - block));
    close(mark.alloc_ptr, mark.block_end);
  }
  close(mark.carve_ptr, mark.carve_end);
  const ArenaRecord& record = *ArenaInsider::record(arena);
  close_slabs(record, record.newest_slab, mark.newest_slab);
  newest_slab_ = mark.newest_slab;
}

// A reset that is to leave nothing keeps the record while there are doors, so
// the last one goes.
void ChecksDoor::resetting(Arena& arena, std::size_t keep_bytes) noexcept {
  const ArenaRecord& record = *ArenaInsider::record(arena);
  end_blocks(ArenaInsider::newest_block(arena), nullptr);
  if (ArenaInsider::is_only_door(arena, *this) && !record.made_with_options &&
      keep_bytes < record.slab.bytes) {
    ArenaInsider::detach(arena, *this);
    go();
    return;
  }
  close_slabs(record, record.newest_slab, nullptr);
  newest_slab_ = &record.slab;
}

void ChecksDoor::ending(Arena& arena) noexcept {
  end_blocks(ArenaInsider::newest_block(arena), nullptr);
  go();
}

}  // namespace bitcoinleveldb::detail
