// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Observers where a process forks that is busy in another thread.

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_guard.h"
#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/arena_profile.h"
#include "forked_children.h"
#include "sanitizers.h"
#include "seldom.h"

namespace bitcoinleveldb {
namespace {

class SharedCount final : public ArenaObserver {
 public:
  void allocated(const ObservedArena&,
                 const ObservedAllocation&) noexcept override {
    ++allocations;
  }
  std::atomic<std::size_t> allocations{0};
};

TEST(ArenaObserverProcess, ChildOfAForkIsNotLockedOutByAnotherThread) {
  // These sanitizers do not take to forks of programs with threads.
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "forks";
  SharedCount in_parent;
  std::atomic<bool> ended{false};
  std::thread busy([&] {
    // Little else than the lock of the default observers.
    while (!ended) {
      add_default_observer(in_parent);
      remove_default_observer(in_parent);
    }
  });
  const int finished = count_children_that_finish([] {
    SharedCount count;
    add_default_observer(count);
    {
      Arena arena;
      (void)arena.allocate(1);
    }
    remove_default_observer(count);
    return count.allocations == 1;
  });
  ended = true;
  busy.join();
  EXPECT_EQ(finished, 300);
}

// All profiles share a lock, which the other thread holds most of the time.
TEST(ArenaObserverProcess, ChildOfAForkMayProfile) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "forks";
  ArenaProfileOptions options;
  options.sample_bytes = 0;
  ArenaProfile profile(options);
  std::atomic<bool> ended{false};
  std::thread busy([&] {
    Arena arena;
    attach_observer(arena, profile);
    while (!ended) {
      for (int i = 0; i != 100; ++i) (void)arena.allocate(1);
      arena.reset();
    }
  });
  const int finished = count_children_that_finish([&profile] {
    const std::uint64_t before = profile.stats().samples;
    Arena arena;
    attach_observer(arena, profile);
    (void)arena.allocate(1);
    return profile.stats().samples == before + 1 && !profile.pprof().empty();
  });
  ended = true;
  busy.join();
  EXPECT_EQ(finished, 300);
}

// An observer is told of an arena under the lock of all default observers, and
// may take those of sources and of guards there; a fork takes them all.
class Hoarder final : public ArenaObserver {
 public:
  Hoarder() noexcept : ArenaObserver(ArenaInterest::none()) {}
  void attached(const ObservedArena&, bool) noexcept override {
    Arena own(ArenaOptions{std::size_t{1} << 17U});
    (void)own.try_allocate(100'000);
  }
};

int count_children_while_arenas_are_made() {
  std::atomic<bool> ended{false};
  std::vector<std::thread> busy;
  for (int i = 0; i != 3; ++i) {
    busy.emplace_back([&ended] {
      while (!ended) {
        Arena arena;
        (void)arena.allocate(1);
      }
    });
  }
  alarm(300);  // a parent that is locked out ends by it
  const int finished = count_children_that_finish([] {
    Arena arena;
    (void)arena.allocate(1);
    return true;
  });
  alarm(0);
  ended = true;
  for (std::thread& one : busy) one.join();
  return finished;
}

TEST(ArenaObserverProcess, ForksWhereObserversUseArenas) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "forks";
  Hoarder hoarder;
  add_default_observer(hoarder);
  EXPECT_EQ(count_children_while_arenas_are_made(), 300);
  remove_default_observer(hoarder);
}

TEST(ArenaObserverProcess, ForksWhereArenasAreGuarded) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "forks";
  guard_new_arenas(1, {kSeldom, nullptr});
  EXPECT_EQ(count_children_while_arenas_are_made(), 300);
  guard_new_arenas(0);
}

}  // namespace
}  // namespace bitcoinleveldb
