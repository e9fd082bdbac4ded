// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Which allocations an observer sees, which arenas it is attached to, and what
// becomes of misuse.

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "arena_snapshot.h"
#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/arena_scope.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "block_sources.h"
#include "event_log.h"
#include "expect_failure.h"
#include "sanitizers.h"
#include "seldom.h"
#include "usage_of.h"

namespace bitcoinleveldb {
namespace {

using detail::ArenaInsider;

// Makes an observer a default one for as long as this lives.
class AsDefault {
 public:
  explicit AsDefault(ArenaObserver& observer,
                     ArenaReach reach = ArenaReach::kNewArenas)
      : observer_(observer) {
    add_default_observer(observer, reach);
  }
  ~AsDefault() { remove_default_observer(observer_); }
  AsDefault(const AsDefault&) = delete;
  AsDefault& operator=(const AsDefault&) = delete;

 private:
  ArenaObserver& observer_;
};

TEST(ArenaObserverInterest, NoneSeesBlocksButNoAllocation) {
  const Unchecked unchecked;
  EventLog log(ArenaInterest::none());
  Arena arena;
  (void)arena.allocate(1);
  attach_observer(arena, log);
  for (int i = 0; i != 1000; ++i) (void)arena.allocate(100);
  EXPECT_EQ(log.allocations.size(), 0U);
  EXPECT_EQ(log.blocks.size(), 24U);
  EXPECT_EQ(ArenaInsider::granted(arena), ArenaInsider::remaining(arena));
  detach_observer(arena, log);
}

class WithoutBlocks final : public EventLog {
 public:
  explicit WithoutBlocks(ArenaInterest interest) : EventLog(interest) {
    forgo_blocks();
  }
};

TEST(ArenaObserverInterest, OneThatForgoesBlocksIsToldOfAllElse) {
  WithoutBlocks log(ArenaInterest::all());
  {
    Arena arena;
    attach_observer(arena, log);
    for (int i = 0; i != 100; ++i) (void)arena.allocate(100);
    (void)arena.allocate(5000);
    const ArenaScope scope(arena);
  }
  EXPECT_EQ(log.blocks.size(), 0U);
  EXPECT_EQ(log.slabs.size(), 0U);
  EXPECT_EQ(log.allocations.size(), 101U);
  EXPECT_EQ(log.told.size(), 1U + 101U + 3U + 1U);
}

TEST(ArenaObserverInterest, ChangeIsHeardAtTheNextCallOutOfLine) {
  const Unchecked unchecked;
  EventLog log(ArenaInterest::none());
  Arena arena;
  attach_observer(arena, log);
  (void)arena.allocate(96);
  log.set_interest(ArenaInterest::all());
  for (int i = 0; i != 4; ++i) (void)arena.allocate(1000);
  EXPECT_EQ(log.allocations.size(), 0U);
  // The one that takes a block is made out of line.
  for (int i = 0; i != 4; ++i) (void)arena.allocate(1000);
  EXPECT_EQ(log.allocations.size(), 4U);
  log.set_interest(ArenaInterest::none());
  for (int i = 0; i != 9; ++i) (void)arena.allocate(1000);
  EXPECT_EQ(log.allocations.size(), 4U);
  detach_observer(arena, log);
}

// The next of the sample is beyond all that is allocated here, but for one
// chance in ten million, or in ten thousand with 32 bits.
TEST(ArenaObserverInterest, RefreshReachesASampleThatSkipsBlocks) {
  const Unchecked unchecked;
  WithoutBlocks log(ArenaInterest::sample(kSeldom));
  Arena arena;
  attach_observer(arena, log);
  for (int i = 0; i != 1000; ++i) (void)arena.allocate(100);
  EXPECT_EQ(ArenaInsider::granted(arena), ArenaInsider::remaining(arena));
  log.set_interest(ArenaInterest::all());
  refresh_observers(arena);
  for (int i = 0; i != 100; ++i) (void)arena.allocate(100);
  EXPECT_EQ(log.allocations.size(), 100U);
  // And back, with a reset and a scope on the way.
  log.set_interest(ArenaInterest::sample(1));
  arena.reset();
  for (int i = 0; i != 10; ++i) (void)arena.allocate(1000);
  {
    const ArenaScope scope(arena);
    for (int i = 0; i != 10; ++i) (void)arena.allocate(1000);
  }
  (void)arena.allocate(1000);
  EXPECT_EQ(log.allocations.size(), 121U);
  detach_observer(arena, log);
}

TEST(ArenaObserverInterest, RefreshBringsAChangeAtOnce) {
  const Unchecked unchecked;
  EventLog log(ArenaInterest::none());
  Arena arena;
  attach_observer(arena, log);
  (void)arena.allocate(10);
  log.set_interest(ArenaInterest::all());
  refresh_observers(arena);
  (void)arena.allocate(10);
  EXPECT_EQ(log.allocations.size(), 1U);
  // So small that every allocation has a point, but for one in e^1000.
  log.set_interest(ArenaInterest::sample(1));
  refresh_observers(arena);
  (void)arena.allocate(1000);
  ASSERT_EQ(log.allocations.size(), 2U);
  EXPECT_DOUBLE_EQ(log.allocations[1].weight, 1);
  log.set_interest(ArenaInterest::none());
  refresh_observers(arena);
  (void)arena.allocate(10);
  EXPECT_EQ(log.allocations.size(), 2U);
  detach_observer(arena, log);
}

TEST(ArenaObserverInterest, RefreshOfAnArenaWithoutSlabDoesNothing) {
  EventLog log;
  const AsDefault as_default(log, ArenaReach::kAllArenas);
  Arena arena;
  refresh_observers(arena);
  EXPECT_EQ(log.told, Lines{});
  EXPECT_EQ(ArenaInsider::reserved_bytes(arena), 0U);
}

TEST(ArenaObserverAttachment, SeveralSeeTheSameEachInItsOwnNumbers) {
  EventLog first;
  EventLog second;
  EventLog blocks_only(ArenaInterest::none());
  Arena other;
  attach_observer(other, second);
  Arena arena;
  for (EventLog* log : {&first, &second, &blocks_only}) {
    attach_observer(arena, *log);
    (void)log->take();
  }
  for (int i = 0; i != 100; ++i) (void)arena.allocate_aligned(100);
  ASSERT_EQ(first.told.size(), second.told.size());
  for (std::size_t i = 0; i != first.told.size(); ++i) {
    EXPECT_EQ(first.told[i].substr(0, 3), "1: ");
    EXPECT_EQ(second.told[i].substr(0, 3), "2: ");
    EXPECT_EQ(first.told[i].substr(3), second.told[i].substr(3));
  }
  EXPECT_EQ(first.allocations.size(), 100U);
  EXPECT_EQ(blocks_only.blocks.size(), first.blocks.size());
  EXPECT_EQ(blocks_only.allocations.size(), 0U);
  for (EventLog* log : {&first, &second, &blocks_only}) {
    detach_observer(arena, *log);
  }
  detach_observer(other, second);
}

TEST(ArenaObserverAttachment, DetachedInTheMiddleHearsNothingMore) {
  const Unchecked unchecked;
  EventLog leaving;
  EventLog staying;
  Arena arena;
  attach_observer(arena, staying);
  attach_observer(arena, leaving);
  (void)arena.allocate(10);
  (void)leaving.take();
  detach_observer(arena, leaving);
  detach_observer(arena, leaving);
  (void)arena.allocate(5000);
  EXPECT_EQ(leaving.told, Lines{});
  EXPECT_EQ(staying.allocations.size(), 2U);
  detach_observer(arena, staying);
  const ArenaSnapshot now(arena);
  EXPECT_EQ(now.granted, now.remaining);
}

TEST(ArenaObserverAttachment, AttachedTwiceIsToldOnceAndGetsANewNumberLater) {
  EventLog log;
  Arena arena;
  attach_observer(arena, log);
  attach_observer(arena, log);
  (void)arena.allocate(1);
  EXPECT_EQ(log.allocations.size(), 1U);
  detach_observer(arena, log);
  (void)log.take();
  attach_observer(arena, log);
  EXPECT_EQ(log.take(), Lines{"2: attached old 4096"});
  detach_observer(arena, log);
}

TEST(ArenaObserverAttachment, AttachedWithinAScopeHearsOfItsEnd) {
  EventLog log;
  Arena arena;
  (void)arena.allocate(4000);
  {
    const ArenaScope scope(arena);
    (void)arena.allocate(4000);
    attach_observer(arena, log);
    (void)log.take();
  }
  EXPECT_EQ(log.take(),
            (Lines{"1: rewinding to " + usage_text(4000) + ", keep all",
                   "1: scope ended"}));
  detach_observer(arena, log);
}

TEST(ArenaObserverAttachment, ArenaWithoutSlabTakesOneOrIsNotAttached) {
  CountingSource source(2);
  Arena arena(ArenaOptions{64, &source});
  arena = Arena();
  const std::size_t held = ArenaInsider::reserved_bytes(arena);
  EXPECT_EQ(held, 0U);
  EventLog log;
  attach_observer(arena, log);
  EXPECT_EQ(log.take(), Lines{"1: attached new 4096"});
  EXPECT_NE(ArenaInsider::reserved_bytes(arena), 0U);
  EXPECT_EQ(arena.memory_usage(), 0U);
  detach_observer(arena, log);
}

TEST(ArenaObserverAttachment, DetachingFromAnArenaWithoutSlabDoesNothing) {
  EventLog log;
  Arena arena;
  detach_observer(arena, log);
  EXPECT_EQ(ArenaInsider::reserved_bytes(arena), 0U);
  EXPECT_EQ(log.told, Lines{});
}

TEST(DefaultObserver, IsAttachedToNewArenasFromTheirFirstSlab) {
  EventLog log;
  Arena old;
  (void)old.allocate(1);
  Arena without_slab;
  const AsDefault as_default(log);
  (void)old.allocate(5000);
  EXPECT_EQ(log.told, Lines{});
  (void)without_slab.allocate(1);
  const Arena with_options(ArenaOptions{64});
  EXPECT_EQ(log.told.at(0), "1: attached new 4096");
  EXPECT_EQ(log.told.at(3),
            "1: allocated 1 at 1, slop 0, remaining 4095, took block");
  EXPECT_EQ(log.told.at(4), "2: attached new 64");
}

TEST(DefaultObserver, ReachesAnArenaThatIsOpenedBeforeItsFirstAllocation) {
  EventLog log;
  const AsDefault as_default(log);
  Arena for_a_scope;
  {
    const ArenaScope scope(for_a_scope);
    ASSERT_EQ(log.told.size(), 2U);
    EXPECT_EQ(log.told.at(0), "1: attached new 4096");
  }
  (void)log.take();
  Arena opened;
  ASSERT_TRUE(detail::ArenaInsider::try_open(opened, ArenaOptions{64}));
  EXPECT_EQ(log.take(), Lines{"2: attached new 64"});
}

TEST(DefaultObserver, ReachesAllArenasAtTheirNextCallOutOfLine) {
  const Unchecked unchecked;
  EventLog log;
  Arena arena;
  (void)arena.allocate(1);
  Arena refreshed;
  (void)refreshed.allocate(1);
  EventLog other;
  attach_observer(refreshed, other);
  const AsDefault as_default(log, ArenaReach::kAllArenas);
  (void)arena.allocate(10);  // inline
  EXPECT_EQ(log.told, Lines{});
  (void)arena.allocate(5000);
  EXPECT_EQ(log.told.at(0), "1: attached old 4096");
  EXPECT_EQ(log.allocations.back().bytes, 5000U);
  (void)log.take();
  refresh_observers(refreshed);
  (void)refreshed.allocate(1);
  EXPECT_EQ(log.take(), (Lines{"2: attached old 4096",
                               "2: allocated 1 at 1, slop 0, remaining 4094"}));
  detach_observer(refreshed, other);
}

class Late final : public EventLog {
 public:
  explicit Late(ArenaInterest interest = ArenaInterest::sample(kSeldom))
      : EventLog(interest) {
    forgo_blocks();
    forgo_unsampled_arenas();
  }
};

TEST(DefaultObserver, OneThatIsLateHearsOfAnArenaBeforeItHasTakenMore) {
  for (const ArenaInterest before :
       {ArenaInterest::none(), ArenaInterest::sample(kSeldom)}) {
    Late late(before);
    const AsDefault as_default(late);
    Arena arena;
    (void)arena.allocate(100);
    EXPECT_EQ(late.told, Lines{});
    late.set_interest(ArenaInterest::all());
    const std::size_t usage = arena.memory_usage();
    while (late.told.empty()) (void)arena.allocate(1000);
    EXPECT_LE(arena.memory_usage() - usage, (std::size_t{1} << 20U) + 8192);
    ASSERT_EQ(late.told.size(), 2U);
    EXPECT_EQ(late.told[0], "1: attached old 4096");
    detach_observer(arena, late);
  }
}

// The next of its sample is looked for before it is known that memory runs out.
TEST(DefaultObserver, OneThatIsLateTakesNoTimeOverARequestThatCannotBeServed) {
  for (const ArenaInterest interest :
       {ArenaInterest::none(), ArenaInterest::sample(kSeldom),
        ArenaInterest::sample(1)}) {
    Late late(interest);
    const AsDefault as_default(late);
    Arena arena;
    (void)arena.allocate(100);
    EXPECT_EQ(arena.try_allocate(SIZE_MAX / 2), nullptr);
    EXPECT_EQ(arena.try_allocate(SIZE_MAX - 100), nullptr);
    EXPECT_NE(arena.try_allocate(100), nullptr);
  }
}

TEST(DefaultObserver, RefreshBringsOneThatIsLateIfItWantsAll) {
  Late late;
  const AsDefault as_default(late);
  Arena arena;
  (void)arena.allocate(100);
  refresh_observers(arena);
  EXPECT_EQ(late.told, Lines{});
  late.set_interest(ArenaInterest::all());
  refresh_observers(arena);
  EXPECT_EQ(late.take(), Lines{"1: attached old 4096"});
  (void)arena.allocate(100);
  EXPECT_EQ(late.allocations.size(), 1U);
  detach_observer(arena, late);
}

TEST(DefaultObserver, OneThatIsLateIsNotAttachedOnceItIsDetachedOrRemoved) {
  for (const bool removed : {false, true}) {
    Late late;
    add_default_observer(late);
    Arena arena;
    (void)arena.allocate(100);
    if (removed) {
      remove_default_observer(late);
    } else {
      detach_observer(arena, late);
    }
    late.set_interest(ArenaInterest::all());
    refresh_observers(arena);
    for (int i = 0; i != 2000; ++i) (void)arena.allocate(1000);
    EXPECT_EQ(late.told, Lines{});
    remove_default_observer(late);
  }
}

TEST(DefaultObserver, OnlyOneIsLateAtATime) {
  Late first;
  Late second;
  Late of_all_arenas;
  Arena made_before;
  (void)made_before.allocate(100);
  add_default_observer(first);
  add_default_observer(second);
  add_default_observer(of_all_arenas, ArenaReach::kAllArenas);
  Arena arena;
  (void)arena.allocate(100);
  EXPECT_EQ(first.told, Lines{});
  EXPECT_EQ(second.take(), Lines{"1: attached new 4096"});
  EXPECT_EQ(of_all_arenas.take(), Lines{"1: attached new 4096"});
  remove_default_observer(of_all_arenas);
  remove_default_observer(first);
  // Now it is the turn of the second, for arenas that are new from here on.
  Arena next;
  (void)next.allocate(100);
  EXPECT_EQ(second.told, Lines{});
  second.set_interest(ArenaInterest::all());
  for (Arena* one : {&made_before, &arena, &next}) refresh_observers(*one);
  EXPECT_EQ(second.take(), Lines{"2: attached old 4096"});
  EXPECT_EQ(first.told, Lines{});
  remove_default_observer(second);
  detach_observer(next, second);
  detach_observer(arena, second);
  detach_observer(arena, of_all_arenas);
}

TEST(DefaultObserver, RemovedStaysWithTheArenasThatHaveIt) {
  EventLog log;
  add_default_observer(log);
  add_default_observer(log, ArenaReach::kAllArenas);  // it is one already
  Arena observed;
  (void)observed.allocate(1);
  remove_default_observer(log);
  remove_default_observer(log);
  (void)log.take();
  Arena later;
  (void)later.allocate(1);
  EXPECT_EQ(log.take(), Lines{});
  (void)observed.allocate(1);
  EXPECT_EQ(log.take(), Lines{"1: allocated 1 at 1, slop 0, remaining 4094"});
  detach_observer(observed, log);
}

TEST(DefaultObserver, SeveralAreAttachedAndLeaveInAnyOrder) {
  for (const int first_to_go : {0, 1, 2}) {
    EventLog logs[3];
    for (EventLog& log : logs) add_default_observer(log);
    remove_default_observer(logs[first_to_go]);
    {
      Arena arena;
      (void)arena.allocate(1);
    }
    for (int i = 0; i != 3; ++i) {
      EXPECT_EQ(logs[i].told.size(), i == first_to_go ? 0U : 5U);
      remove_default_observer(logs[i]);
    }
  }
}

TEST(DefaultObserver, IsToldOfArenasThatGotNotEvenASlab) {
  CountingSource source(1);
  if (kWithoutExceptions && kNullIsChecked) GTEST_SKIP() << "null is checked";
  set_default_arena_options(ArenaOptions{128, &source});
  EventLog log;
  const AsDefault as_default(log);
  Arena arena;
  EXPECT_EQ(arena.try_allocate(7), nullptr);
  EXPECT_EQ(log.take(), Lines{"0: out of memory for 7 at 1"});
  EXPECT_EQ(arena.try_allocate_aligned(SIZE_MAX, 16), nullptr);
  EXPECT_EQ(log.take(), Lines{"0: out of memory for all at 16"});
  EXPECT_NE(arena.try_allocate(7), nullptr);
  EXPECT_EQ(log.told.at(0), "1: attached new 128");
  set_default_arena_options(ArenaOptions{});
}

// An observer may keep an arena of its own, or it could not keep much: arenas
// it makes within a call must not lead back to it, whatever it is told of.
class Keeper final : public ArenaObserver {
 public:
  void attached(const ObservedArena&, bool) noexcept override { keep(); }
  void slab_taken(const ObservedArena&, const ObservedSlab&) noexcept override {
    keep();
  }
  void block_taken(const ObservedArena&,
                   const ObservedBlock&) noexcept override {
    keep();
  }
  void allocated(const ObservedArena&,
                 const ObservedAllocation&) noexcept override {
    keep();
  }
  void scope_begun(const ObservedArena&) noexcept override { keep(); }
  void resetting(const ObservedArena&, std::size_t) noexcept override {
    keep();
  }
  void out_of_memory(const ObservedArena&, std::size_t,
                     std::size_t) noexcept override {
    keep();
  }
  void ending(const ObservedArena&) noexcept override { keep(); }

  int calls = 0;

 private:
  void keep() {
    ++calls;
    if (++depth_ > 3) return;
    Arena arena;
    (void)arena.allocate(5000);
    --depth_;
  }
  int depth_ = 0;
};

TEST(DefaultObserver, ArenasMadeWithinACallAreNotReached) {
  for (const ArenaReach reach :
       {ArenaReach::kNewArenas, ArenaReach::kAllArenas}) {
    Keeper keeper;
    add_default_observer(keeper, reach);
    {
      Arena arena;
      (void)arena.allocate(1);             // attached, slab, block, allocated
      (void)arena.allocate(1);             // allocated
      { const ArenaScope scope(arena); }   // begun
      (void)arena.try_allocate(SIZE_MAX);  // out of memory
      arena.reset();                       // resetting
    }                                      // ending
    remove_default_observer(keeper);
    EXPECT_EQ(keeper.calls, 9);
  }
}

TEST(ArenaObserverMisuse, DestroyedWhileAttachedEndsTheProgram) {
  Arena arena;
  EXPECT_DEATH(
      {
        EventLog log;
        attach_observer(arena, log);
      },
      "bitcoinleveldb-arena: an ArenaObserver was destroyed while attached to "
      "an arena");
}

TEST(ArenaObserverMisuse, DestroyedWhileADefaultEndsTheProgram) {
  EXPECT_DEATH(
      {
        EventLog log;
        add_default_observer(log);
      },
      "bitcoinleveldb-arena: an ArenaObserver was destroyed while it was a "
      "default observer");
}

}  // namespace
}  // namespace bitcoinleveldb
