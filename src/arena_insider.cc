// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/detail/arena_insider.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "bitcoinleveldb/detail/failure.h"
#include "bitcoinleveldb/detail/placement.h"
#include "default_observers.h"
#include "linked_list.h"
#include "options_check.h"
#include "port/probes.h"
#include "slabs.h"
#include "without_throwing.h"

namespace bitcoinleveldb::detail {

namespace {
// The kind of a mark.
constexpr char kMark = 0;
}  // namespace

void ArenaInsider::open(Arena& arena) {
  if (arena.record_ != nullptr) return;
  const ArenaOptions options = default_arena_options();
  arena.record_ = open_record(options);
  if (arena.record_ == nullptr) fail_exhausted(options.block_bytes);
  DefaultObservers::reach_new(arena);
}

bool ArenaInsider::allows(const ArenaOptions& options) noexcept {
  return is_allowed(options);
}

bool ArenaInsider::try_open(Arena& arena,
                            const ArenaOptions& options) noexcept {
  arena.record_ = without_throwing([&options] { return open_record(options); });
  if (arena.record_ == nullptr) return false;
  arena.record_->made_with_options = true;
  DefaultObservers::reach_new(arena);
  return true;
}

template <class Call>
void ArenaInsider::for_each(const ArenaRecord& record, Call call) noexcept {
  for (ArenaDoor* door = record.doors; door != nullptr; door = door->next_) {
    call(*door);
  }
}

void ArenaInsider::attach(Arena& arena, ArenaDoor& door) {
  open(arena);
  link_first(arena.record_->doors, door, &ArenaDoor::next_);
  door.told_ = false;
  arena.alloc_bytes_remaining_ = 0;
}

void ArenaInsider::attach_last(Arena& arena, ArenaDoor& door) {
  open(arena);
  ArenaDoor** link = &arena.record_->doors;
  while (*link != nullptr) link = &(*link)->next_;
  link_first(*link, door, &ArenaDoor::next_);
  door.told_ = false;
  arena.alloc_bytes_remaining_ = 0;
}

void ArenaInsider::detach(Arena& arena, ArenaDoor& door) noexcept {
  if (arena.record_ == nullptr) return;
  if (unlink(arena.record_->doors, door, &ArenaDoor::next_)) {
    restore_count(arena);
  }
}

void ArenaInsider::ask_doors(Arena& arena) noexcept {
  if (arena.record_ == nullptr) return;
  for_each(*arena.record_, [](ArenaDoor& door) { door.skip_ = 0; });
  restore_count(arena);
}

// What doors have granted may have gone by, so they are asked again at the next
// call. Marks need not be asked.
void ArenaInsider::restore_count(Arena& arena) noexcept {
  const ArenaDoor* door = arena.record_->doors;
  while (door != nullptr && door->kind_ == &kMark) door = door->next_;
  arena.alloc_bytes_remaining_ = door == nullptr ? remaining(arena) : 0;
}

ArenaDoor* ArenaInsider::find_door(const Arena& arena,
                                   const void* kind) noexcept {
  ArenaDoor* door = arena.record_ == nullptr ? nullptr : arena.record_->doors;
  while (door != nullptr && door->kind_ != kind) door = door->next_;
  return door;
}

ArenaRecord& ArenaInsider::exchange_record(Arena& arena,
                                           ArenaRecord& record) noexcept {
  ArenaDoor** from = &arena.record_->doors;
  ArenaDoor** to = &record.doors;
  while (*to != nullptr) to = &(*to)->next_;
  while (ArenaDoor* const door = *from) {
    if (door->lies_in_arena_) {
      from = &door->next_;
    } else {
      *from = std::exchange(door->next_, nullptr);
      *to = door;
      to = &door->next_;
    }
  }
  return *std::exchange(arena.record_, &record);
}

// A door that is told may detach any other and exchange the record, so the
// search for the next one starts anew; there are never more than a handful.
template <class Call>
void ArenaInsider::tell_each(const Arena& arena, Call call) noexcept {
  for (ArenaDoor* door = arena.record_->doors; door != nullptr;) {
    if (door->told_) {
      door = door->next_;
    } else {
      door->told_ = true;
      call(*door);
      door = arena.record_->doors;
    }
  }
  for_each(*arena.record_, [](ArenaDoor& door) { door.told_ = false; });
}

void ArenaInsider::tell_resetting(Arena& arena,
                                  std::size_t keep_bytes) noexcept {
  if (innermost_mark(arena) != nullptr) {
    fail_misuse("an arena was reset within an ArenaScope on it");
  }
  tell_each(arena, [&arena, keep_bytes](ArenaDoor& door) {
    door.resetting(arena, keep_bytes);
  });
}

void ArenaInsider::tell_ending(Arena& arena) noexcept {
  if (innermost_mark(arena) != nullptr) {
    fail_misuse("an arena ended before an ArenaScope on it");
  }
  while (arena.record_->doors != nullptr) {
    ArenaDoor& door = *arena.record_->doors;
    arena.record_->doors = door.next_;
    door.ending(arena);
  }
}

void ArenaInsider::tell_reserved(const Arena& arena) noexcept {
  for_each(*arena.record_, [&arena](ArenaDoor& one) { one.reserved(arena); });
}

// Whoever tells doors has the arena, and not only to look at.
void ArenaInsider::leave_gap(const Arena& arena, std::size_t bytes) noexcept {
  const_cast<Arena&>(arena).alloc_ptr_ += bytes;
}

// A door that skips blocks has no wish to be told of what comes before them.
void ArenaInsider::tell_entering(const Arena& arena) noexcept {
  for_each(*arena.record_, [&arena](ArenaDoor& door) {
    if (door.skip_ == 0) door.entering(arena);
  });
}

void ArenaInsider::tell_handed_over(const Arena& arena) noexcept {
  if (arena.record_ == nullptr) return;
  for_each(*arena.record_,
           [&arena](ArenaDoor& door) { door.handed_over(arena); });
}

void ArenaInsider::tell_exhausted(const Arena& arena, std::size_t bytes,
                                  std::size_t alignment) noexcept {
  BITCOINLEVELDB_PROBE(out_of_memory, 5, &arena, arena.record_, bytes,
                       alignment, arena.memory_usage());
  if (arena.record_ == nullptr) {
    DefaultObservers::tell_exhausted(arena, bytes, alignment);
    return;
  }
  for_each(*arena.record_, [&arena, bytes, alignment](ArenaDoor& door) {
    door.exhausted(arena, bytes, alignment);
  });
}

void ArenaInsider::set_mark(Arena& arena, ArenaMark& mark) {
  open(arena);
  ArenaRecord& record = *arena.record_;
  mark.alloc_ptr = arena.alloc_ptr_;
  mark.block_end = arena.block_end_;
  mark.newest_block = arena.newest_block_;
  mark.usage = arena.memory_usage();
  mark.blocks = record.blocks;
  mark.newest_slab = record.newest_slab;
  mark.carve_ptr = record.carve_ptr;
  mark.carve_end = record.carve_end;
  // It takes the place of the one before, so that however deep scopes nest, the
  // doors are few.
  ArenaDoor** const link = link_of_mark(arena);
  ArenaDoor* const outer = *link;
  ArenaDoor& door = mark;
  door.kind_ = &kMark;
  door.next_ = outer == nullptr ? nullptr : outer->next_;
  mark.outer = static_cast<ArenaMark*>(outer);
  *link = &door;
  for_each(record, [&arena](ArenaDoor& one) { one.marked(arena); });
}

void ArenaInsider::lift_mark(Arena& arena, ArenaMark& mark) noexcept {
  ArenaDoor* const next = static_cast<ArenaDoor&>(mark).next_;
  ArenaDoor** const link = link_of_mark(arena);
  *link = next;
  if (mark.outer != nullptr) {
    ArenaDoor& outer = *mark.outer;
    outer.next_ = next;
    *link = &outer;
  }
  for_each(*arena.record_,
           [&arena](ArenaDoor& one) { one.mark_lifted(arena); });
}

ArenaDoor** ArenaInsider::link_of_mark(const Arena& arena) noexcept {
  ArenaDoor** link = &arena.record_->doors;
  while (*link != nullptr && (*link)->kind_ != &kMark) link = &(*link)->next_;
  return link;
}

const ArenaMark* ArenaInsider::innermost_mark(const Arena& arena) noexcept {
  return static_cast<const ArenaMark*>(find_door(arena, &kMark));
}

void ArenaInsider::rewind(Arena& arena, const ArenaMark& mark,
                          std::size_t keep_bytes) noexcept {
  tell_each(arena, [&arena, &mark, keep_bytes](ArenaDoor& door) {
    door.rewinding(arena, mark, keep_bytes);
  });
  ArenaRecord& record = *arena.record_;
  record.usage_peak = std::max(record.usage_peak, arena.memory_usage());
  rewind_slabs(record, mark, keep_bytes);
  arena.alloc_ptr_ = mark.alloc_ptr;
  arena.block_end_ = mark.block_end;
  arena.newest_block_ = mark.newest_block;
  // Relaxed, as wherever the owner writes its usage: nothing pairs with it.
  arena.memory_usage_.store(mark.usage, std::memory_order_relaxed);
  restore_count(arena);
  DefaultObservers::reach_given_back(arena, remaining(arena));
}

// The newest block and the current block each have a last allocation, and what
// lies behind either is free.
bool ArenaInsider::resize_newest(Arena& arena, char* ptr, std::size_t old_bytes,
                                 std::size_t new_bytes) noexcept {
  if (arena.newest_block_ == nullptr) return false;
  old_bytes = served_bytes(old_bytes);
  new_bytes = served_bytes(new_bytes);
  const bool dedicated =
      arena.newest_block_->is_dedicated() && ptr == arena.newest_block_->data();
  const bool done = dedicated ? resize_dedicated(arena, old_bytes, new_bytes)
                              : resize_bumped(arena, ptr, old_bytes, new_bytes);
  if (!done) return false;
  restore_count(arena);
  for_each(*arena.record_, [&](ArenaDoor& door) {
    door.resized(arena, ptr, old_bytes, new_bytes);
  });
  // Who is attached draws anew where its sample goes on in the current block.
  // For one that is late the same is done here: whether it is attached by now
  // depends on what was drawn before.
  DefaultObservers::reach_given_back(arena, remaining(arena));
  return true;
}

bool ArenaInsider::resize_bumped(Arena& arena, char* ptr, std::size_t old_bytes,
                                 std::size_t new_bytes) noexcept {
  // Where there is no current block, nothing of it is used either.
  const auto used =
      static_cast<std::size_t>(arena.alloc_ptr_ - current_block(arena));
  if (old_bytes > used || ptr != arena.alloc_ptr_ - old_bytes ||
      new_bytes > remaining(arena) + old_bytes) {
    return false;
  }
  const ArenaMark* const mark = innermost_mark(arena);
  if (mark != nullptr && mark->block_end == arena.block_end_ &&
      ptr < mark->alloc_ptr) {
    return false;
  }
  arena.alloc_ptr_ = ptr + new_bytes;
  return true;
}

bool ArenaInsider::resize_dedicated(Arena& arena, std::size_t old_bytes,
                                    std::size_t new_bytes) noexcept {
  Block& block = *arena.newest_block_;
  const ArenaMark* const mark = innermost_mark(arena);
  if (mark != nullptr && mark->newest_block == &block) return false;
  if (old_bytes != block.bytes() ||
      !is_dedicated(new_bytes, block_bytes(arena)) ||
      !resize_newest_block(*arena.record_, block, new_bytes)) {
    return false;
  }
  std::size_t& peak = arena.record_->usage_peak;
  peak = std::max(peak, arena.memory_usage());
  // Relaxed, as wherever the owner writes its usage: nothing pairs with it.
  arena.memory_usage_.store(arena.memory_usage() + new_bytes - old_bytes,
                            std::memory_order_relaxed);
  return true;
}

}  // namespace bitcoinleveldb::detail
