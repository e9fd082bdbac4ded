// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Reset: the arena is as a fresh one, whatever it keeps; what it keeps is
// bounded and serves the next round; and it costs as much as there are slabs.

#include <gtest/gtest.h>

#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "arena_snapshot.h"
#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_blocks.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/workload.h"
#include "block_sources.h"
#include "recording_door.h"
#include "spare_slabs.h"

namespace bitcoinleveldb {
namespace {

using detail::ArenaInsider;

constexpr std::size_t kSome = 200'000;
constexpr std::size_t kModes[] = {0, 1, kSome, Arena::kKeepAll};

struct Placed {
  Place place;
  std::size_t usage;

  friend bool operator==(const Placed&, const Placed&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Placed& placed) {
    return out << placed.place << " usage " << placed.usage;
  }
};

std::vector<Placed> run(Arena& arena, std::string_view name, std::uint64_t seed,
                        int requests = 1500) {
  Workload workload(name, seed);
  std::vector<Placed> all;
  for (int i = 0; i != requests; ++i) {
    const ArenaRequest request = workload.next();
    char* const ptr = request.aligned ? arena.allocate_aligned(request.bytes)
                                      : arena.allocate(request.bytes);
    std::memset(ptr, i, request.bytes);
    all.push_back({place_of(arena, ptr), arena.memory_usage()});
  }
  return all;
}

std::vector<Placed> run_fresh(std::string_view name, std::uint64_t seed) {
  Arena fresh;
  return run(fresh, name, seed);
}

void expect_empty(const Arena& arena) {
  EXPECT_EQ(arena.memory_usage(), 0U);
  EXPECT_EQ(ArenaBlocks(arena).size(), 0U);
  EXPECT_EQ(ArenaBlocks(arena).begin(), ArenaBlocks(arena).end());
  EXPECT_EQ(ArenaInsider::granted(arena), 0U);
  EXPECT_EQ(ArenaInsider::remaining(arena), 0U);
  EXPECT_EQ(ArenaInsider::current_block(arena), nullptr);
}

TEST(ArenaReset, FreshArenaStaysFresh) {
  for (const std::size_t keep : kModes) {
    Arena arena;
    const ArenaSnapshot before(arena);
    arena.reset(keep);
    EXPECT_EQ(ArenaSnapshot(arena), before);
  }
}

TEST(ArenaReset, P1ToP5HoldAfterEveryModeAsOnAFreshArena) {
  for (const WorkloadInfo& info : Workload::all()) {
    for (const std::size_t keep : kModes) {
      Arena arena;
      for (std::uint64_t round = 1; round != 4; ++round) {
        ASSERT_EQ(run(arena, info.name, round), run_fresh(info.name, round))
            << info.name << ", keeping " << keep << ", round " << round;
        arena.reset(keep);
        expect_empty(arena);
      }
    }
  }
}

TEST(ArenaReset, P1ToP5HoldAfterARoundOfAnotherKind) {
  Arena arena;
  for (const std::size_t keep : kModes) {
    for (const WorkloadInfo& info : Workload::all()) {
      ASSERT_EQ(run(arena, info.name, 7), run_fresh(info.name, 7))
          << info.name << ", keeping " << keep;
      arena.reset(keep);
    }
  }
}

TEST(ArenaReset, KeepAllMakesNoCallNorDoesTheNextIdenticalRound) {
  for (const WorkloadInfo& info : Workload::all()) {
    CountingSource source;
    Arena arena(ArenaOptions{4096, &source});
    (void)run(arena, info.name, 301, 5000);
    const std::size_t calls = source.calls();
    const std::size_t reserved = ArenaInsider::reserved_bytes(arena);
    for (int round = 0; round != 3; ++round) {
      arena.reset();
      EXPECT_EQ(ArenaInsider::reserved_bytes(arena), reserved);
      (void)run(arena, info.name, 301, 5000);
    }
    EXPECT_EQ(source.calls(), calls) << info.name;
    EXPECT_EQ(source.deallocations(), 0U);
  }
}

// Requests of which some need a slab of their own beside the usual ones.
void run_with_large_ones(Arena& arena, int requests) {
  for (int i = 0; i != requests; ++i) {
    (void)arena.allocate(900);
    if (i % 20 == 3) (void)arena.allocate(30'000);
    if (i % 100 == 50) (void)arena.allocate(400'000);
  }
}

TEST(ArenaReset, NextIdenticalRoundWithLargeRequestsMakesNoCall) {
  for (int requests = 1; requests < 400; requests += 3) {
    CountingSource source;
    Arena arena(ArenaOptions{4096, &source});
    run_with_large_ones(arena, requests);
    const std::size_t calls = source.calls();
    for (int round = 0; round != 3; ++round) {
      arena.reset();
      run_with_large_ones(arena, requests);
    }
    EXPECT_EQ(source.calls(), calls) << requests << " requests";
  }
}

TEST(ArenaReset, CostIsThatOfTheSlabsNotOfTheAllocations) {
  CountingSource source;
  Arena arena(ArenaOptions{4096, &source});
  for (int i = 0; i != 500'000; ++i) (void)arena.allocate(8);
  const std::size_t slabs = source.live_slabs();
  EXPECT_LT(slabs, 30U);
  arena.reset(0);
  EXPECT_EQ(source.deallocations(), slabs - 1);
  EXPECT_EQ(source.live_slabs(), 1U);
}

TEST(ArenaReset, KeepsUpToSoManyBytesOldestSlabsFirst) {
  for (const std::size_t keep : {5'000U, 10'000U, 100'000U, 1'000'000U}) {
    CountingSource source;
    Arena arena(ArenaOptions{4096, &source});
    for (int i = 0; i != 4000; ++i) (void)arena.allocate(1000);
    const std::size_t held = source.live_bytes();
    arena.reset(keep);
    EXPECT_LE(source.live_bytes(), keep);
    EXPECT_GT(source.live_bytes(), keep / 3);
    EXPECT_EQ(ArenaInsider::reserved_bytes(arena), source.live_bytes());
    arena.reset(held);
    EXPECT_LE(source.live_bytes(), keep);
  }
}

TEST(ArenaReset, KeepingExactlyWhatIsHeldKeepsAll) {
  CountingSource source;
  Arena arena(ArenaOptions{4096, &source});
  for (int i = 0; i != 400; ++i) (void)arena.allocate(1000);
  arena.reset(source.live_bytes());
  EXPECT_EQ(source.deallocations(), 0U);
  const std::size_t held = source.live_bytes();
  arena.reset(held - 1);
  EXPECT_EQ(source.deallocations(), 1U);
}

TEST(ArenaReset, KeepingExactlyTheOldestSlabsKeepsThem) {
  for (const std::size_t slabs : {1U, 2U, 3U}) {
    CountingSource source;
    Arena arena(ArenaOptions{4096, &source});
    while (source.live_slabs() != slabs) (void)arena.allocate(1000);
    const std::size_t oldest = source.live_bytes();
    while (source.live_slabs() != 6) (void)arena.allocate(1000);
    arena.reset(oldest);
    EXPECT_EQ(source.live_slabs(), slabs);
    EXPECT_EQ(source.live_bytes(), oldest);
  }
}

// Sets the process-wide defaults, and sets them back.
class DefaultsOn {
 public:
  explicit DefaultsOn(std::pmr::memory_resource& source) {
    set_default_arena_options(ArenaOptions{4096, &source});
  }
  DefaultsOn(const DefaultsOn&) = delete;
  DefaultsOn& operator=(const DefaultsOn&) = delete;
  ~DefaultsOn() { set_default_arena_options(ArenaOptions{}); }
};

TEST(ArenaReset, KeepingNothingLeavesADefaultArenaWithNoSlab) {
  CountingSource source;
  const DefaultsOn defaults(source);
  Arena arena;
  for (int i = 0; i != 400; ++i) (void)arena.allocate(1000);
  arena.reset(0);
  EXPECT_EQ(source.live_slabs(), 0U);
  EXPECT_EQ(ArenaInsider::reserved_bytes(arena), 0U);
  EXPECT_EQ(ArenaSnapshot(arena), ArenaSnapshot(Arena()));
  EXPECT_NE(arena.allocate(1), nullptr);
}

TEST(ArenaReset, KeepingTheFirstSlabOfADefaultArenaLeavesIt) {
  CountingSource source;
  const DefaultsOn defaults(source);
  Arena arena;
  (void)arena.allocate(1);
  const std::size_t first = source.live_bytes();
  for (int i = 0; i != 400; ++i) (void)arena.allocate(1000);
  arena.reset(first);
  EXPECT_EQ(source.live_bytes(), first);
  arena.reset(first - 1);
  EXPECT_EQ(source.live_bytes(), 0U);
}

// `arena` has options with blocks of 1,024 bytes and has taken its first slab.
void expect_options_kept(Arena& arena, const CountingSource& source) {
  const std::size_t first = source.live_bytes();
  for (const std::size_t keep : kModes) {
    for (int i = 0; i != 400; ++i) (void)arena.allocate(100);
    arena.reset(keep);
    (void)arena.allocate(1);
    EXPECT_EQ(arena.memory_usage(), 1024 + sizeof(char*));
  }
  arena.reset(0);
  EXPECT_EQ(source.live_bytes(), first);
  EXPECT_EQ(source.live_slabs(), 1U);
}

TEST(ArenaReset, ArenaWithOptionsKeepsThemAndItsFirstSlab) {
  CountingSource source;
  Arena arena(ArenaOptions{1024, &source});
  expect_options_kept(arena, source);
}

TEST(ArenaReset, ArenaOpenedWithOptionsKeepsThemToo) {
  CountingSource source;
  Arena arena;
  ASSERT_TRUE(ArenaInsider::try_open(arena, ArenaOptions{1024, &source}));
  expect_options_kept(arena, source);
}

TEST(ArenaReset, MovedArenaIsResetAsWhatItWas) {
  CountingSource source;
  Arena made(ArenaOptions{1024, &source});
  (void)made.allocate(5000);
  Arena arena(std::move(made));
  arena.reset(0);
  (void)arena.allocate(1);
  EXPECT_EQ(arena.memory_usage(), 1024 + sizeof(char*));
  EXPECT_EQ(source.live_slabs(), 1U);
}

TEST(ArenaReset, SlabsKeptGoWithTheArenaOrTheArenaAssignedTo) {
  CountingSource source;
  {
    Arena arena(ArenaOptions{4096, &source});
    for (int i = 0; i != 400; ++i) (void)arena.allocate(1000);
    arena.reset();
    Arena other(std::move(arena));
    (void)other.allocate(10'000);
    EXPECT_GT(source.live_slabs(), 3U);
  }
  EXPECT_EQ(source.live_slabs(), 0U);
  EXPECT_EQ(source.live_bytes(), 0U);
}

// A request that none of the kept slabs can hold takes one more, and one that
// fails then leaves the arena as it was.
TEST(ArenaReset, D3FailureInTheNextRoundLeavesTheArenaAsItWas) {
  CountingSource source(4);
  Arena arena(ArenaOptions{4096, &source});
  for (int i = 0; i != 8; ++i) (void)arena.allocate(1000);
  ASSERT_LT(source.calls(), 4U);
  while (source.calls() != 3) (void)arena.allocate(1000);
  arena.reset();
  (void)arena.allocate(1000);
  const ArenaSnapshot before(arena);
  if (kWithoutExceptions && kNullIsChecked)
    GTEST_SKIP() << "a sanitizer ends a program with such a source";
  EXPECT_EQ(arena.try_allocate(5'000'000), nullptr);
  EXPECT_EQ(ArenaSnapshot(arena), before);
  EXPECT_NE(arena.try_allocate(5'000'000), nullptr);
}

TEST(ArenaReset, DoorsStayAndSeeEverything) {
  for (const std::size_t keep : kModes) {
    RecordingDoor door;
    Arena arena;
    ArenaInsider::attach(arena, door);
    std::vector<std::size_t> expected;
    for (std::size_t round = 0; round != 3; ++round) {
      for (std::size_t i = 1; i != 300; ++i) {
        (void)arena.allocate(i);
        expected.push_back(i);
      }
      arena.reset(keep);
      expect_empty(arena);
    }
    ASSERT_EQ(door.seen.size(), expected.size()) << "keeping " << keep;
    for (std::size_t i = 0; i != expected.size(); ++i) {
      ASSERT_EQ(door.seen[i].bytes, expected[i]) << "keeping " << keep;
    }
    ArenaInsider::detach(arena, door);
    (void)arena.allocate(1);
    EXPECT_EQ(door.seen.size(), expected.size());
  }
}

// A block that is a little larger each round fits no slab that was kept. What
// is held must follow what a round needs and not the sum over the rounds.
TEST(ArenaReset, RoundsThatGrowDoNotAddUp) {
  constexpr std::size_t kStart = std::size_t{9} << 20U;
  CountingSource source;
  ArenaOptions options;
  options.block_source = &source;
  Arena arena(options);
  for (std::size_t round = 0; round != 40; ++round) {
    (void)arena.allocate(100);
    (void)arena.allocate(kStart + round * 4096);
    arena.reset();
    ASSERT_LE(source.live_bytes(), 3 * kStart) << "after round " << round;
    ASSERT_EQ(source.live_bytes(), ArenaInsider::reserved_bytes(arena));
  }
}

// Spare slabs of equal size, of which none can hold the next round's block.
TEST(ArenaReset, SlabTakesThePlaceOfSpareOnesWithAsManyBytesAndNoMore) {
  ArenaWithSpareSlabs spare;
  Arena& arena = spare.arena;
  // Takes a slab as large as two of them.
  (void)arena.allocate(spare.slab + 10'000);
  EXPECT_EQ(spare.source.deallocations(), 2U);
  EXPECT_EQ(spare.source.live_bytes(), spare.held);
}

}  // namespace
}  // namespace bitcoinleveldb
