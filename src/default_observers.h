// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Where an arena meets the observers that are attached to arenas by themselves,
// and the checks of its memory.
// While there are none, each meeting costs a load and a comparison.

#ifndef BITCOINLEVELDB_SRC_DEFAULT_OBSERVERS_H_
#define BITCOINLEVELDB_SRC_DEFAULT_OBSERVERS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/detail/attributes.h"
#include "sample_points.h"

namespace bitcoinleveldb::detail {

class DefaultObservers {
 public:
  // Returns whether there are any, or checks.
  static bool any() noexcept { return any_.load(std::memory_order_relaxed); }
  // Attaches them to an arena that has taken its first slab.
  static void reach_new(Arena& arena) noexcept {
    // Relaxed, here and below: the list has a lock.
    if (any()) attach_to_new(arena);
  }

  // Attaches those that reach all arenas, if they are not.
  static void reach_old(Arena& arena) noexcept {
    if (reaching_all_.load(std::memory_order_relaxed)) attach_to_old(arena);
  }

  // Returns whether arenas that exist may have to meet one.
  static bool watching() noexcept {
    return watching_.load(std::memory_order_relaxed);
  }
  // Returns whether the arena may take a standard block without.
  static bool let_pass(const ArenaRecord& record) noexcept {
    if (reaching_all_.load(std::memory_order_relaxed)) return false;
    return !is_noted(record) ||
           t_points_.pass(record.sampling, record.block_bytes);
  }
  // Takes that back: the block has not been taken.
  static void take_back(const ArenaRecord& record) noexcept {
    if (is_noted(record))
      t_points_.take_back(record.sampling, record.block_bytes);
  }
  // Attaches the one that is late, if its sample has something in the block of
  // `bytes` bytes that the arena is about to take.
  static void reach_block(Arena& arena, std::size_t bytes) noexcept {
    if (sampling_.load(std::memory_order_relaxed) != 0) {
      sample(arena, bytes, true);
    }
  }
  // The same for the next `bytes` bytes of the current block, which were given
  // back.
  static void reach_given_back(Arena& arena, std::size_t bytes) noexcept {
    if (sampling_.load(std::memory_order_relaxed) != 0) {
      sample(arena, bytes, false);
    }
  }
  // Attaches it if it has come to want all that is allocated.
  static void refresh(Arena& arena) noexcept {
    if (sampling_.load(std::memory_order_relaxed) != 0) do_refresh(arena);
  }
  // Has it not attached to the arena, if it is `observer`.
  static void forget(Arena& arena, const ArenaObserver& observer) noexcept;

  // Tells them that an arena without a slab, and so without doors, got none.
  static void tell_exhausted(const Arena& arena, std::size_t bytes,
                             std::size_t alignment) noexcept;

  static void add(ArenaObserver& observer, ArenaReach reach) noexcept;
  static void remove(ArenaObserver& observer) noexcept;

  // While one lives, all arenas take the way of those that are watched, and the
  // list is locked. REQUIRES: an AmongObservers lives.
  class Watching {
   public:
    Watching() noexcept;
    ~Watching();
    Watching(const Watching&) = delete;
    Watching& operator=(const Watching&) = delete;
  };

  // Has the checks reach new arenas, where something checks memory.
  static void begin() noexcept;

 private:
  BITCOINLEVELDB_COLD static void attach_to_new(Arena& arena) noexcept;
  BITCOINLEVELDB_COLD static void attach_to_old(Arena& arena) noexcept;
  BITCOINLEVELDB_COLD static void do_refresh(Arena& arena) noexcept;
  BITCOINLEVELDB_COLD static void sample(Arena& arena, std::size_t bytes,
                                         bool of_next_block) noexcept;
  static void choose_late() noexcept;
  static void update_flags() noexcept;
  template <class Call>
  static void for_each(Call call) noexcept;

  // Returns whether the late one is yet to be attached to the arena.
  static bool is_noted(const ArenaRecord& record) noexcept {
    return record.sampling != 0 &&
           record.sampling == sampling_.load(std::memory_order_relaxed);
  }

  static inline std::atomic<bool> any_{false};
  static inline std::atomic<bool> reaching_all_{false};
  // The number of the late observer's time as a default one, which is noted in
  // the arenas that it is yet to be attached to; 0 if there is none.
  static inline std::atomic<std::uint16_t> sampling_{0};
  static inline std::atomic<bool> watching_{false};    // either of the two
  static inline std::atomic<bool> late_alone_{false};  // there is no other
  static inline thread_local SamplePoints t_points_;   // of the late one
};

// While one lives, arenas that its thread uses do not meet default observers:
// those that an observer keeps of its own would lead back to it, and to the
// lock of the list.
class AmongObservers {
 public:
  AmongObservers() noexcept : outer_(std::exchange(t_inside_, true)) {}
  ~AmongObservers() { t_inside_ = outer_; }
  AmongObservers(const AmongObservers&) = delete;
  AmongObservers& operator=(const AmongObservers&) = delete;

  // Returns whether one lives in this thread.
  static bool inside() noexcept { return t_inside_; }

 private:
  static inline thread_local bool t_inside_ = false;

  const bool outer_;
};

// A call of an observer, as in `ObserverCall(observer)->ending(arena)`.
class ObserverCall {
 public:
  explicit ObserverCall(ArenaObserver& observer) noexcept
      : observer_(observer) {}
  ArenaObserver* operator->() const noexcept { return &observer_; }

 private:
  const AmongObservers among_;
  ArenaObserver& observer_;
};

// Tells an arena's doors that memory ran out for a request, unless it is told
// to keep silent before it goes; a block source may throw anything.
class ExhaustionTeller {
 public:
  ExhaustionTeller(const Arena& arena, std::size_t bytes,
                   std::size_t alignment) noexcept
      : arena_(arena), bytes_(bytes), alignment_(alignment) {}
  ~ExhaustionTeller() {
    if (telling_) ArenaInsider::tell_exhausted(arena_, bytes_, alignment_);
  }
  ExhaustionTeller(const ExhaustionTeller&) = delete;
  ExhaustionTeller& operator=(const ExhaustionTeller&) = delete;

  void keep_silent() noexcept { telling_ = false; }

 private:
  const Arena& arena_;
  const std::size_t bytes_;
  const std::size_t alignment_;
  bool telling_ = true;
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_DEFAULT_OBSERVERS_H_
