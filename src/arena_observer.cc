// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/arena_observer.h"

#include <cstdint>
#include <mutex>

#include "bitcoinleveldb/detail/failure.h"
#include "checks_door.h"
#include "default_observers.h"
#include "linked_list.h"
#include "observer_door.h"
#include "port/fork.h"
#include "port/memory_checker.h"
#include "port/mutex.h"

namespace bitcoinleveldb {

namespace detail {

namespace {

// Arenas and observers with static storage come before these are made and go
// after they would be destroyed, so there is nothing to make or destroy.
port::Mutex g_mutex;
ArenaObserver* g_first = nullptr;  // guarded by g_mutex
ArenaObserver* g_late = nullptr;   // likewise: the one of them that is late

[[maybe_unused]] const bool g_held_over_forks = [] {
  DefaultObservers::begin();
  return port::hold_over_forks<g_mutex>(port::ForkOrder::kObservers);
}();

// Does nothing within another such call or one of an observer.
template <class Call>
void while_locked(Call call) noexcept {
  if (AmongObservers::inside()) return;
  const AmongObservers among;
  const std::lock_guard lock(g_mutex);
  call();
}

}  // namespace

template <class Call>
void DefaultObservers::for_each(Call call) noexcept {
  for (ArenaObserver* one = g_first; one != nullptr; one = one->next_default_) {
    call(*one);
  }
}

// The checks come first, so that they are told last: until then what an arena
// gives back is used, by the doors of what lies in it.
void DefaultObservers::attach_to_new(Arena& arena) noexcept {
  if (port::memory_is_checked()) ChecksDoor::attach(arena);
  const auto note_late = [&arena] {
    ArenaInsider::noted_record(arena).sampling =
        sampling_.load(std::memory_order_relaxed);
  };
  if (late_alone_.load(std::memory_order_relaxed)) {
    if (!AmongObservers::inside()) note_late();
    return;
  }
  while_locked([&arena, note_late] {
    note_late();
    for_each([&arena](ArenaObserver& one) {
      if (&one != g_late) (void)ObserverDoor::attach(arena, one);
    });
  });
}

// Relaxed, here and below: a number stands for itself, and is compared with
// that of the thread.
void DefaultObservers::sample(Arena& arena, std::size_t bytes,
                              bool of_next_block) noexcept {
  ArenaRecord& record = ArenaInsider::noted_record(arena);
  if (record.sampling == 0 || t_points_.pass(record.sampling, bytes)) return;
  while_locked([&arena, &record, bytes, of_next_block] {
    if (!is_noted(record)) return;
    const std::size_t mean = g_late->interest_.load(std::memory_order_relaxed);
    const std::size_t point =
        mean == 0 ? 0 : t_points_.find(record.sampling, mean, bytes);
    if (point == SamplePoints::kNone) return;
    record.sampling = 0;
    ObserverDoor::attach_before(arena, *g_late, point, of_next_block);
  });
}

void DefaultObservers::do_refresh(Arena& arena) noexcept {
  if (ArenaInsider::record(arena) == nullptr) return;
  ArenaRecord& record = ArenaInsider::noted_record(arena);
  while_locked([&arena, &record] {
    if (is_noted(record) &&
        g_late->interest_.load(std::memory_order_relaxed) == 0) {
      record.sampling = 0;
      (void)ObserverDoor::attach(arena, *g_late);
    }
  });
}

void DefaultObservers::forget(Arena& arena,
                              const ArenaObserver& observer) noexcept {
  if (ArenaInsider::record(arena) == nullptr) return;
  ArenaRecord& record = ArenaInsider::noted_record(arena);
  while_locked([&record, &observer] {
    if (is_noted(record) && g_late == &observer) record.sampling = 0;
  });
}

void DefaultObservers::attach_to_old(Arena& arena) noexcept {
  if (ArenaInsider::record(arena) == nullptr) return;
  while_locked([&arena] {
    for_each([&arena](ArenaObserver& one) {
      if (one.reach_ != ArenaReach::kAllArenas) return;
      (void)ObserverDoor::attach(arena, one);
    });
  });
}

void DefaultObservers::tell_exhausted(const Arena& arena, std::size_t bytes,
                                      std::size_t alignment) noexcept {
  if (!any()) return;
  while_locked([&arena, bytes, alignment] {
    const ObservedArena observed{arena, 0, default_arena_options().block_bytes};
    for_each([&observed, bytes, alignment](ArenaObserver& one) {
      one.out_of_memory(observed, bytes, alignment);
    });
  });
}

void DefaultObservers::add(ArenaObserver& observer, ArenaReach reach) noexcept {
  while_locked([&observer, reach] {
    if (observer.is_default_) return;
    observer.is_default_ = true;
    observer.reach_ = reach;
    link_first(g_first, observer, &ArenaObserver::next_default_);
    update_flags();
  });
}

void DefaultObservers::remove(ArenaObserver& observer) noexcept {
  while_locked([&observer] {
    observer.is_default_ = false;
    unlink(g_first, observer, &ArenaObserver::next_default_);
    if (g_late == &observer) g_late = nullptr;
    update_flags();
  });
}

DefaultObservers::Watching::Watching() noexcept {
  g_mutex.lock();
  watching_.store(true, std::memory_order_relaxed);
}

DefaultObservers::Watching::~Watching() {
  update_flags();
  g_mutex.unlock();
}

void DefaultObservers::begin() noexcept { while_locked(update_flags); }

void DefaultObservers::choose_late() noexcept {
  if (g_late != nullptr) return;
  for_each([](ArenaObserver& one) {
    if (one.is_late_ && one.reach_ == ArenaReach::kNewArenas) g_late = &one;
  });
  static std::uint16_t last = 0;  // after 65,535 it starts anew
  if (g_late != nullptr) last = last == UINT16_MAX ? 1 : last + 1;
  sampling_.store(g_late == nullptr ? 0 : last, std::memory_order_relaxed);
}

void DefaultObservers::update_flags() noexcept {
  choose_late();
  bool reaching_all = false;
  for_each([&reaching_all](const ArenaObserver& one) {
    reaching_all = reaching_all || one.reach_ == ArenaReach::kAllArenas;
  });
  any_.store(g_first != nullptr || port::memory_is_checked(),
             std::memory_order_relaxed);
  reaching_all_.store(reaching_all, std::memory_order_relaxed);
  watching_.store(reaching_all || g_late != nullptr, std::memory_order_relaxed);
  late_alone_.store(g_late != nullptr && g_late == g_first &&
                        g_first->next_default_ == nullptr,
                    std::memory_order_relaxed);
}

}  // namespace detail

// Acquire pairs with the release of each attachment that has ended. Whether it
// is a default observer, its owner alone has said.
ArenaObserver::~ArenaObserver() {
  const std::uint64_t ended = endings_.load(std::memory_order_acquire);
  if (ended != attachments_.load(std::memory_order_relaxed)) {
    detail::fail_misuse(
        "an ArenaObserver was destroyed while attached to an arena");
  }
  if (is_default_) {
    detail::fail_misuse(
        "an ArenaObserver was destroyed while it was a default observer");
  }
}

void attach_observer(Arena& arena, ArenaObserver& observer) {
  detail::ArenaInsider::open(arena);
  if (!detail::ObserverDoor::attach(arena, observer)) {
    detail::fail_exhausted(sizeof(detail::ObserverDoor));
  }
}

void detach_observer(Arena& arena, ArenaObserver& observer) noexcept {
  detail::DefaultObservers::forget(arena, observer);
  detail::ObserverDoor::detach(arena, observer);
}

void refresh_observers(Arena& arena) noexcept {
  detail::DefaultObservers::reach_old(arena);
  detail::DefaultObservers::refresh(arena);
  detail::ArenaInsider::ask_doors(arena);
}

void add_default_observer(ArenaObserver& observer, ArenaReach reach) noexcept {
  detail::DefaultObservers::add(observer, reach);
}

void remove_default_observer(ArenaObserver& observer) noexcept {
  detail::DefaultObservers::remove(observer);
}

}  // namespace bitcoinleveldb
