// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Scopes: the arena is afterwards what it was before, slabs are kept or given
// back as asked, and misuse never goes unseen. That everything allocated later
// comes to lie where LevelDB would put it is shown by parity_scopes_test.cc.

#include "bitcoinleveldb/arena_scope.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "arena_snapshot.h"
#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_cursor.h"
#include "bitcoinleveldb/arena_objects.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/workload.h"
#include "block_sources.h"
#include "expect_failure.h"
#include "recording_door.h"

namespace bitcoinleveldb {
namespace {

using detail::ArenaInsider;

void fill(Arena& arena, std::string_view workload, int requests) {
  Workload next(workload, 301);
  for (int i = 0; i != requests; ++i) {
    const ArenaRequest request = next.next();
    char* const ptr = request.aligned ? arena.allocate_aligned(request.bytes)
                                      : arena.allocate(request.bytes);
    std::memset(ptr, i, request.bytes);
  }
}

void expect_as_before(const Arena& arena, const ArenaSnapshot& before) {
  const ArenaSnapshot now(arena);
  EXPECT_EQ(now.usage, before.usage);
  EXPECT_EQ(now.position, before.position);
  EXPECT_EQ(now.granted, before.granted);
  EXPECT_EQ(now.remaining, before.remaining);
  EXPECT_EQ(now.blocks, before.blocks);
  EXPECT_EQ(ArenaBlocks(arena).size(), before.blocks.size());
}

TEST(ArenaScope, EndBringsTheArenaBackFromAnyWorkload) {
  for (const WorkloadInfo& info : Workload::all()) {
    Arena arena;
    for (const int requests : {0, 1, 50, 2000}) {
      fill(arena, info.name, requests);
      const ArenaSnapshot before(arena);
      {
        const ArenaScope scope(arena);
        EXPECT_EQ(scope.usage_before(), before.usage);
        fill(arena, info.name, 2000);
      }
      expect_as_before(arena, before);
    }
  }
}

TEST(ArenaScope, EmptyScopeChangesNothingAtAll) {
  Arena arena;
  (void)arena.allocate(100);
  const ArenaSnapshot before(arena);
  { const ArenaScope scope(arena); }
  EXPECT_EQ(ArenaSnapshot(arena), before);
}

TEST(ArenaScope, ArenaWithoutASlabIsEmptyAgain) {
  Arena arena;
  {
    const ArenaScope outer(arena);
    const ArenaScope inner(arena);
    EXPECT_EQ(arena.memory_usage(), 0U);
    (void)arena.allocate(10'000);
  }
  EXPECT_EQ(arena.memory_usage(), 0U);
  EXPECT_EQ(ArenaBlocks(arena).size(), 0U);
  EXPECT_EQ(ArenaInsider::position(arena), nullptr);
  EXPECT_EQ(place_of(arena, arena.allocate(1)), (Place{0, 0}));
}

TEST(ArenaScope, RewindOnRequestMayBeRepeated) {
  Arena arena;
  char* const kept = arena.allocate(5);
  std::memcpy(kept, "kept", 5);
  const ArenaSnapshot before(arena);
  ArenaScope scope(arena);
  for (int round = 0; round != 5; ++round) {
    fill(arena, "specification", 300 * round);
    scope.rewind();
    expect_as_before(arena, before);
  }
  EXPECT_STREQ(kept, "kept");
}

TEST(ArenaScope, OneWithinAnotherGivesBackItsPartOnly) {
  Arena arena;
  const ArenaScope outer(arena);
  char* const kept = arena.allocate(3000);
  std::memset(kept, 7, 3000);
  const ArenaSnapshot before(arena);
  {
    const ArenaScope inner(arena);
    fill(arena, "specification", 500);
  }
  expect_as_before(arena, before);
  EXPECT_EQ(std::vector<char>(kept, kept + 3000), std::vector<char>(3000, 7));
}

// The dedicated blocks take slabs of their own while carving goes on in an
// older one, and the mark lies in the middle of that.
TEST(ArenaScope, CarvingGoesBackToAnOlderSlab) {
  CountingSource source;
  Arena arena(ArenaOptions{4096, &source});
  fill(arena, "specification", 1000);
  const ArenaSnapshot before(arena);
  const char* next = nullptr;
  {
    const ArenaScope scope(arena);
    next = arena.allocate(4096 - 100);
    (void)arena.allocate(1'000'000);
    fill(arena, "specification", 5000);
  }
  expect_as_before(arena, before);
  EXPECT_EQ(arena.allocate(4096 - 100), next);
}

TEST(ArenaScope, RoundThatRepeatsMakesNoCallOfTheSource) {
  CountingSource source;
  Arena arena(ArenaOptions{4096, &source});
  (void)arena.allocate(100);
  std::size_t calls = 0;
  for (int round = 0; round != 10; ++round) {
    const ArenaScope scope(arena);
    fill(arena, "specification", 3000);
    if (round == 0) calls = source.calls();
    EXPECT_EQ(source.calls(), calls);
  }
  EXPECT_EQ(source.deallocations(), 0U);
}

TEST(ArenaScope, RewindKeepsNoMoreThanAskedFor) {
  for (const std::size_t keep : {0U, 1U, 50'000U, 300'000U}) {
    CountingSource source;
    Arena arena(ArenaOptions{4096, &source});
    fill(arena, "specification", 100);
    const std::size_t held = source.live_bytes();
    ArenaScope scope(arena);
    fill(arena, "specification", 10'000);
    ASSERT_GT(source.live_bytes(), 400'000U);
    scope.rewind(keep);
    EXPECT_LE(source.live_bytes(), std::max(keep, held));
    EXPECT_GE(source.live_bytes(), held);
    EXPECT_EQ(ArenaInsider::reserved_bytes(arena), source.live_bytes());
    if (keep == 0) {
      EXPECT_EQ(source.live_bytes(), held);
    }
  }
}

TEST(ArenaScope, ResetAfterAScopeKeepsItsSlabsAsSpareOnes) {
  CountingSource source;
  Arena arena(ArenaOptions{4096, &source});
  {
    const ArenaScope scope(arena);
    fill(arena, "specification", 3000);
  }
  const std::size_t held = source.live_bytes();
  arena.reset();
  EXPECT_EQ(source.live_bytes(), held);
  arena.reset(0);
  EXPECT_LT(source.live_bytes(), 10'000U);
}

TEST(ArenaScope, CursorMayLiveWithinOne) {
  Arena arena;
  (void)arena.allocate(10);
  const ArenaSnapshot before(arena);
  {
    const ArenaScope scope(arena);
    ArenaCursor cursor(arena);
    for (int i = 0; i != 1000; ++i) (void)cursor.allocate(33);
  }
  expect_as_before(arena, before);
}

TEST(ArenaScope, DoorIsAskedAgainAfterARewind) {
  RecordingDoor door(500);
  Arena arena;
  ArenaInsider::attach(arena, door);
  (void)arena.allocate(100);
  const ArenaSnapshot before(arena);
  {
    const ArenaScope scope(arena);
    (void)arena.allocate(100);
    (void)arena.allocate(10'000);
  }
  const std::size_t seen = door.seen.size();
  EXPECT_EQ(ArenaInsider::position(arena), before.position);
  EXPECT_EQ(ArenaInsider::remaining(arena), before.remaining);
  (void)arena.allocate(1);
  EXPECT_EQ(door.seen.size(), seen + 1);
}

TEST(ArenaScope, DoorAttachedWithinOneStaysAttached) {
  RecordingDoor door(0);
  Arena arena;
  {
    const ArenaScope scope(arena);
    (void)arena.allocate(100);
    ArenaInsider::attach(arena, door);
  }
  (void)arena.allocate(1);
  EXPECT_EQ(door.seen.size(), 1U);
}

TEST(ArenaScope, DoorAttachedLastWithinOneStaysThroughThoseWithinIt) {
  RecordingDoor door(0);
  Arena arena;
  const ArenaScope outer(arena);
  ArenaInsider::attach_last(arena, door);
  {
    const ArenaScope inner(arena);
    (void)arena.allocate(1);
    EXPECT_EQ(door.seen.size(), 1U);
  }
  (void)arena.allocate(1);
  EXPECT_EQ(door.seen.size(), 2U);
}

TEST(ArenaScope, DoorAttachedLastWithinTwoStaysInTheOuter) {
  RecordingDoor door(0);
  Arena arena;
  const ArenaScope outer(arena);
  {
    const ArenaScope inner(arena);
    ArenaInsider::attach_last(arena, door);
  }
  (void)arena.allocate(1);
  EXPECT_EQ(door.seen.size(), 1U);
}

TEST(ArenaScope, DoorDetachedWithinTwoStaysAwayFromTheOuter) {
  RecordingDoor door(0);
  Arena arena;
  const ArenaScope outer(arena);
  ArenaInsider::attach_last(arena, door);
  {
    const ArenaScope inner(arena);
    ArenaInsider::detach(arena, door);
  }
  (void)arena.allocate(1);
  EXPECT_TRUE(door.seen.empty());
}

// Shown by an arena with a source of its own: each round fails one call later.
TEST(ArenaScope, FailureWithinOneLeavesItsEndAsEver) {
  if (kNullIsChecked && kWithoutExceptions) {
    GTEST_SKIP() << "sources may not return null here";
  }
  bool ran_dry = true;
  for (std::size_t dry = 2; ran_dry; ++dry) {
    CountingSource source(dry);
    Arena arena(ArenaOptions{4096, &source});
    (void)arena.allocate(100);
    const ArenaSnapshot before(arena);
    {
      const ArenaScope scope(arena);
      Workload next("specification", 301);
      for (int i = 0; i != 3000; ++i) {
        (void)arena.try_allocate(next.next().bytes);
      }
    }
    expect_as_before(arena, before);
    ran_dry = source.ran_dry();
  }
}

TEST(ArenaScope, RewindOfAnOuterOneIsRefusedAndChangesNothing) {
  Arena arena;
  ArenaScope outer(arena);
  (void)arena.allocate(100);
  const ArenaScope inner(arena);
  (void)arena.allocate(5000);
  const ArenaSnapshot before(arena);
  expect_invalid([&] { outer.rewind(); }, "a scope within it is open");
  EXPECT_EQ(ArenaSnapshot(arena), before);
}

// A scope for each level of a recursion; every one of them brings back what it
// found.
void descend(Arena& arena, int levels) {
  const std::size_t usage = arena.memory_usage();
  {
    const ArenaScope scope(arena);
    (void)arena.allocate(levels % 7 == 0 ? 2000 : 10);
    if (levels != 0) descend(arena, levels - 1);
  }
  ASSERT_EQ(arena.memory_usage(), usage);
}

TEST(ArenaScope, ThousandsMayNest) {
  Arena arena;
  char* const first = arena.allocate(8);
  descend(arena, 5000);
  EXPECT_EQ(arena.allocate(8), first + 8);
}

TEST(ArenaScope, DoorsComeAndGoWithinNestedScopes) {
  Arena arena;
  const ArenaScope outer(arena);
  {
    ArenaScope inner(arena);
    (void)make_owned<std::string>(arena, "destroyed by the inner scope");
    {
      const ArenaScope innermost(arena);
      (void)make_owned<std::string>(arena, "destroyed by the innermost scope");
    }
    inner.rewind();
    (void)make_owned<std::string>(arena, "made anew in the inner scope");
  }
  EXPECT_EQ(arena.memory_usage(), outer.usage_before());
}

TEST(ArenaScopeDeathTest, EndOutOfOrderIsCaught) {
  EXPECT_DEATH(
      {
        Arena arena;
        auto outer = std::make_unique<ArenaScope>(arena);
        const ArenaScope inner(arena);
        outer.reset();
      },
      "bitcoinleveldb-arena: an ArenaScope ended before one within it");
}

TEST(ArenaScopeDeathTest, ArenaMovedUnderAScopeIsCaught) {
  EXPECT_DEATH(
      {
        Arena arena;
        auto scope = std::make_unique<ArenaScope>(arena);
        const Arena other(std::move(arena));
        scope.reset();
      },
      "its arena was moved");
}

TEST(ArenaScopeDeathTest, ArenaThatEndsBeforeItsScopeIsCaught) {
  EXPECT_DEATH(
      {
        auto arena = std::make_unique<Arena>();
        const ArenaScope scope(*arena);
        arena.reset();
      },
      "an arena ended before an ArenaScope on it");
  EXPECT_DEATH(
      {
        Arena arena;
        const ArenaScope scope(arena);
        arena = Arena();
      },
      "an arena ended before an ArenaScope on it");
}

TEST(ArenaScopeDeathTest, ResetWithinAScopeIsCaught) {
  EXPECT_DEATH(
      {
        Arena arena;
        const ArenaScope scope(arena);
        arena.reset();
      },
      "an arena was reset within an ArenaScope on it");
}

}  // namespace
}  // namespace bitcoinleveldb
