// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "guard_door.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <new>

#include "guard_fences.h"

namespace bitcoinleveldb::detail {

namespace {

constexpr char kKind = 0;

std::uintptr_t address_of(const void* ptr) {
  return reinterpret_cast<std::uintptr_t>(ptr);
}

std::size_t round_up(std::size_t value, std::size_t alignment) {
  return (value + (alignment - 1)) & (0 - alignment);
}

// From 1 on. Relaxed: it stands for itself.
std::uint64_t new_arena_number() {
  static std::atomic<std::uint64_t> arenas{0};
  return arenas.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

// Two processes should not guard the same allocations, and neither should two
// arenas: addresses differ between the ones, numbers between the others.
GuardDoor::GuardDoor(const GuardOptions& options) noexcept
    : ArenaDoor(&kKind),
      next_{nullptr, 0, GuardedState::kLive, 0, new_arena_number(),
            nullptr, {}},
      sample_bytes_(options.sample_bytes),
      random_(address_of(this) ^ (next_.arena_number << 40U)) {
  if (options.name != nullptr) {
    std::strncpy(next_.name, options.name, sizeof(next_.name) - 1);
  }
}

bool GuardDoor::attach(Arena& arena, const GuardOptions& options) noexcept {
  if (ArenaInsider::find_door(arena, &kKind) != nullptr) return true;
  if (!GuardTable::open()) return false;
  auto* const door = new (std::nothrow) GuardDoor(options);
  if (door == nullptr) return false;
  ArenaInsider::attach_last(arena, *door);
  return true;
}

bool GuardDoor::protect(const Arena& arena, port::PageAccess access) noexcept {
  ArenaDoor* const door = ArenaInsider::find_door(arena, &kKind);
  return door == nullptr ||
         GuardTable::protect(static_cast<GuardDoor*>(door)->live_, access);
}

std::size_t GuardDoor::passed(const Arena& arena,
                              const ColdAllocation& allocation) noexcept {
  const bool chosen = sample_bytes_ == 0 || is_sampled(arena, allocation);
  if (chosen && !guard(arena, allocation)) GuardTable::count_refused();
  if (sample_bytes_ == 0) return 0;
  const std::uintptr_t position = address_of(ArenaInsider::position(arena));
  return point_ > position ? point_ - position : 0;
}

// What a dedicated block holds has points of its own, and the current block
// keeps its point. One that lay in slop or in a tail does not count.
bool GuardDoor::is_sampled(const Arena& arena,
                           const ColdAllocation& allocation) noexcept {
  if (allocation.took_block &&
      ArenaInsider::newest_block(arena)->is_dedicated()) {
    return draw() < allocation.bytes;
  }
  const std::uintptr_t start = address_of(allocation.ptr);
  if (allocation.took_block || point_ < start) point_ = start + draw();
  if (point_ - start >= allocation.bytes) return false;
  point_ = start + allocation.bytes + draw();
  return true;
}

// Returns the whole part of a number that is exponentially distributed, cut off
// where no block reaches and no address overflows.
std::uintptr_t GuardDoor::draw() noexcept {
  constexpr double kToUnit = 1.0 / 4294967296.0;  // 2^-32
  constexpr double kFar =
      static_cast<double>(std::size_t{1} << (sizeof(std::size_t) * 8 - 3));
  const double unit = (static_cast<double>(random_()) + 1) * kToUnit;
  const double number = -static_cast<double>(sample_bytes_) * std::log(unit);
  return static_cast<std::uintptr_t>(std::min(number, kFar));
}

// A guard page, pages that end with the allocation, and a guard page. Of pages
// that are reserved only the middle is opened: guards that could never be
// written share one mapping of the system with their neighbours', and with what
// is in quarantine between.
bool GuardDoor::guard(const Arena& arena,
                      const ColdAllocation& allocation) noexcept {
  const std::size_t page = port::page_bytes();
  if (allocation.alignment > page || !GuardTable::has_room()) return false;
  const std::size_t span = round_up(allocation.bytes, allocation.alignment);
  const std::size_t bytes = round_up(span, page) + 2 * page;
  auto* const run = static_cast<char*>(port::reserve_pages(bytes));
  if (run == nullptr) return false;
  if (!port::protect_pages(run + page, bytes - 2 * page,
                           port::PageAccess::kReadWrite)) {
    port::unmap_pages(run, bytes);
    return false;
  }
  char* const guard = run + bytes - page;
  GuardRecord record{};
  record.run = run;
  record.run_bytes = bytes;
  record.allocation = next_;
  record.allocation.ptr = guard - span;
  record.allocation.bytes = allocation.bytes;
  record.allocation.arena = &arena;
  record.allocation.number = next_.number + 1;
  record.scope = ArenaInsider::innermost_mark(arena);
  fill_fences(record);
  if (!GuardTable::add(live_, record)) {
    port::unmap_pages(run, bytes);
    return false;
  }
  ++next_.number;
  allocation.given = guard - span;
  return true;
}

// The mark is the innermost, so what is younger was made in its scope.
void GuardDoor::rewinding(Arena& /*arena*/, const ArenaMark& mark,
                          std::size_t /*keep_bytes*/) noexcept {
  GuardTable::retire(live_, &mark, GuardedState::kRewound);
  point_ = 0;
}

void GuardDoor::resetting(Arena& /*arena*/,
                          std::size_t /*keep_bytes*/) noexcept {
  GuardTable::retire(live_, nullptr, GuardedState::kReset);
  point_ = 0;
}

void GuardDoor::ending(Arena& /*arena*/) noexcept {
  GuardTable::retire(live_, nullptr, GuardedState::kEnded);
  delete this;
}

}  // namespace bitcoinleveldb::detail
