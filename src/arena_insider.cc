// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/detail/arena_insider.h"

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "bitcoinleveldb/detail/failure.h"
#include "slabs.h"

namespace bitcoinleveldb::detail {

void ArenaInsider::open(Arena& arena) {
  if (arena.record_ != nullptr) return;
  const ArenaOptions options = default_arena_options();
  arena.record_ =
      open_record(options, options.block_bytes, Arena::kBlockAlignment);
  if (arena.record_ == nullptr) fail_exhausted(options.block_bytes);
}

void ArenaInsider::attach(Arena& arena, ArenaDoor& door) {
  open(arena);
  door.next_ = arena.record_->doors;
  arena.record_->doors = &door;
  arena.alloc_bytes_remaining_ = 0;
}

void ArenaInsider::detach(Arena& arena, ArenaDoor& door) noexcept {
  if (arena.record_ == nullptr) return;
  ArenaDoor** link = &arena.record_->doors;
  while (*link != nullptr && *link != &door) link = &(*link)->next_;
  if (*link == nullptr) return;
  *link = door.next_;
  // The other doors are asked again at the next call.
  arena.alloc_bytes_remaining_ =
      arena.record_->doors == nullptr ? remaining(arena) : 0;
}

ArenaDoor* ArenaInsider::find_door(const Arena& arena,
                                   const void* kind) noexcept {
  ArenaDoor* door = arena.record_ == nullptr ? nullptr : arena.record_->doors;
  while (door != nullptr && door->kind_ != kind) door = door->next_;
  return door;
}

// A door that is told may detach any other, so the search for the next one
// starts at the first door again; there are never more than a handful.
template <class Call>
void ArenaInsider::tell_each(const ArenaRecord& record, Call call) noexcept {
  for (ArenaDoor* door = record.doors; door != nullptr; door = door->next_) {
    door->told_ = false;
  }
  for (ArenaDoor* door = record.doors; door != nullptr;) {
    if (door->told_) {
      door = door->next_;
    } else {
      door->told_ = true;
      call(*door);
      door = record.doors;
    }
  }
}

void ArenaInsider::tell_resetting(Arena& arena) noexcept {
  if (arena.record_->newest_mark != nullptr) {
    fail_misuse("an arena was reset within an ArenaScope on it");
  }
  tell_each(*arena.record_,
            [&arena](ArenaDoor& door) { door.resetting(arena); });
}

void ArenaInsider::tell_ending(Arena& arena) noexcept {
  if (arena.record_->newest_mark != nullptr) {
    fail_misuse("an arena ended before an ArenaScope on it");
  }
  while (arena.record_->doors != nullptr) {
    ArenaDoor& door = *arena.record_->doors;
    arena.record_->doors = door.next_;
    door.ending(arena);
  }
}

void ArenaInsider::set_mark(Arena& arena, ArenaMark& mark) {
  open(arena);
  ArenaRecord& record = *arena.record_;
  mark = {record.newest_mark,  arena.alloc_ptr_,    arena.block_end_,
          arena.newest_block_, record.dedicated_at, arena.memory_usage(),
          record.blocks,       record.newest_slab,  record.carve_ptr,
          record.carve_end};
  record.newest_mark = &mark;
}

void ArenaInsider::rewind(Arena& arena, const ArenaMark& mark,
                          std::size_t keep_bytes) noexcept {
  ArenaRecord& record = *arena.record_;
  tell_each(record,
            [&arena, &mark](ArenaDoor& door) { door.rewinding(arena, mark); });
  rewind_slabs(record, mark, keep_bytes);
  arena.alloc_ptr_ = mark.alloc_ptr;
  arena.block_end_ = mark.block_end;
  arena.newest_block_ = mark.newest_block;
  // Relaxed, as wherever the owner writes its usage: nothing pairs with it.
  arena.memory_usage_.store(mark.usage, std::memory_order_relaxed);
  // Doors are asked again at the next call: what they granted has gone by.
  arena.alloc_bytes_remaining_ = record.doors == nullptr ? remaining(arena) : 0;
}

// No block taken since the mark: then what was allocated since lies in the
// part of the current block that was free, and nothing older does.
bool ArenaInsider::is_after(const ArenaMark& mark, const void* ptr,
                            std::size_t blocks) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(ptr);
  return blocks > mark.blocks ||
         (address >= reinterpret_cast<std::uintptr_t>(mark.alloc_ptr) &&
          address < reinterpret_cast<std::uintptr_t>(mark.block_end));
}

bool ArenaInsider::resize_newest(Arena& arena, char* ptr, std::size_t old_bytes,
                                 std::size_t new_bytes) noexcept {
  if (arena.newest_block_ == nullptr) return false;
  const ArenaRecord& record = *arena.record_;
  const ArenaMark* const mark = record.newest_mark;
  if (mark != nullptr && mark->alloc_ptr == arena.alloc_ptr_ &&
      mark->newest_block == arena.newest_block_) {
    return false;
  }
  old_bytes = std::max<std::size_t>(old_bytes, 1);
  new_bytes = std::max<std::size_t>(new_bytes, 1);
  // Every bump moves the pointer on, so where it has not moved since the newest
  // dedicated block, that block holds the newest allocation.
  const bool done = arena.alloc_ptr_ == record.dedicated_at
                        ? resize_dedicated(arena, ptr, old_bytes, new_bytes)
                        : resize_bumped(arena, ptr, old_bytes, new_bytes);
  if (!done) return false;
  for (ArenaDoor* door = record.doors; door != nullptr; door = door->next_) {
    door->resized(ptr, old_bytes, new_bytes);
  }
  return true;
}

bool ArenaInsider::resize_bumped(Arena& arena, char* ptr, std::size_t old_bytes,
                                 std::size_t new_bytes) noexcept {
  const auto used =
      static_cast<std::size_t>(arena.alloc_ptr_ - current_block(arena));
  if (old_bytes > used || ptr != arena.alloc_ptr_ - old_bytes ||
      new_bytes > remaining(arena) + old_bytes) {
    return false;
  }
  arena.alloc_ptr_ = ptr + new_bytes;
  // Doors are asked again at the next call.
  arena.alloc_bytes_remaining_ =
      arena.record_->doors == nullptr ? remaining(arena) : 0;
  return true;
}

bool ArenaInsider::resize_dedicated(Arena& arena, const char* ptr,
                                    std::size_t old_bytes,
                                    std::size_t new_bytes) noexcept {
  Block& block = *arena.newest_block_;
  if (ptr != block.data() || old_bytes != block.bytes ||
      !is_dedicated(new_bytes, arena.record_->block_bytes) ||
      !resize_newest_block(*arena.record_, block, new_bytes)) {
    return false;
  }
  // Relaxed, as wherever the owner writes its usage: nothing pairs with it.
  arena.memory_usage_.store(arena.memory_usage() + new_bytes - old_bytes,
                            std::memory_order_relaxed);
  return true;
}

}  // namespace bitcoinleveldb::detail
