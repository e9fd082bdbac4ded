// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What arenas do, as lines of the log: an observer of all arenas while the
// level asks for any of it. docs/logging.md lists the lines.

#include <atomic>

#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/detail/log_line.h"
#include "bitcoinleveldb/log.h"
#include "immortal.h"

namespace bitcoinleveldb {

namespace {

using detail::ArenaInsider;
using detail::log_line;

const void* address(const void* memory) { return memory; }

class LogObserver final : public ArenaObserver {
 public:
  LogObserver() noexcept : ArenaObserver(ArenaInterest::none()) {}

  void attached(const ObservedArena& one, bool is_new) noexcept override {
    if (is_new) {
      log_line(LogLevel::kInfo, "arena %llu: new at %p, blocks of %zu bytes",
               number(one), address(&one.arena), one.block_bytes);
    } else {
      log_line(LogLevel::kInfo,
               "arena %llu: found at %p, with %zu blocks and usage %zu",
               number(one), address(&one.arena),
               ArenaInsider::blocks(one.arena), one.arena.memory_usage());
    }
  }

  void slab_taken(const ObservedArena& one,
                  const ObservedSlab& slab) noexcept override {
    log_line(LogLevel::kDebug,
             "arena %llu: slab of %zu bytes at %p, %zu bytes reserved",
             number(one), slab.bytes, slab.memory, slab.reserved_bytes);
  }

  void block_taken(const ObservedArena& one,
                   const ObservedBlock& block) noexcept override {
    if (block.dedicated) {
      log_line(LogLevel::kDebug,
               "arena %llu: block %zu, dedicated to a request of %zu bytes, "
               "usage %zu",
               number(one), block.number, block.request_bytes, block.usage);
    } else {
      log_line(LogLevel::kDebug,
               "arena %llu: block %zu, standard, %zu bytes for a request of "
               "%zu, a tail of %zu left behind, usage %zu",
               number(one), block.number, block.bytes, block.request_bytes,
               block.tail, block.usage);
    }
  }

  void allocated(const ObservedArena& one,
                 const ObservedAllocation& allocation) noexcept override {
    log_line(LogLevel::kTrace,
             "arena %llu: %zu bytes at %p, alignment %zu, slop %zu, %zu remain",
             number(one), allocation.bytes, address(allocation.ptr),
             allocation.alignment, allocation.slop, allocation.remaining);
  }

  void resized(const ObservedArena& one, const char* ptr, std::size_t old_bytes,
               std::size_t new_bytes) noexcept override {
    log_line(LogLevel::kTrace,
             "arena %llu: %zu bytes at %p resized to %zu, %zu remain",
             number(one), old_bytes, address(ptr), new_bytes,
             ArenaInsider::remaining(one.arena));
  }

  void scope_begun(const ObservedArena& one) noexcept override {
    log_line(LogLevel::kDebug, "arena %llu: scope begun at usage %zu",
             number(one), one.arena.memory_usage());
  }

  void scope_rewinding(const ObservedArena& one, std::size_t usage_before,
                       std::size_t keep_bytes) noexcept override {
    log_line(LogLevel::kDebug,
             "arena %llu: scope gives back, usage %zu becomes %zu, up to %zu "
             "bytes reserved are kept",
             number(one), one.arena.memory_usage(), usage_before, keep_bytes);
  }

  void resetting(const ObservedArena& one,
                 std::size_t keep_bytes) noexcept override {
    log_line(LogLevel::kDebug,
             "arena %llu: reset, usage %zu becomes 0, up to %zu bytes reserved "
             "are kept",
             number(one), one.arena.memory_usage(), keep_bytes);
  }

  void ending(const ObservedArena& one) noexcept override {
    log_line(LogLevel::kInfo,
             "arena %llu: gone, with %zu blocks, usage %zu and %zu bytes "
             "reserved",
             number(one), ArenaInsider::blocks(one.arena),
             one.arena.memory_usage(), ArenaInsider::reserved_bytes(one.arena));
  }

  void out_of_memory(const ObservedArena& one, std::size_t bytes,
                     std::size_t alignment) noexcept override {
    log_line(LogLevel::kWarn,
             "arena %llu: out of memory for %zu bytes at alignment %zu, usage "
             "%zu",
             number(one), bytes, alignment, one.arena.memory_usage());
  }

 private:
  static unsigned long long number(const ObservedArena& one) {
    return one.number;
  }
};

LogObserver& log_observer() noexcept { return detail::immortal<LogObserver>(); }

// What is made at its first use is made before main, for the child of a fork.
[[maybe_unused]] const bool g_made_before_main = [] {
  (void)log_observer();
  return true;
}();

// Above kWarn there is nothing that an arena could say. One that has met the
// observer keeps it, without any interest.
void observe_for(LogLevel level) noexcept {
  LogObserver& observer = log_observer();
  observer.set_interest(level == LogLevel::kTrace ? ArenaInterest::all()
                                                  : ArenaInterest::none());
  if (level > LogLevel::kWarn) {
    remove_default_observer(observer);
  } else {
    add_default_observer(observer, ArenaReach::kAllArenas);
  }
}

}  // namespace

// Without a lock, which a fork could leave taken. Whoever finds that the level
// was changed meanwhile follows it again. All that is written to the level is
// written by an exchange, and each of them sees what happened before those
// ahead of it: what is done last is what the last level asks for.
void set_log_level(LogLevel level) noexcept {
  detail::g_log_level.exchange(level, std::memory_order_acq_rel);
  do {
    observe_for(level);
  } while (!detail::g_log_level.compare_exchange_strong(
      level, level, std::memory_order_acq_rel));
}

}  // namespace bitcoinleveldb
