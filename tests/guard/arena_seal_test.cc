// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A sealed arena is read as ever; whatever would change it ends the program;
// and it goes, or goes on, as if it had not been sealed.

#include "bitcoinleveldb/arena_seal.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <memory_resource>
#include <thread>
#include <utility>
#include <vector>

#include "arena_snapshot.h"
#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_forecast.h"
#include "bitcoinleveldb/arena_guard.h"
#include "bitcoinleveldb/arena_objects.h"
#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/arena_resize.h"
#include "bitcoinleveldb/arena_scope.h"
#include "bitcoinleveldb/arena_stats.h"
#include "bitcoinleveldb/block_depot.h"
#include "bitcoinleveldb/huge_page_source.h"
#include "bitcoinleveldb/memory_budget.h"
#include "bitcoinleveldb/page_source.h"
#include "expect_failure.h"
#include "guard_deaths.h"
#include "guard_helpers.h"

namespace bitcoinleveldb {
namespace {

const ArenaOptions kOnPages{4096, page_source()};

// Standard and dedicated blocks, small slabs and large ones.
std::vector<char*> fill(Arena& arena) {
  std::vector<char*> all;
  for (int i = 0; i != 2000; ++i) {
    const std::size_t bytes = i % 100 == 0 ? 50'000 : 100;
    all.push_back(arena.allocate(bytes));
    std::memset(all.back(), i % 128, bytes);
  }
  return all;
}

bool is_intact(const std::vector<char*>& all) {
  for (std::size_t i = 0; i != all.size(); ++i) {
    if (all[i][0] != static_cast<char>(i % 128)) return false;
    if (all[i][99] != static_cast<char>(i % 128)) return false;
  }
  return true;
}

TEST(ArenaSeal, SealedArenaIsReadAsEver) {
  Arena arena(kOnPages);
  const std::vector<char*> all = fill(arena);
  const std::size_t usage = arena.memory_usage();
  const ArenaStats before = stats(arena);
  seal(arena);
  EXPECT_TRUE(is_sealed(arena));
  EXPECT_TRUE(is_intact(all));
  EXPECT_EQ(arena.memory_usage(), usage);
  EXPECT_EQ(summary(stats(arena)), summary(before));
  for (const char* const one : all) EXPECT_TRUE(contains(arena, one));
  std::thread([&] { EXPECT_TRUE(is_intact(all)); }).join();
}

TEST(ArenaSeal, UnsealedArenaIsAsItWas) {
  Arena arena(kOnPages);
  const std::vector<char*> all = fill(arena);
  const ArenaSnapshot before(arena);
  seal(arena);
  seal(arena);
  unseal(arena);
  EXPECT_FALSE(is_sealed(arena));
  EXPECT_EQ(ArenaSnapshot(arena), before);
  unseal(arena);
  write_to(all[0]);
  write_to(arena.allocate(100'000) + 99'999);
}

TEST(ArenaSeal, ResetUnseals) {
  Arena arena(kOnPages);
  (void)fill(arena);
  seal(arena);
  arena.reset();
  EXPECT_FALSE(is_sealed(arena));
  EXPECT_EQ(arena.memory_usage(), 0U);
  EXPECT_TRUE(is_intact(fill(arena)));
  seal(arena);
  arena.reset(0);
  EXPECT_TRUE(is_intact(fill(arena)));
}

TEST(ArenaSeal, DestructionAndAssignmentGiveEverySlabBack) {
  BlockDepot depot({std::size_t{64} << 20U, 100, page_source()});
  {
    Arena arena({4096, &depot});
    (void)fill(arena);
    seal(arena);
    arena = Arena({4096, &depot});
    EXPECT_FALSE(is_sealed(arena));
    (void)fill(arena);
    seal(arena);
  }
  EXPECT_EQ(depot.stats().outstanding_bytes, 0U);
  Arena again({4096, &depot});
  EXPECT_TRUE(is_intact(fill(again)));
}

TEST(ArenaSeal, MovedArenaStaysSealed) {
  Arena from(kOnPages);
  const std::vector<char*> all = fill(from);
  seal(from);
  Arena to(std::move(from));
  EXPECT_TRUE(is_sealed(to));
  EXPECT_FALSE(is_sealed(from));
  EXPECT_TRUE(is_intact(all));
  (void)from.allocate(1);
  unseal(to);
  (void)fill(to);
}

TEST(ArenaSeal, EmptyArenaIsSealed) {
  Arena arena(kOnPages);
  seal(arena);
  EXPECT_EQ(arena.memory_usage(), 0U);
  unseal(arena);
  EXPECT_TRUE(is_intact(fill(arena)));
}

TEST(ArenaSeal, SlabsInReserveAreSealedAndComeBack) {
  Arena arena(kOnPages);
  (void)fill(arena);
  arena.reset();
  const ArenaStats before = stats(arena);
  (void)arena.allocate(1);
  seal(arena);
  EXPECT_EQ(stats(arena).spare_slabs, 0U);
  unseal(arena);
  EXPECT_EQ(stats(arena).spare_slabs, before.spare_slabs);
  EXPECT_TRUE(is_intact(fill(arena)));
}

// The depot and the budget ask the source of pages; it counts where slabs lie.
TEST(ArenaSeal, ArenaOnADepotOrABudgetOverPagesIsSealed) {
  BlockDepot depot({std::size_t{1} << 20U, 8, page_source()});
  MemoryBudgetOptions options;
  options.limit_bytes = std::size_t{64} << 20U;
  options.upstream = &depot;
  MemoryBudget budget(options);
  Arena arena({4096, &budget});
  const std::vector<char*> all = fill(arena);
  ASSERT_TRUE(try_seal(arena));
  EXPECT_TRUE(is_intact(all));
}

TEST(ArenaSeal, ArenaWhoseSlabsShareTheirPagesIsRefused) {
  for (std::pmr::memory_resource* const source :
       {default_block_source(), huge_page_source()}) {
    Arena arena({4096, source});
    const std::vector<char*> all = fill(arena);
    const ArenaSnapshot before(arena);
    EXPECT_FALSE(try_seal(arena));
    expect_invalid([&arena] { seal(arena); },
                   "seal: a slab of the arena has no pages of its own");
    EXPECT_FALSE(is_sealed(arena));
    EXPECT_EQ(ArenaSnapshot(arena), before);
    write_to(all[0]);
  }
}

// It has taken no options yet, and takes those of its first request.
TEST(ArenaSeal, ArenaWithoutASlabThatIsRefusedStaysWithoutOne) {
  const ArenaOptions before = default_arena_options();
  Arena arena;
  EXPECT_FALSE(try_seal(arena));
  EXPECT_EQ(stats(arena).slabs, 0U);
  expect_invalid([&arena] { seal(arena); }, "has no pages of its own");
  EXPECT_EQ(stats(arena).slabs, 0U);
  set_default_arena_options({8192, page_source()});
  (void)arena.allocate(1);
  set_default_arena_options(before);
  EXPECT_EQ(arena.memory_usage(), 8192U + sizeof(char*));
  EXPECT_TRUE(try_seal(arena));
}

// What is cut from one mapping shares it, even if the rest is a part of a page.
TEST(ArenaSeal, ArenaWhoseSourceCutsMappingsInPiecesIsRefused) {
  for (const std::size_t bytes : {std::size_t{6000}, std::size_t{65'536}}) {
    std::pmr::monotonic_buffer_resource source(bytes, page_source());
    Arena arena({4096, &source});
    (void)arena.allocate(10);
    char* const other = static_cast<char*>(source.allocate(100));
    EXPECT_FALSE(try_seal(arena));
    write_to(other);
  }
}

TEST(ArenaSeal, ArenaInAScopeIsRefused) {
  Arena arena(kOnPages);
  const ArenaScope scope(arena);
  EXPECT_FALSE(try_seal(arena));
  expect_invalid([&arena] { seal(arena); }, "an ArenaScope is open");
}

TEST(ArenaSeal, ScopeOnASealedArenaChangesNothing) {
  Arena arena(kOnPages);
  const std::vector<char*> all = fill(arena);
  const ArenaSnapshot before(arena);
  seal(arena);
  {
    const ArenaScope outer(arena);
    const ArenaScope inner(arena);
  }
  EXPECT_TRUE(is_sealed(arena));
  unseal(arena);
  EXPECT_EQ(ArenaSnapshot(arena), before);
  EXPECT_TRUE(is_intact(all));
}

// They write to themselves as they go, when the arena is sealed no more.
TEST(ArenaSeal, OwnedObjectsOfASealedArenaAreDestroyed) {
  int gone = 0;
  {
    Arena arena(kOnPages);
    (void)make_owned<Living>(arena, gone);
    seal(arena);
    arena.reset();
    EXPECT_EQ(gone, 1);
    (void)make_owned<Living>(arena, gone);
    seal(arena);
    unseal(arena);
    (void)make_owned<Living>(arena, gone);
    seal(arena);
    EXPECT_EQ(gone, 1);
  }
  EXPECT_EQ(gone, 3);
}

// Counts what it is told.
struct Told final : ArenaObserver {
  void resetting(const ObservedArena&, std::size_t) noexcept override {
    ++resets;
  }
  void ending(const ObservedArena&) noexcept override { ++ends; }
  int resets = 0;
  int ends = 0;
};

TEST(ArenaSeal, ObserversAreToldOnceAndComeAndGoWhileItIsSealed) {
  Told before;
  Told leaving;
  Told within;
  int gone = 0;
  {
    Arena arena(kOnPages);
    attach_observer(arena, before);
    (void)make_owned<Living>(arena, gone);
    attach_observer(arena, leaving);
    seal(arena);
    detach_observer(arena, leaving);
    attach_observer(arena, within);
    refresh_observers(arena);
    arena.reset();
    EXPECT_EQ(before.resets, 1);
    EXPECT_EQ(within.resets, 1);
    (void)arena.allocate(1);
    seal(arena);
    arena.reset();
    EXPECT_EQ(before.resets, 2);
    seal(arena);
  }
  EXPECT_EQ(leaving.resets, 0);
  EXPECT_EQ(before.ends, 1);
  EXPECT_EQ(within.ends, 1);
  EXPECT_EQ(gone, 1);
}

TEST(ArenaSeal, GuardedArenaIsSealedAndGoesOnGuarded) {
  int gone = 0;
  Arena arena(kOnPages);
  guard_arena(arena);
  (void)make_owned<Living>(arena, gone);
  seal(arena);
  guard_arena(arena);
  arena.reset();
  EXPECT_EQ(gone, 1);
  EXPECT_TRUE(find_guarded(arena.allocate(1)));
}

TEST(ArenaSealDeathTest, StrayWriteTrapsAndIsReported) {
  EXPECT_FAULT(
      {
        install_guard_reporter();
        Arena arena(kOnPages);
        const std::vector<char*> all = fill(arena);
        seal(arena);
        write_to(all[1234]);
      },
      "bitcoinleveldb-arena: access to 0x[0-9a-f]+, at offset [0-9]+ of a slab "
      "\\([0-9]+ bytes at 0x[0-9a-f]+\\) of a sealed arena \\(at "
      "0x[0-9a-f]+\\)\n");
}

TEST(ArenaSealDeathTest, EveryAllocationOfASealedArenaCannotBeWritten) {
  Arena arena(kOnPages);
  const std::vector<char*> all = fill(arena);
  seal(arena);
  for (std::size_t i = 0; i < all.size(); i += 401) {
    EXPECT_FAULT(write_to(all[i]);, "");
  }
}

// They lie outside its slabs, and what is past their end traps as ever.
TEST(ArenaSealDeathTest, GuardedAllocationsOfASealedArenaAreSealedToo) {
  Arena arena(kOnPages);
  char* const unguarded = arena.allocate(10);
  guard_arena(arena, {0, "memtable"});
  char* const one = arena.allocate(10);
  char* const other = arena.allocate(5000);
  const auto write_with_report = [](char* at) {
    install_guard_reporter();
    write_to(at);
  };
  for (int round = 0; round != 2; ++round) {
    write_to(one);
    write_to(other);
    seal(arena);
    EXPECT_EQ(one[0], 1);
    EXPECT_EQ(other[0], 1);
    EXPECT_FAULT(write_with_report(one + 9);
                 ,
                 "at offset 9 of allocation 1 .*\"memtable\"\\), which is "
                 "sealed\n$");
    EXPECT_FAULT(write_with_report(other);
                 , "allocation 2 .*, which is sealed\n$");
    EXPECT_FAULT(write_with_report(one + 10);
                 , "1 past the end .*\"memtable\"\\)\n$");
    EXPECT_FAULT(write_with_report(unguarded);, "a sealed arena");
    unseal(arena);
  }
  seal(arena);
  arena.reset();
  EXPECT_FAULT(write_with_report(one);
               , "which went when the arena was reset\n$");
}

// A request that fits its block, and each that does not.
TEST(ArenaSealDeathTest, AllocationFromASealedArenaIsAClearError) {
  const char* const line =
      "^bitcoinleveldb-arena: an allocation was asked of a sealed arena\n$";
  Arena arena(kOnPages);
  (void)arena.allocate(100);
  seal(arena);
  EXPECT_ABORT((void)arena.allocate(1);, line);
  EXPECT_ABORT((void)arena.allocate(0);, line);
  EXPECT_ABORT((void)arena.allocate_aligned(8);, line);
  EXPECT_ABORT((void)arena.allocate_aligned(8, 1024);, line);
  EXPECT_ABORT((void)arena.allocate(5000);, line);
  EXPECT_ABORT((void)arena.allocate(50'000'000);, line);
  EXPECT_ABORT((void)arena.try_allocate(1);, line);
  EXPECT_ABORT((void)arena.try_allocate_aligned(5000);, line);
  EXPECT_ABORT((void)make<int>(arena, 1);, line);
  EXPECT_ABORT(
      {
        ArenaForecast forecast(arena);
        forecast.add(100'000);
        reserve(arena, forecast);
      },
      line);
}

TEST(ArenaSealDeathTest, AllocationFromASealedArenaThatIsFreshIsAClearError) {
  Arena arena(kOnPages);
  seal(arena);
  EXPECT_ABORT((void)arena.allocate(1);, "asked of a sealed arena");
}

TEST(ArenaSealDeathTest, ResizeInASealedArenaEndsTheProgram) {
  Arena arena(kOnPages);
  char* const ptr = arena.allocate(100);
  seal(arena);
  EXPECT_ABORT((void)try_resize_newest(arena, ptr, 100, 50);
               , "an allocation of a sealed arena was resized");
}

TEST(ArenaSealDeathTest, UnsealingWithinAScopeEndsTheProgram) {
  Arena arena(kOnPages);
  seal(arena);
  EXPECT_ABORT(
      {
        const ArenaScope scope(arena);
        unseal(arena);
      },
      "an arena was unsealed within an ArenaScope on it");
}

}  // namespace
}  // namespace bitcoinleveldb
