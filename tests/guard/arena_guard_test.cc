// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What a guarded arena does while nothing is wrong: its accounting, its pages,
// how long they stay, and what of the rest of the library still holds.

#include "bitcoinleveldb/arena_guard.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_cursor.h"
#include "bitcoinleveldb/arena_objects.h"
#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/arena_resize.h"
#include "bitcoinleveldb/arena_scope.h"
#include "bitcoinleveldb/arena_stats.h"
#include "guard_helpers.h"

namespace bitcoinleveldb {
namespace {

bool ends_a_page(const char* ptr, std::size_t bytes) {
  return (reinterpret_cast<std::uintptr_t>(ptr) + bytes) % page() == 0;
}

// Begins and ends with nothing in quarantine.
class ArenaGuard : public testing::Test {
 protected:
  ArenaGuard() { empty_quarantine(); }
  ~ArenaGuard() override {
    guard_new_arenas(0);
    empty_quarantine();
    EXPECT_EQ(guard_stats().guarded, 0U);
    EXPECT_EQ(guard_stats().quarantined, 0U);
    EXPECT_EQ(guard_stats().quarantined_bytes, 0U);
  }
  static void empty_quarantine() {
    set_guard_quarantine(0);
    set_guard_quarantine(kGuardQuarantineBytes);
  }
};

TEST_F(ArenaGuard, EveryAllocationEndsAtAGuardPage) {
  Arena arena;
  ASSERT_TRUE(guard_arena(arena));
  for (const std::size_t bytes : {1U, 8U, 100U, 4096U, 4097U, 20'000U}) {
    char* const packed = arena.allocate(bytes);
    EXPECT_TRUE(ends_a_page(packed, bytes)) << bytes;
    std::memset(packed, 'x', bytes);
    char* const aligned = arena.allocate_aligned(bytes);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(aligned) % 8, 0U);
    EXPECT_TRUE(ends_a_page(aligned, (bytes + 7) / 8 * 8)) << bytes;
    std::memset(aligned, 'x', bytes);
    char* const wide = arena.allocate_aligned(bytes, 256);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(wide) % 256, 0U);
    EXPECT_TRUE(ends_a_page(wide, (bytes + 255) / 256 * 256)) << bytes;
    std::memset(wide, 'x', bytes);
  }
  EXPECT_EQ(guard_stats().guarded, 18U);
}

TEST_F(ArenaGuard, AllWaysToAllocateAreGuarded) {
  Arena arena;
  guard_arena(arena);
  ArenaCursor cursor(arena);
  char* const all[] = {cursor.allocate(9), cursor.allocate_aligned(9),
                       arena.try_allocate(0), arena.try_allocate_aligned(9),
                       arena.try_allocate_aligned(9, 64)};
  for (const char* const one : all) EXPECT_TRUE(find_guarded(one));
  EXPECT_TRUE(ends_a_page(all[2], 1));
}

TEST_F(ArenaGuard, AllocationIsFoundByAnyAddressOfItsPages) {
  Arena arena;
  guard_arena(arena, {0, "a name that is longer than is kept"});
  (void)arena.allocate(1);
  char* const ptr = arena.allocate(100);
  for (const char* const address :
       {ptr, ptr + 99, ptr + 100, ptr + 100 + page() - 1,
        ptr + 100 - 2 * page()}) {
    const auto found = find_guarded(address);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->ptr, ptr);
    EXPECT_EQ(found->bytes, 100U);
    EXPECT_EQ(found->number, 2U);
    EXPECT_EQ(found->arena, &arena);
    EXPECT_EQ(found->state, GuardedState::kLive);
    EXPECT_STREQ(found->name, "a name that is longer t");
  }
  EXPECT_FALSE(find_guarded(&arena));
  EXPECT_FALSE(find_guarded(nullptr));
}

TEST_F(ArenaGuard, StateSaysHowAnAllocationWent) {
  std::optional<Arena> arena(std::in_place);
  guard_arena(*arena);
  char* const reset = arena->allocate(10);
  arena->reset(0);
  char* const ended = arena->allocate(10);
  char* rewound = nullptr;
  {
    const ArenaScope scope(*arena);
    rewound = arena->allocate(10);
  }
  EXPECT_EQ(find_guarded(ended)->state, GuardedState::kLive);
  arena.reset();
  EXPECT_EQ(find_guarded(reset)->state, GuardedState::kReset);
  EXPECT_EQ(find_guarded(rewound)->state, GuardedState::kRewound);
  EXPECT_EQ(find_guarded(ended)->state, GuardedState::kEnded);
  EXPECT_EQ(guard_stats().quarantined, 3U);
}

TEST_F(ArenaGuard, QuarantineKeepsToItsBytesAndReleasesTheOldestFirst) {
  const std::size_t run = 3 * page();
  set_guard_quarantine(10 * run);
  Arena arena;
  guard_arena(arena);
  std::vector<char*> gone;
  for (int i = 0; i != 25; ++i) {
    gone.push_back(arena.allocate(100));
    arena.reset();
    EXPECT_LE(guard_stats().quarantined_bytes, 10 * run);
  }
  EXPECT_EQ(guard_stats().quarantined, 10U);
  EXPECT_EQ(guard_stats().quarantined_bytes, 10 * run);
  for (std::size_t i = 15; i != gone.size(); ++i) {
    ASSERT_TRUE(find_guarded(gone[i])) << i;
    EXPECT_EQ(find_guarded(gone[i])->state, GuardedState::kReset);
  }
  set_guard_quarantine(3 * run);
  EXPECT_EQ(guard_stats().quarantined, 3U);
  EXPECT_TRUE(find_guarded(gone.back()));
  EXPECT_FALSE(find_guarded(gone[21]));
}

TEST_F(ArenaGuard, AllocationLargerThanTheQuarantineIsReleasedAtOnce) {
  set_guard_quarantine(page());
  Arena arena;
  guard_arena(arena);
  (void)arena.allocate(100);
  arena.reset();
  EXPECT_EQ(guard_stats().quarantined, 0U);
}

TEST_F(ArenaGuard, QuarantineHoldsNoMemory) {
  set_guard_quarantine(std::size_t{1} << 30U);
  constexpr std::size_t kBytes = std::size_t{64} << 20U;
  const auto resident_kib = [] {
    long size = 0;
    long resident = 0;
    std::FILE* const file = std::fopen("/proc/self/statm", "r");
    EXPECT_EQ(std::fscanf(file, "%ld %ld", &size, &resident), 2);
    std::fclose(file);
    return resident * static_cast<long>(page() / 1024);
  };
  Arena arena;
  guard_arena(arena);
  const long before = resident_kib();
  std::memset(arena.allocate(kBytes), 'x', kBytes);
  EXPECT_GT(resident_kib(), before + 60 * 1024);
  arena.reset();
  EXPECT_EQ(guard_stats().quarantined, 1U);
  EXPECT_LT(resident_kib(), before + 30 * 1024);
}

// Pages that may not be touched are one mapping wherever they lie side by side,
// whether as guards or in quarantine, so what went leaves none behind.
TEST_F(ArenaGuard, QuarantineBetweenLiveAllocationsTakesNoMappings) {
  const auto mappings = [] {
    int count = 0;
    std::FILE* const file = std::fopen("/proc/self/maps", "r");
    for (int one = 0; (one = std::fgetc(file)) != EOF;) count += one == '\n';
    std::fclose(file);
    return count;
  };
  constexpr int kLive = 1000;
  Arena lasting;
  Arena scratch;
  guard_arena(lasting);
  guard_arena(scratch);
  const int before = mappings();
  for (int i = 0; i != kLive; ++i) {
    (void)lasting.allocate(10);
    (void)scratch.allocate(10);
  }
  scratch.reset();
  EXPECT_EQ(guard_stats().quarantined, 1000U);
  EXPECT_LT(mappings() - before, 2 * kLive + kLive / 10);
}

TEST_F(ArenaGuard, MoreThanCanBeGuardedLieInTheirBlocks) {
  const std::uint64_t refused = guard_stats().refused;
  Arena arena;
  guard_arena(arena);
  for (std::size_t i = 0; i != kGuardedMax; ++i) {
    ASSERT_FALSE(contains(arena, arena.allocate(1)));
  }
  EXPECT_EQ(guard_stats().guarded, kGuardedMax);
  for (int i = 0; i != 10; ++i) EXPECT_TRUE(contains(arena, arena.allocate(1)));
  EXPECT_EQ(guard_stats().refused, refused + 10);
  arena.reset();
  EXPECT_FALSE(contains(arena, arena.allocate(1)));
}

TEST_F(ArenaGuard, AlignmentAboveAPageIsServedUnguarded) {
  const std::uint64_t refused = guard_stats().refused;
  Arena arena;
  guard_arena(arena);
  EXPECT_TRUE(contains(arena, arena.allocate_aligned(10, 2 * page())));
  EXPECT_EQ(guard_stats().refused, refused + 1);
}

TEST_F(ArenaGuard, ArenaThatIsMovedStaysGuarded) {
  Arena from;
  guard_arena(from);
  char* const before = from.allocate(10);
  Arena to(std::move(from));
  char* const after = to.allocate(10);
  EXPECT_EQ(find_guarded(before)->arena, &from);
  EXPECT_EQ(find_guarded(after)->arena, &to);
  EXPECT_EQ(find_guarded(after)->arena_number,
            find_guarded(before)->arena_number);
  before[0] = 'x';
  EXPECT_TRUE(contains(from, from.allocate(10)));
}

TEST_F(ArenaGuard, GuardedAllocationIsNotResized) {
  Arena arena;
  guard_arena(arena);
  for (const std::size_t bytes : {100U, 5000U}) {
    char* const ptr = arena.allocate(bytes);
    const std::size_t usage = arena.memory_usage();
    EXPECT_FALSE(try_resize_newest(arena, ptr, bytes, bytes - 1));
    EXPECT_FALSE(try_resize_newest(arena, ptr, bytes, bytes + 1));
    EXPECT_EQ(arena.memory_usage(), usage);
  }
}

TEST_F(ArenaGuard, GuardingTwiceGuardsOnce) {
  Arena arena;
  EXPECT_TRUE(guard_arena(arena));
  EXPECT_TRUE(guard_arena(arena));
  (void)arena.allocate(1);
  EXPECT_EQ(guard_stats().guarded, 1U);
}

// Owned objects are destroyed while their memory is there, whichever came
// first, the guard or they.
TEST_F(ArenaGuard, OwnedObjectsAreDestroyedBeforeTheirPagesGo) {
  for (const bool guarded_first : {true, false}) {
    int gone = 0;
    {
      Arena arena;
      if (guarded_first) guard_arena(arena);
      (void)make_owned<Living>(arena, gone);
      guard_arena(arena);
      EXPECT_TRUE(find_guarded(make_owned<Living>(arena, gone)));
      {
        const ArenaScope scope(arena);
        (void)make_owned<Living>(arena, gone);
        EXPECT_EQ(gone, 0);
      }
      EXPECT_EQ(gone, 1);
      (void)make_owned<Living>(arena, gone);
      arena.reset();
      EXPECT_EQ(gone, 4);
      (void)make_owned<Living>(arena, gone);
      {
        const ArenaScope scope(arena);
        (void)make_owned<Living>(arena, gone);
      }
      EXPECT_EQ(gone, 5);
    }
    EXPECT_EQ(gone, 6);
  }
}

// The first object of an arena takes a few words for all; made in a scope, they
// go with it.
TEST_F(ArenaGuard, FirstOwnedObjectInAScopeLeavesNothingBehind) {
  int gone = 0;
  Arena arena;
  guard_arena(arena);
  (void)arena.allocate(1);
  for (int i = 1; i != 4; ++i) {
    const ArenaScope scope(arena);
    (void)make_owned<Living>(arena, gone);
    EXPECT_EQ(gone, i - 1);
  }
  EXPECT_EQ(gone, 3);
}

TEST_F(ArenaGuard, NewArenasAreGuardedUntilNoMore) {
  guard_new_arenas(1, {0, "new"});
  Arena first;
  Arena second(ArenaOptions{});
  EXPECT_STREQ(find_guarded(first.allocate(5000))->name, "new");
  EXPECT_TRUE(find_guarded(second.allocate(5)));
  guard_new_arenas(0);
  Arena third;
  EXPECT_FALSE(find_guarded(third.allocate(5)));
  EXPECT_TRUE(find_guarded(first.allocate(5)));
}

TEST_F(ArenaGuard, OneNewArenaInSomeIsGuarded) {
  guard_new_arenas(8);
  int guarded = 0;
  for (int i = 0; i != 4000; ++i) {
    Arena arena;
    guarded += find_guarded(arena.allocate(5)) ? 1 : 0;
  }
  // 500 are expected, and 21 is the deviation.
  EXPECT_GT(guarded, 500 - 105);
  EXPECT_LT(guarded, 500 + 105);
}

// An observer is told what was placed, which is what usage is made of.
TEST_F(ArenaGuard, ObserversOfAGuardedArenaAreToldOfItsBlocks) {
  struct Sees final : ArenaObserver {
    void allocated(const ObservedArena& arena,
                   const ObservedAllocation& one) noexcept override {
      EXPECT_TRUE(contains(arena.arena, one.ptr));
      ++seen;
    }
    int seen = 0;
  } observer;
  Arena arena;
  guard_arena(arena);
  attach_observer(arena, observer);
  EXPECT_TRUE(find_guarded(arena.allocate(5)));
  detach_observer(arena, observer);
  EXPECT_TRUE(find_guarded(arena.allocate(5)));
  EXPECT_EQ(observer.seen, 1);
}

TEST_F(ArenaGuard, ThreadsWithGuardedArenasDoNotDisturbEachOther) {
  set_guard_quarantine(100 * page());
  std::vector<std::thread> threads;
  for (int i = 0; i != 4; ++i) {
    threads.emplace_back([] {
      Arena arena;
      guard_arena(arena);
      for (std::size_t round = 0; round != 200; ++round) {
        char* ptrs[5];
        for (char*& ptr : ptrs) {
          ptr = arena.allocate(20);
          std::memset(ptr, 'x', 20);
          EXPECT_EQ(find_guarded(ptr)->arena, &arena);
        }
        for (const char* const ptr : ptrs) EXPECT_EQ(ptr[19], 'x');
        arena.reset();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(guard_stats().quarantined_bytes, 100 * page());
}

}  // namespace
}  // namespace bitcoinleveldb
