// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What an observer is told, in which order and with which figures. Here it sees
// every allocation; arena_observer_interest_test.cc has the rest.

#include "bitcoinleveldb/arena_observer.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <memory_resource>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_blocks.h"
#include "bitcoinleveldb/arena_forecast.h"
#include "bitcoinleveldb/arena_objects.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/arena_resize.h"
#include "bitcoinleveldb/arena_scope.h"
#include "bitcoinleveldb/arena_seal.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/page_source.h"
#include "block_sources.h"
#include "event_log.h"
#include "expect_failure.h"
#include "sizes.h"
#include "usage_of.h"

namespace bitcoinleveldb {
namespace {

// An arena on a counting source, and its log.
class ArenaObserverTold : public testing::Test {
 protected:
  void TearDown() override {
    if (arena) detach_observer(*arena, log);
  }

  std::string slab(std::size_t reserved_before) {
    const std::size_t reserved = source.live_bytes();
    return "1: slab " + std::to_string(reserved - reserved_before) + " of " +
           std::to_string(reserved);
  }

  CountingSource source;
  EventLog log;
  std::optional<Arena> arena{ArenaOptions{4096, &source}};
};

TEST_F(ArenaObserverTold, FirstAllocationTakesSlabAndBlockBeforeIt) {
  attach_observer(*arena, log);
  EXPECT_EQ(log.take(), Lines{"1: attached new 4096"});
  char* const ptr = arena->allocate(100);
  EXPECT_EQ(log.take(),
            (Lines{slab(0),
                   "1: block 0: 4096, usage " + usage_text(4096) + ", tail 0",
                   "1: allocated 100 at 1, slop 0, remaining 3996, took "
                   "block"}));
  EXPECT_EQ(log.allocations.back().ptr, ptr);
  EXPECT_EQ(log.allocations.back().weight, 1);
  EXPECT_EQ(log.blocks.back().data, ptr);
  EXPECT_EQ(log.slabs.back().memory, detail::ArenaInsider::record(*arena));
  EXPECT_EQ(log.arena_told, &*arena);
}

TEST_F(ArenaObserverTold, BumpedAllocationsHaveTheirSlop) {
  (void)arena->allocate(100);
  attach_observer(*arena, log);
  EXPECT_EQ(log.take(), Lines{"1: attached old 4096"});
  (void)arena->allocate_aligned(5);
  (void)arena->allocate(0);
  (void)arena->allocate_aligned(16, 16);
  (void)arena->allocate_aligned(1, 1);
  const char* const ptr = arena->try_allocate_aligned(7);
  EXPECT_EQ(log.take(), (Lines{"1: allocated 5 at 8, slop 4, remaining 3987",
                               "1: allocated 1 at 1, slop 0, remaining 3986",
                               "1: allocated 16 at 16, slop 2, remaining 3968",
                               "1: allocated 1 at 1, slop 0, remaining 3967",
                               "1: allocated 7 at 8, slop 7, remaining 3953"}));
  EXPECT_EQ(log.allocations.back().ptr, ptr);
}

TEST_F(ArenaObserverTold, DedicatedBlockLeavesTheCurrentOneAsItIs) {
  (void)arena->allocate(100);
  attach_observer(*arena, log);
  const std::size_t before = source.live_bytes();
  const char* const ptr = arena->allocate(5000);
  (void)arena->allocate(6);
  EXPECT_EQ(log.take(),
            (Lines{"1: attached old 4096", slab(before),
                   "1: dedicated block 1: 5000, usage " + usage_text(9096, 2) +
                       ", tail 0",
                   "1: allocated 5000 at 1, slop 0, remaining 3996, took block",
                   "1: allocated 6 at 1, slop 0, remaining 3990"}));
  EXPECT_EQ(log.blocks.back().data, ptr);
}

// A dedicated block taken last is not the one whose tail is left behind, and
// the observer need not have seen that one being taken.
TEST_F(ArenaObserverTold, NewStandardBlockSaysTheTailOfTheOneBefore) {
  (void)arena->allocate(100);
  (void)arena->allocate(5000);
  attach_observer(*arena, log);
  for (int i = 0; i != 8; ++i) (void)arena->allocate(1000);
  ASSERT_EQ(log.blocks.size(), 2U);
  EXPECT_EQ(log.blocks[0].number, 2U);
  EXPECT_EQ(log.blocks[0].tail, 996U);
  EXPECT_EQ(log.blocks[1].tail, 96U);
}

TEST_F(ArenaObserverTold, RequestAboveAQuarterOnAFreshArenaIsDedicated) {
  attach_observer(*arena, log);
  (void)log.take();
  (void)arena->allocate(1025);
  (void)arena->allocate(1024);
  EXPECT_EQ(log.told.at(1), "1: dedicated block 0: 1025, usage " +
                                usage_text(1025) + ", tail 0");
  EXPECT_EQ(log.told.at(2),
            "1: allocated 1025 at 1, slop 0, remaining 0, took block");
  EXPECT_EQ(log.told.at(log.told.size() - 2),
            "1: block 1: 4096, usage " + usage_text(5121, 2) + ", tail 0");
}

TEST_F(ArenaObserverTold, FiguresAddUpToThoseOfTheArena) {
  attach_observer(*arena, log);
  for (std::size_t i = 1; i != 3000; ++i) {
    if (i % 3 == 0) {
      (void)arena->allocate_aligned(i % 1500);
    } else {
      (void)arena->allocate(i % 700);
    }
  }
  std::size_t slabs = 0;
  for (const ObservedSlab& one : log.slabs) slabs += one.bytes;
  EXPECT_EQ(slabs, source.live_bytes());
  EXPECT_EQ(log.slabs.size(), source.live_slabs());
  std::size_t standard = 0;
  std::size_t tails = 0;
  for (const ObservedBlock& block : log.blocks) {
    tails += block.tail;
    if (!block.dedicated) standard += block.bytes;
  }
  std::size_t bumped = 0;
  for (const ObservedAllocation& one : log.allocations) {
    bumped += one.bytes > 1024 && one.took_block ? 0 : one.slop + one.bytes;
  }
  EXPECT_EQ(log.allocations.size(), 2999U);
  EXPECT_EQ(bumped + tails + log.allocations.back().remaining, standard);
  EXPECT_EQ(log.blocks.size(), ArenaBlocks(*arena).size());
  EXPECT_EQ(log.blocks.back().usage, arena->memory_usage());
}

TEST_F(ArenaObserverTold, ResizedAllocationIsTold) {
  attach_observer(*arena, log);
  char* const ptr = arena->allocate(10);
  (void)log.take();
  EXPECT_TRUE(try_resize_newest(*arena, ptr, 10, 200));
  EXPECT_FALSE(try_resize_newest(*arena, ptr, 200, 5000));
  EXPECT_TRUE(try_resize_newest(*arena, ptr, 200, 0));
  EXPECT_EQ(log.take(), (Lines{"1: resized 10 to 200", "1: resized 200 to 1"}));
  EXPECT_EQ(log.resized_ptr, ptr);
}

TEST_F(ArenaObserverTold, ScopesAreToldAsTheyNest) {
  attach_observer(*arena, log);
  (void)arena->allocate(10);
  (void)log.take();
  {
    ArenaScope outer(*arena);
    (void)arena->allocate(4096);
    {
      const ArenaScope inner(*arena);
      (void)log.take();
    }
    EXPECT_EQ(log.take(),
              (Lines{"1: rewinding to " + usage_text(8192, 2) + ", keep all",
                     "1: scope ended"}));
    outer.rewind(100);
    EXPECT_EQ(log.take(),
              Lines{"1: rewinding to " + usage_text(4096) + ", keep 100"});
  }
  EXPECT_EQ(log.take(),
            (Lines{"1: rewinding to " + usage_text(4096) + ", keep all",
                   "1: scope ended"}));
  const ArenaScope scope(*arena);
  EXPECT_EQ(log.take(), Lines{"1: scope begun"});
}

// After a scope the arena is what it was, and so are the figures: the tail of
// the block that was current, and the slabs taken into use again.
TEST_F(ArenaObserverTold, WhatFollowsAScopeIsToldAsIfItHadNotBeen) {
  (void)arena->allocate(100);
  attach_observer(*arena, log);
  std::size_t slabs_within = 0;
  {
    const ArenaScope scope(*arena);
    for (int i = 0; i != 20; ++i) (void)arena->allocate(1000);
    slabs_within = log.slabs.size();
  }
  EXPECT_GT(slabs_within, 0U);
  log.blocks.clear();
  log.slabs.clear();
  for (int i = 0; i != 20; ++i) (void)arena->allocate(1000);
  ASSERT_EQ(log.blocks.size(), 5U);
  EXPECT_EQ(log.blocks[0].number, 1U);
  EXPECT_EQ(log.blocks[0].tail, 996U);
  EXPECT_EQ(log.blocks[1].tail, 96U);
  EXPECT_EQ(log.slabs.size(), slabs_within);
}

TEST_F(ArenaObserverTold, ResetIsToldBeforeAndItsSlabsAgain) {
  attach_observer(*arena, log);
  for (int i = 0; i != 20; ++i) (void)arena->allocate(1000);
  const std::size_t slabs = log.slabs.size();
  EXPECT_GT(slabs, 1U);
  log.slabs.clear();
  (void)log.take();
  arena->reset();
  arena->reset(0);
  EXPECT_EQ(log.take(),
            (Lines{"1: resetting, keep all", "1: resetting, keep 0"}));
  for (int i = 0; i != 20; ++i) (void)arena->allocate(1000);
  EXPECT_EQ(log.told.at(0),
            "1: block 0: 4096, usage " + usage_text(4096) + ", tail 0");
  // The first slab has the arena's record in it and is never left.
  EXPECT_EQ(log.slabs.size(), slabs - 1);
}

TEST_F(ArenaObserverTold, FirstSlabIsToldAfterAResetOrScopeThatFoundNothing) {
  attach_observer(*arena, log);
  arena->reset();
  { const ArenaScope scope(*arena); }
  (void)arena->allocate(1);
  EXPECT_EQ(log.slabs.size(), 1U);
}

TEST_F(ArenaObserverTold, EndIsToldWhileTheMemoryIsThere) {
  attach_observer(*arena, log);
  (void)arena->allocate(10);
  (void)log.take();
  arena.reset();
  EXPECT_EQ(log.take(), Lines{"1: ending at usage " + usage_text(4096)});
}

TEST_F(ArenaObserverTold, ArenaAssignedToEndsAndTheOtherTakesItsObserver) {
  attach_observer(*arena, log);
  Arena other;
  attach_observer(other, log);
  (void)other.allocate(10);
  (void)log.take();
  *arena = std::move(other);
  EXPECT_EQ(log.take(), Lines{"1: ending at usage 0"});
  (void)arena->allocate(10);
  EXPECT_EQ(log.take(), Lines{"2: allocated 10 at 1, slop 0, remaining 4076"});
  EXPECT_EQ(log.arena_told, &*arena);
}

TEST_F(ArenaObserverTold, MoveTellsNothingAndTheArenaIsSeenWhereItIs) {
  attach_observer(*arena, log);
  (void)log.take();
  Arena to(std::move(*arena));
  EXPECT_EQ(log.take(), Lines{});
  (void)to.allocate(1);
  EXPECT_EQ(log.arena_told, &to);
  (void)log.take();
  (void)arena->allocate(1);  // like one made without options now
  EXPECT_EQ(log.take(), Lines{});
  detach_observer(to, log);
}

TEST_F(ArenaObserverTold, SizeThatNoArenaServesIsOutOfMemory) {
  attach_observer(*arena, log);
  (void)arena->allocate(1);
  (void)log.take();
  EXPECT_EQ(arena->try_allocate(SIZE_MAX), nullptr);
  EXPECT_EQ(arena->try_allocate_aligned(SIZE_MAX - 6, 64), nullptr);
  EXPECT_EQ(log.take(), (Lines{"1: out of memory for all at 1",
                               "1: out of memory for " +
                                   std::to_string(SIZE_MAX - 6) + " at 64"}));
  expect_exhausted([this] { (void)arena->allocate(SIZE_MAX); });
  EXPECT_EQ(log.take(), kWithoutExceptions
                            ? Lines{}
                            : Lines{"1: out of memory for all at 1"});
  // The alignment is wrong, not the size.
  EXPECT_EQ(arena->try_allocate_aligned(1, 3), nullptr);
  EXPECT_EQ(log.take(), Lines{});
}

TEST(ArenaObserver, SourceThatRunsDryIsToldAndTheNextCallSucceeds) {
  CountingSource source(2);
  Arena arena(ArenaOptions{4096, &source});
  if (kWithoutExceptions && kNullIsChecked) GTEST_SKIP() << "null is checked";
  EventLog log;
  attach_observer(arena, log);
  (void)arena.allocate(10);
  (void)log.take();
  EXPECT_EQ(arena.try_allocate_aligned(9000, 32), nullptr);
  EXPECT_EQ(log.take(), Lines{"1: out of memory for 9000 at 32"});
  EXPECT_NE(arena.try_allocate_aligned(9000, 32), nullptr);
  EXPECT_EQ(log.told.at(1), "1: dedicated block 1: 9000, usage " +
                                usage_text(13096, 2) + ", tail 0");
  detach_observer(arena, log);
}

class NullSource final : public CountingSource {
  void* take(std::size_t bytes) override {
    if (calls() == 1) return CountingSource::take(bytes);
    forget(bytes);
    return nullptr;
  }
};

TEST(ArenaObserver, NullOfASourceIsTold) {
  if (kNullIsChecked) GTEST_SKIP() << "a sanitizer forbids sources null";
  NullSource source;
  Arena arena(ArenaOptions{4096, &source});
  EventLog log;
  attach_observer(arena, log);
  (void)log.take();
  EXPECT_EQ(arena.try_allocate(5000), nullptr);
  EXPECT_EQ(log.take(), Lines{"1: out of memory for 5000 at 1"});
  detach_observer(arena, log);
}

TEST(ArenaObserverOfASealedArena, IsToldOfNoSlabThatWasThereBefore) {
  class Slabs final : public ArenaObserver {
   public:
    void slab_taken(const ObservedArena&,
                    const ObservedSlab&) noexcept override {
      ++count;
    }
    int count = 0;
  };
  Slabs slabs;
  Arena arena(ArenaOptions{4096, page_source()});
  (void)arena.allocate(10);
  seal(arena);
  attach_observer(arena, slabs);
  arena.reset();
  (void)arena.allocate(10);
  EXPECT_EQ(slabs.count, 0);
  detach_observer(arena, slabs);
}

class Silent final : public ArenaObserver {};

TEST(ArenaObserver, OneThatOverridesNothingLeavesAnArenaAsItIsWithoutIt) {
  Silent silent;
  Arena plain(ArenaOptions{});
  Arena observed(ArenaOptions{});
  attach_observer(observed, silent);
  for (Arena* const arena : {&plain, &observed}) {
    (void)arena->allocate(100);
    char* const newest = arena->allocate_aligned(33);
    EXPECT_TRUE(try_resize_newest(*arena, newest, 33, 44));
    {
      const ArenaScope scope(*arena);
      (void)arena->allocate(5000);
    }
    EXPECT_EQ(arena->try_allocate(PTRDIFF_MAX), nullptr);
  }
  const auto used = [](const Arena& arena) {
    return detail::ArenaInsider::remaining(arena);
  };
  EXPECT_EQ(used(observed), 4096U - 104 - 44);
  EXPECT_EQ(used(observed), used(plain));
  EXPECT_EQ(observed.memory_usage(), plain.memory_usage());
  observed.reset();
  EXPECT_EQ(observed.memory_usage(), 0U);
  detach_observer(observed, silent);
}

// What is made in an arena goes through it as any request does.
TEST(ArenaObserver, TypedObjectsAndReservationsAreSeen) {
  EventLog log;
  Arena arena;
  attach_observer(arena, log);
  const std::string* text = make_owned<std::string>(arena, "observed");
  bool seen = false;
  for (const ObservedAllocation& one : log.allocations) {
    const char* const object = reinterpret_cast<const char*>(text);
    seen = seen || (object >= one.ptr && object < one.ptr + one.bytes);
  }
  EXPECT_TRUE(seen);
  (void)log.take();
  ArenaForecast forecast(arena);
  forecast.add_many(10, 1000);
  EXPECT_TRUE(try_reserve(arena, forecast));
  EXPECT_EQ(log.take(), Lines{});
  log.slabs.clear();
  for (int i = 0; i != 10; ++i) (void)arena.allocate(1000);
  EXPECT_GT(log.slabs.size(), 0U);
  detach_observer(arena, log);
}

TEST(DefaultObserver, ReachesAFreshArenaThatIsReservedOrHearsThatItIsNot) {
  EventLog log;
  add_default_observer(log);
  Arena arena;
  EXPECT_FALSE(try_reserve(arena, ArenaForecast(arena).add(PTRDIFF_MAX - 64)));
  EXPECT_EQ(log.take(), Lines{"0: out of memory for " +
                              std::to_string(PTRDIFF_MAX - 64) + " at 16"});
  EXPECT_TRUE(try_reserve(arena, ArenaForecast(arena).add(5000)));
  EXPECT_EQ(log.take(), Lines{"1: attached new 4096"});
  remove_default_observer(log);
  detach_observer(arena, log);
}

// Adds a default observer when it is first asked for memory.
class AddingSource final : public CountingSource {
 public:
  AddingSource(ArenaObserver& observer, std::size_t dry_at_call)
      : CountingSource(dry_at_call), observer_(observer) {
    set_default_arena_options(ArenaOptions{4096, this});
  }
  AddingSource(const AddingSource&) = delete;
  AddingSource& operator=(const AddingSource&) = delete;
  ~AddingSource() override { set_default_arena_options(ArenaOptions{}); }

 private:
  void asked() override {
    if (calls() == 0) add_default_observer(observer_);
  }

  ArenaObserver& observer_;
};

TEST(DefaultObserver, AddedWhileTheFirstSlabIsTakenSeesTheArena) {
  EventLog log;
  AddingSource source(log, CountingSource::kNever);
  Arena arena;
  (void)arena.allocate(100);
  remove_default_observer(log);
  const std::string slab = std::to_string(source.live_bytes());
  EXPECT_EQ(
      log.take(),
      (Lines{"1: attached new 4096", "1: slab " + slab + " of " + slab,
             "1: block 0: 4096, usage " + usage_text(4096) + ", tail 0",
             "1: allocated 100 at 1, slop 0, remaining 3996, took block"}));
  EXPECT_EQ(source.calls(), 1U);
  detach_observer(arena, log);
}

TEST(DefaultObserver, AddedWhileTheFirstSlabIsNotToBeHadIsTold) {
  if (kWithoutExceptions && kNullIsChecked) GTEST_SKIP() << "null is checked";
  EventLog log;
  AddingSource source(log, 1);
  Arena arena;
  EXPECT_EQ(arena.try_allocate(100), nullptr);
  remove_default_observer(log);
  EXPECT_EQ(log.take(), Lines{"0: out of memory for 100 at 1"});
  EXPECT_EQ(source.calls(), 1U);
  EXPECT_NE(arena.try_allocate(100), nullptr);
}

class LateAttachments final : public ArenaObserver {
 public:
  LateAttachments() : ArenaObserver(ArenaInterest::sample(1)) {
    forgo_blocks();
    forgo_unsampled_arenas();
  }
  void attached(const ObservedArena& /*arena*/,
                bool /*is_new*/) noexcept override {
    ++arenas;
  }
  int arenas = 0;
};

// Times as a default observer are told apart by a number of 16 bits, so that
// here each number is seen, in memory that held something else.
TEST(DefaultObserver, OneThatIsLateIsNeverAttachedToAnArenaMadeBefore) {
  LateAttachments late;
  std::vector<std::byte> used(16 * kMib, std::byte{0xff});
  std::pmr::monotonic_buffer_resource source(used.data(), used.size());
  Arena arena(ArenaOptions{64, &source});
  for (int times = 0; times != 65'536; ++times) {
    add_default_observer(late);
    (void)arena.allocate(60);  // takes a block
    remove_default_observer(late);
  }
  EXPECT_EQ(late.arenas, 0);
}

}  // namespace
}  // namespace bitcoinleveldb
