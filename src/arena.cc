// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/arena.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/detail/failure.h"
#include "bitcoinleveldb/detail/placement.h"
#include "default_observers.h"
#include "options_check.h"
#include "port/probes.h"
#include "slabs.h"
#include "without_throwing.h"

namespace bitcoinleveldb {

namespace {

// Returns whether a request for which a block is taken lies at the start of a
// standard one, wherever that is.
bool begins_standard_block(std::size_t bytes, std::size_t alignment,
                           std::size_t block_bytes) {
  return detail::is_inline_alignment(alignment) && bytes != 0 &&
         !detail::is_dedicated(bytes, block_bytes);
}

}  // namespace

Arena::Arena(const ArenaOptions& options) {
  detail::check_options(options);
  record_ = detail::open_record(options);
  if (record_ == nullptr) detail::fail_exhausted(options.block_bytes);
  record_->made_with_options = true;
  detail::DefaultObservers::reach_new(*this);
}

Arena& Arena::operator=(Arena&& other) noexcept {
  if (this != &other) {
    if (record_ != nullptr) release_slabs();
    take(other);
  }
  return *this;
}

void Arena::take(Arena& other) noexcept {
  alloc_ptr_ = std::exchange(other.alloc_ptr_, nullptr);
  alloc_bytes_remaining_ = std::exchange(other.alloc_bytes_remaining_, 0);
  record_ = std::exchange(other.record_, nullptr);
  newest_block_ = std::exchange(other.newest_block_, nullptr);
  block_end_ = std::exchange(other.block_end_, nullptr);
  memory_usage_.store(other.memory_usage(), std::memory_order_relaxed);
  other.memory_usage_.store(0, std::memory_order_relaxed);
}

void Arena::release_slabs() noexcept {
  using detail::ArenaInsider;
  if (record_->doors != nullptr) ArenaInsider::tell_ending(*this);
  detail::release_slabs(record_);
}

void Arena::reset(std::size_t keep_bytes) noexcept {
  using detail::ArenaInsider;
  if (record_ == nullptr) return;
  BITCOINLEVELDB_PROBE(reset, 4, this, record_, memory_usage(), keep_bytes);
  if (record_->doors != nullptr) {
    ArenaInsider::tell_resetting(*this, keep_bytes);
  }
  record_->usage_peak = std::max(record_->usage_peak, memory_usage());
  alloc_ptr_ = nullptr;
  alloc_bytes_remaining_ = 0;
  newest_block_ = nullptr;
  block_end_ = nullptr;
  memory_usage_.store(0, std::memory_order_relaxed);
  const bool as_made = record_->made_with_options || record_->doors != nullptr;
  if (keep_bytes < record_->slab.bytes && !as_made) {
    detail::release_slabs(std::exchange(record_, nullptr));
  } else {
    detail::reset_slabs(*record_, keep_bytes);
  }
}

// Inline, here and below: on the cold path, with one caller or two.
//
// Bumps off the current block by its real end, with the slop counted from the
// address, or returns null.
inline char* Arena::bump_real(std::size_t bytes,
                              std::size_t alignment) noexcept {
  auto remaining = static_cast<std::size_t>(block_end_ - alloc_ptr_);
  const std::size_t address = reinterpret_cast<std::uintptr_t>(alloc_ptr_);
  std::size_t slop;
  if (!detail::bump_by_address(address, &remaining, bytes, alignment, &slop)) {
    return nullptr;
  }
  char* const result = alloc_ptr_ + slop;
  alloc_ptr_ = result + bytes;
  alloc_bytes_remaining_ = remaining;
  return result;
}

// Makes `block`, which was taken for a request of `bytes` bytes, the newest.
BITCOINLEVELDB_ALWAYS_INLINE char* Arena::enter_block(detail::Block& block,
                                                      std::size_t bytes,
                                                      bool dedicated) noexcept {
  if (!dedicated) block.become_standard();
  block.set_previous(newest_block_);
  newest_block_ = &block;
  const std::size_t block_bytes = dedicated ? bytes : record_->block_bytes;
  // Only the owner writes, so a load and a store do what an atomic addition
  // would; relaxed, because usage publishes nothing but itself.
  const std::size_t usage = memory_usage() + block_bytes + sizeof(char*);
  memory_usage_.store(usage, std::memory_order_relaxed);
  BITCOINLEVELDB_PROBE(block, 6, this, record_, &block, block_bytes, bytes,
                       usage);
  if (dedicated) {
    BITCOINLEVELDB_PROBE(fallback, 5, this, record_, &block, bytes, usage);
  } else {
    if (block_end_ != nullptr) {
      detail::Block::of(block_end_ - block_bytes)
          ->leave_behind(static_cast<std::size_t>(block_end_ - alloc_ptr_));
    }
    alloc_ptr_ = block.data() + bytes;
    alloc_bytes_remaining_ = block_bytes - bytes;
    block_end_ = block.data() + block_bytes;
  }
  return block.data();
}

// What nearly every cold call comes to: the slab has room for the next standard
// block, and no one is to be told. Returns null for all other calls. The count
// is the real one, without doors always, so that the block before cannot serve
// a request that the inlined bump has refused.
BITCOINLEVELDB_ALWAYS_INLINE char* Arena::place_in_next_block(
    std::size_t bytes, std::size_t alignment) noexcept {
  using detail::ArenaInsider;
  if (record_ == nullptr ||
      (record_->doors != nullptr && !ArenaInsider::skips_next_block(*this)) ||
      !begins_standard_block(bytes, alignment, record_->block_bytes)) {
    return nullptr;
  }
  detail::Block* const block =
      detail::take_next_block(*record_, record_->block_bytes);
  if (block == nullptr) return nullptr;
  if (record_->doors != nullptr) ArenaInsider::skip_next_block(*this);
  return enter_block(*block, bytes, false);
}

BITCOINLEVELDB_ALWAYS_INLINE char* Arena::place_in_new_block(
    std::size_t bytes, std::size_t alignment) {
  if (record_ == nullptr) {
    const ArenaOptions options = default_arena_options();
    const std::size_t block_bytes =
        detail::is_dedicated(bytes, options.block_bytes) ? bytes
                                                         : options.block_bytes;
    record_ = detail::open_record(options, block_bytes, alignment);
    if (record_ == nullptr) return nullptr;
    detail::DefaultObservers::reach_new(*this);
  }
  const bool dedicated =
      detail::is_dedicated<std::size_t>(bytes, record_->block_bytes);
  const std::size_t block_bytes = dedicated ? bytes : record_->block_bytes;
  detail::DefaultObservers::reach_block(*this, block_bytes);
  detail::Block* const block =
      detail::take_block(*record_, block_bytes, alignment);
  return block == nullptr ? nullptr : enter_block(*block, bytes, dedicated);
}

BITCOINLEVELDB_NOINLINE char* Arena::place_anywhere(std::size_t bytes,
                                                    std::size_t alignment) {
  bytes = detail::served_bytes(bytes);
  detail::DefaultObservers::reach_old(*this);
  const detail::Block* const newest_before = newest_block_;
  const char* const ptr_before = alloc_ptr_;
  char* result = nullptr;
  if (record_ != nullptr) {
    if (record_->doors != nullptr) detail::ArenaInsider::tell_entering(*this);
    result = bump_real(bytes, alignment);
  }
  if (result == nullptr) {
    detail::ExhaustionTeller teller(*this, bytes, alignment);
    result = place_in_new_block(bytes, alignment);
    if (result != nullptr) teller.keep_silent();
  }
  if (result != nullptr && record_->doors != nullptr) {
    const bool took_block = newest_block_ != newest_before;
    const std::size_t slop =
        took_block ? 0 : static_cast<std::size_t>(result - ptr_before);
    const detail::ColdAllocation allocation{result, bytes,      alignment,
                                            slop,   took_block, result};
    detail::ArenaInsider::tell_doors(*this, allocation);
    return allocation.given;
  }
  return result;
}

char* Arena::place(std::size_t bytes, std::size_t alignment) {
  if (detail::DefaultObservers::watching()) {
    return place_watched(bytes, alignment);
  }
  if (record_ == nullptr && !detail::DefaultObservers::any()) {
    return place_first(bytes, alignment);
  }
  if (record_ != nullptr &&
      detail::is_dedicated<std::size_t>(bytes, record_->block_bytes)) {
    return place_dedicated(bytes, alignment);
  }
  char* const next = place_in_next_block(bytes, alignment);
  return next != nullptr ? next : place_anywhere(bytes, alignment);
}

// A request that opens no standard block, of an arena with a record: where
// entries are large, nearly every one. At an alignment that is served inline it
// does not fit the current block, as in place_in_next_block.
BITCOINLEVELDB_NOINLINE char* Arena::place_dedicated(std::size_t bytes,
                                                     std::size_t alignment) {
  if (record_->doors == nullptr && detail::is_inline_alignment(alignment)) {
    detail::Block* const block = detail::take_next_block(*record_, bytes);
    if (block != nullptr) return enter_block(*block, bytes, true);
  }
  return place_anywhere(bytes, alignment);
}

// The first request of an arena that no one is told of. A way of its own, since
// of what an arena of a few allocations costs this is the most.
BITCOINLEVELDB_NOINLINE char* Arena::place_first(std::size_t bytes,
                                                 std::size_t alignment) {
  const ArenaOptions options = default_arena_options();
  if (!begins_standard_block(bytes, alignment, options.block_bytes)) {
    return place_anywhere(bytes, alignment);
  }
  detail::ExhaustionTeller teller(*this, bytes, alignment);
  record_ = detail::open_record(options);
  if (record_ == nullptr) return nullptr;
  teller.keep_silent();
  // One may have come while the source was asked.
  if (detail::DefaultObservers::any()) {
    detail::DefaultObservers::reach_new(*this);
    return place_anywhere(bytes, alignment);
  }
  // All else of an arena without a block is null, and its usage 0.
  detail::Block* const block = detail::take_first_block(*record_);
  newest_block_ = block;
  const std::size_t usage = options.block_bytes + sizeof(char*);
  memory_usage_.store(usage, std::memory_order_relaxed);
  char* const data = block->data();
  alloc_ptr_ = data + bytes;
  alloc_bytes_remaining_ = options.block_bytes - bytes;
  block_end_ = data + options.block_bytes;
  BITCOINLEVELDB_PROBE(block, 6, this, record_, block, options.block_bytes,
                       bytes, usage);
  return data;
}

// Out of line, so that no call stands in the way of all other arenas.
BITCOINLEVELDB_NOINLINE char* Arena::place_watched(std::size_t bytes,
                                                   std::size_t alignment) {
  if (record_ != nullptr && detail::DefaultObservers::let_pass(*record_)) {
    char* const next = place_in_next_block(bytes, alignment);
    if (next != nullptr) return next;
    detail::DefaultObservers::take_back(*record_);
  }
  return place_anywhere(bytes, alignment);
}

char* Arena::allocate_cold(std::size_t bytes, std::size_t alignment) {
  if (!detail::is_power_of_two(alignment)) {
    detail::fail_invalid_value("Arena: alignment", alignment, "powers of two");
  }
  char* const result = place(bytes, alignment);
  if (result == nullptr) detail::fail_exhausted(bytes);
  return result;
}

char* Arena::try_allocate_cold(std::size_t bytes,
                               std::size_t alignment) noexcept {
  if (!detail::is_power_of_two(alignment)) return nullptr;
  return detail::without_throwing(
      [this, bytes, alignment] { return place(bytes, alignment); });
}

namespace detail {

// The nearest door wins the count.
void ArenaInsider::tell_doors(Arena& arena,
                              const ColdAllocation& allocation) noexcept {
  const std::size_t taken =
      allocation.took_block ? arena.newest_block_->bytes() : 0;
  std::size_t granted = SIZE_MAX;
  for (ArenaDoor* door = arena.record_->doors; door != nullptr;
       door = door->next_) {
    if (door->skip_ > taken) {
      door->skip_ -= taken;
    } else {
      granted = std::min(granted, door->passed(arena, allocation));
    }
  }
  arena.alloc_bytes_remaining_ =
      withhold(remaining(arena), std::min(granted, remaining(arena)));
}

}  // namespace detail

}  // namespace bitcoinleveldb
