// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/arena_guard.h"

#include <atomic>
#include <cstdint>
#include <cstring>
#include <mutex>

#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/detail/failure.h"
#include "bitcoinleveldb/lcg_random.h"
#include "default_observers.h"
#include "guard_door.h"
#include "guard_table.h"
#include "immortal.h"
#include "port/fork.h"
#include "port/mutex.h"

namespace bitcoinleveldb {

namespace {

port::Mutex g_settings;

[[maybe_unused]] const bool g_held_over_forks =
    port::hold_over_forks<g_settings>(port::ForkOrder::kGuardSettings);

// A default observer that wants to see nothing: it is told of arenas as they
// take their first slab, under the lock of all default observers.
class GuardObserver final : public ArenaObserver {
 public:
  GuardObserver() noexcept : ArenaObserver(ArenaInterest::none()) {
    forgo_blocks();
  }

  // Taken from the list while it is changed, so that no one is reading it.
  void set(std::size_t one_in, const GuardOptions& options) noexcept {
    // An observer that calls it has the lock that comes after this one.
    if (detail::AmongObservers::inside()) return;
    const std::lock_guard lock(g_settings);
    remove_default_observer(*this);
    if (one_in == 0) return;
    one_in_ = one_in;
    options_ = options;
    if (options.name != nullptr) {
      std::strncpy(name_, options.name, sizeof(name_) - 1);
      options_.name = name_;
    }
    add_default_observer(*this);
  }

  void attached(const ObservedArena& one, bool is_new) noexcept override {
    if (!is_new || random_() % one_in_ != 0) return;
    // Observers are shown arenas to look at only. This one belongs to the
    // library, and is in the cold path of an arena that is no constant.
    (void)detail::GuardDoor::attach(const_cast<Arena&>(one.arena), options_);
  }

 private:
  std::size_t one_in_ = 1;
  GuardOptions options_;
  char name_[24] = {};
  LcgRandom random_{reinterpret_cast<std::uintptr_t>(this)};
};

GuardObserver& observer() noexcept { return detail::immortal<GuardObserver>(); }

// What is made at its first use is made before main, for the child of a fork.
[[maybe_unused]] const bool g_made_before_main = [] {
  (void)observer();
  return true;
}();

}  // namespace

bool guard_arena(Arena& arena, const GuardOptions& options) {
  if (!detail::GuardTable::open()) return false;
  detail::ArenaInsider::open(arena);
  if (!detail::GuardDoor::attach(arena, options)) {
    detail::fail_exhausted(sizeof(detail::GuardDoor));
  }
  return true;
}

void guard_new_arenas(std::size_t one_in,
                      const GuardOptions& options) noexcept {
  observer().set(one_in, options);
}

void set_guard_quarantine(std::size_t bytes) noexcept {
  detail::GuardTable::set_quarantine(bytes);
}

GuardStats guard_stats() noexcept { return detail::GuardTable::stats(); }

std::optional<GuardedAllocation> find_guarded(const void* address) noexcept {
  detail::GuardRecord record{};
  if (!detail::GuardTable::find(address, record)) return std::nullopt;
  return record.allocation;
}

}  // namespace bitcoinleveldb
