// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Growing and shrinking in place: the arena is afterwards the one that was
// asked for the new size at once, or nothing has changed. The random test keeps
// a twin that asks at once, and compares everything there is to see.

#include "bitcoinleveldb/arena_resize.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "arena_snapshot.h"
#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/arena_scope.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/lcg_random.h"
#include "block_sources.h"
#include "request.h"
#include "sanitizers.h"

namespace bitcoinleveldb {
namespace {

using detail::ArenaDoor;
using detail::ArenaInsider;
using detail::ColdAllocation;

void expect_refused(Arena& arena, char* ptr, std::size_t old_bytes,
                    std::size_t new_bytes) {
  const ArenaSnapshot before(arena);
  EXPECT_FALSE(try_resize_newest(arena, ptr, old_bytes, new_bytes))
      << old_bytes << " to " << new_bytes;
  EXPECT_EQ(ArenaSnapshot(arena), before);
}

TEST(ArenaResize, NewestGrowsToTheEndOfItsBlockAndNoFurther) {
  Arena arena;
  (void)arena.allocate(96);
  char* const ptr = arena.allocate(100);
  std::memset(ptr, 7, 100);
  EXPECT_TRUE(try_resize_newest(arena, ptr, 100, 4000));
  std::memset(ptr + 100, 8, 3900);
  EXPECT_EQ(ptr[99], 7);
  EXPECT_EQ(ArenaInsider::remaining(arena), 0U);
  EXPECT_EQ(ArenaInsider::granted(arena), 0U);
  EXPECT_EQ(arena.memory_usage(), 4096 + sizeof(char*));
  expect_refused(arena, ptr, 4000, 4001);
  expect_refused(arena, ptr, 4000, SIZE_MAX);
}

TEST(ArenaResize, BytesGivenUpAreHandedOutNext) {
  Arena arena;
  char* const ptr = arena.allocate(100);
  EXPECT_TRUE(try_resize_newest(arena, ptr, 100, 30));
  EXPECT_EQ(arena.allocate(10), ptr + 30);
}

TEST(ArenaResize, ZeroBytesCountAsOne) {
  Arena arena;
  char* const ptr = arena.allocate(0);
  EXPECT_TRUE(try_resize_newest(arena, ptr, 0, 10));
  EXPECT_TRUE(try_resize_newest(arena, ptr, 10, 0));
  EXPECT_EQ(arena.allocate(1), ptr + 1);
}

TEST(ArenaResize, FreshArenaHasNoneToResize) {
  Arena arena;
  expect_refused(arena, nullptr, 0, 0);
  expect_refused(arena, nullptr, 0, 10);
  (void)arena.allocate(10);
  arena.reset();
  expect_refused(arena, nullptr, 0, 10);
}

TEST(ArenaResize, OlderAllocationIsRefused) {
  Arena arena;
  char* const older = arena.allocate(100);
  char* const newest = arena.allocate(100);
  expect_refused(arena, older, 100, 50);
  expect_refused(arena, older, 100, 150);
  expect_refused(arena, newest, 99, 50);
  expect_refused(arena, newest, 5000, 50);
  EXPECT_TRUE(try_resize_newest(arena, newest, 100, 50));
}

// A dedicated block leaves the bump state as it is, so that what lies behind
// the last allocation of either is free.
TEST(ArenaResize, DedicatedAndCurrentBlockEachHaveALastAllocation) {
  Arena arena;
  char* const bumped = arena.allocate(100);
  char* const dedicated = arena.allocate(5000);
  EXPECT_TRUE(try_resize_newest(arena, bumped, 100, 50));
  EXPECT_TRUE(try_resize_newest(arena, dedicated, 5000, 4500));
  char* const newest = arena.allocate(100);
  EXPECT_EQ(newest, bumped + 50);
  expect_refused(arena, bumped, 50, 40);
  EXPECT_TRUE(try_resize_newest(arena, dedicated, 4500, 4400));
  EXPECT_TRUE(try_resize_newest(arena, newest, 100, 0));
  (void)arena.allocate(6000);
  expect_refused(arena, dedicated, 4400, 4300);
}

TEST(ArenaResize, DedicatedBlockIsCountedWithItsNewBytes) {
  CountingSource source;
  Arena arena(ArenaOptions{4096, &source});
  (void)arena.allocate(100);
  for (int i = 0; i != 200; ++i) (void)arena.allocate(1000);
  const std::size_t usage = arena.memory_usage();
  char* const ptr = arena.allocate(5000);
  const std::size_t calls = source.calls();
  for (const std::size_t bytes : {4999U, 1025U, 5000U, 5100U}) {
    const std::size_t old_bytes = (*ArenaBlocks(arena).begin()).bytes;
    ASSERT_TRUE(try_resize_newest(arena, ptr, old_bytes, bytes)) << bytes;
    std::memset(ptr, 1, bytes);
    EXPECT_EQ(arena.memory_usage(), usage + bytes + sizeof(char*));
    EXPECT_EQ((*ArenaBlocks(arena).begin()).bytes, bytes);
  }
  EXPECT_EQ(source.calls(), calls);
  expect_refused(arena, ptr, 5100, 1024);
  expect_refused(arena, ptr, 5100, 100'000'000);
  expect_refused(arena, ptr, 5100, SIZE_MAX);
  expect_refused(arena, ptr, 5099, 5000);
}

TEST(ArenaResize, DedicatedBlockAloneInAFreshArenaIsTheNewest) {
  Arena arena;
  char* const ptr = arena.allocate(5000);
  EXPECT_TRUE(try_resize_newest(arena, ptr, 5000, 2000));
  EXPECT_EQ(arena.memory_usage(), 2000 + sizeof(char*));
  (void)arena.allocate(1);
  expect_refused(arena, ptr, 2000, 1500);
}

TEST(ArenaResize, OlderOfTwoDedicatedBlocksWithNoCurrentOneIsRefused) {
  Arena arena;
  char* const older = arena.allocate(5000);
  char* const newest = arena.allocate(5000);
  expect_refused(arena, older, 5000, 4000);
  expect_refused(arena, older, 5000, 5001);
  EXPECT_TRUE(try_resize_newest(arena, newest, 5000, 4000));
}

// Blocks begin at multiples of 16, behind a head of 16 bytes.
TEST(ArenaResize, NextBlockFollowsWhatADedicatedOneHasNow) {
  Arena arena;
  for (int i = 0; i != 200; ++i) (void)arena.allocate(1000);
  char* const grown = arena.allocate(2000);
  ASSERT_TRUE(try_resize_newest(arena, grown, 2000, 3001));
  char* const shrunk = arena.allocate(5000);
  EXPECT_EQ(shrunk, grown + 3008 + 16);
  ASSERT_TRUE(try_resize_newest(arena, shrunk, 5000, 2001));
  EXPECT_EQ(arena.allocate(2000), shrunk + 2016 + 16);
}

// The slab of the large one has less room left than the one before it, where
// carving goes on.
TEST(ArenaResize, BlockInASlabThatIsNotCarvedLeavesCarvingWhereItIs) {
  Arena arena;
  for (int i = 0; i != 100; ++i) (void)arena.allocate(1000);
  char* const before = arena.allocate(2000);
  char* const large = arena.allocate(1'000'000);
  ASSERT_TRUE(try_resize_newest(arena, large, 1'000'000, 900'000));
  ASSERT_TRUE(try_resize_newest(arena, large, 900'000, 1'000'000));
  expect_refused(arena, large, 1'000'000, 1'000'001);  // the end of its slab
  EXPECT_EQ(arena.allocate(2000), before + 2000 + 16);
}

TEST(ArenaResize, AllocationOlderThanTheScopeIsRefused) {
  Arena arena;
  char* const bumped = arena.allocate(100);
  {
    const ArenaScope scope(arena);
    expect_refused(arena, bumped, 100, 200);
    expect_refused(arena, bumped, 100, 50);
    char* const inner = arena.allocate(100);
    EXPECT_TRUE(try_resize_newest(arena, inner, 100, 200));
  }
  EXPECT_TRUE(try_resize_newest(arena, bumped, 100, 200));
  char* const dedicated = arena.allocate(5000);
  {
    const ArenaScope scope(arena);
    expect_refused(arena, dedicated, 5000, 4000);
    char* const inner = arena.allocate(7000);
    EXPECT_TRUE(try_resize_newest(arena, inner, 7000, 6000));
  }
  EXPECT_TRUE(try_resize_newest(arena, dedicated, 5000, 4000));
}

class ResizeDoor final : public ArenaDoor {
 public:
  explicit ResizeDoor(std::size_t grant) : grant_(grant) {}
  std::size_t passed(const Arena& /*arena*/,
                     const ColdAllocation& /*allocation*/) noexcept override {
    ++seen;
    return grant_;
  }
  void resized(const Arena& /*arena*/, char* /*ptr*/, std::size_t old_bytes,
               std::size_t new_bytes) noexcept override {
    by.push_back(static_cast<std::ptrdiff_t>(new_bytes) -
                 static_cast<std::ptrdiff_t>(old_bytes));
  }
  int seen = 0;
  std::vector<std::ptrdiff_t> by;

 private:
  std::size_t grant_;
};

TEST(ArenaResize, DoorThatWithholdsTheCountIsToldAndAskedAgain) {
  const Unchecked unchecked;
  for (const std::size_t grant : {std::size_t{0}, std::size_t{64}, SIZE_MAX}) {
    ResizeDoor door(grant);
    Arena arena;
    ArenaInsider::attach(arena, door);
    char* const ptr = arena.allocate(100);
    EXPECT_TRUE(try_resize_newest(arena, ptr, 100, 3000));
    EXPECT_TRUE(try_resize_newest(arena, ptr, 3000, 50));
    expect_refused(arena, ptr, 50, 5000);
    EXPECT_EQ(door.by, (std::vector<std::ptrdiff_t>{2900, -2950}));
    EXPECT_EQ(arena.allocate(10), ptr + 50);
    EXPECT_EQ(door.seen, 2);
    ArenaInsider::detach(arena, door);
    EXPECT_EQ(ArenaInsider::granted(arena), 4096U - 60U);
  }
}

// Estimates how many allocations of so many bytes arenas have made. It is
// attached to an arena when its sample has something there.
class LateEstimate final : public ArenaObserver {
 public:
  LateEstimate(std::size_t mean, std::size_t bytes)
      : ArenaObserver(ArenaInterest::sample(mean)), bytes_(bytes) {
    forgo_blocks();
    forgo_unsampled_arenas();
  }
  void allocated(const ObservedArena& /*arena*/,
                 const ObservedAllocation& one) noexcept override {
    if (one.bytes == bytes_) allocations += one.weight;
  }
  double allocations = 0;

 private:
  const std::size_t bytes_;
};

// Each allocation of b bytes is in the sample with the probability
// p = 1 - exp(-b / mean) and counts 1/p, so that the variance of the sum is
// (1 - p) / p for each. `use` makes 45 of `bytes` bytes in a fresh arena, and
// takes no standard block but its first.
template <class Use>
void expect_rightly_estimated(std::size_t bytes, Use use) {
  constexpr std::size_t kMean = 20'000;
  constexpr int kArenas = 3000;
  LateEstimate sample(kMean, bytes);
  add_default_observer(sample);
  for (int i = 0; i != kArenas; ++i) {
    Arena arena;
    use(arena);
  }
  remove_default_observer(sample);
  const double made = kArenas * 45;
  const double unseen = std::exp(-static_cast<double>(bytes) / kMean);
  const double deviation = std::sqrt(made * unseen / (1 - unseen));
  EXPECT_NEAR(sample.allocations, made, 5 * deviation);
}

TEST(ArenaResize, LateSampleIsAsRightWhereAllocationsAreMadeShorter) {
  expect_rightly_estimated(200, [](Arena& arena) {
    for (int i = 0; i != 45; ++i) {
      char* const ptr = arena.allocate(200);
      EXPECT_TRUE(try_resize_newest(arena, ptr, 200, 80));
    }
  });
}

TEST(ArenaResize, LateSampleIsAsRightWhereAllocationsAreMadeLonger) {
  expect_rightly_estimated(40, [](Arena& arena) {
    for (int i = 0; i != 45; ++i) {
      char* const ptr = arena.allocate(40);
      EXPECT_TRUE(try_resize_newest(arena, ptr, 40, 80));
    }
  });
}

TEST(ArenaResize, LateSampleIsAsRightWhereADedicatedBlockIsResized) {
  expect_rightly_estimated(80, [](Arena& arena) {
    (void)arena.allocate(80);
    char* const dedicated = arena.allocate(5000);
    for (std::size_t i = 1; i != 45; ++i) {
      EXPECT_TRUE(try_resize_newest(arena, dedicated, 5001 - i, 5000 - i));
      (void)arena.allocate(80);
    }
  });
}

Place place_at_once(Arena& arena, Request request, std::size_t bytes) {
  return place_of(arena, arena.allocate_aligned(bytes, request.alignment));
}

// Where the promise makes no exception the two arenas are one to look at.
TEST(ArenaResize, RandomResizesEqualAnArenaThatAskedAtOnce) {
  LcgRandom random(301);
  std::size_t resized = 0;
  for (int round = 0; round != 300; ++round) {
    ReproducibleSource source;
    ReproducibleSource twin_source;
    Arena arena(ArenaOptions{4096, &source});
    Arena twin(ArenaOptions{4096, &twin_source});
    for (int i = 0; i != 100; ++i) {
      const std::uint64_t bytes_up_to = random.one_in(8) ? 6000 : 300;
      const Request request{
          static_cast<std::size_t>(1 + random.uniform(bytes_up_to)),
          std::size_t{1} << random.uniform(5)};
      const std::size_t blocks = ArenaBlocks(arena).size();
      const std::size_t room = ArenaInsider::remaining(arena);
      char* const ptr =
          arena.allocate_aligned(request.bytes, request.alignment);
      const Place place = place_of(arena, ptr);
      const bool took_block = ArenaBlocks(arena).size() != blocks;
      std::size_t bytes = 1 + random.uniform(2 * request.bytes);
      const bool exempt =
          took_block &&
          (bytes <= room || (request.bytes <= 1024) != (bytes <= 1024));
      if (exempt || !try_resize_newest(arena, ptr, request.bytes, bytes)) {
        bytes = request.bytes;
      } else {
        ++resized;
      }
      std::memset(ptr, i, bytes);
      ASSERT_EQ(place_at_once(twin, request, bytes), place);
      ASSERT_EQ(twin.memory_usage(), arena.memory_usage());
      ASSERT_EQ(ArenaBlocks(twin).size(), ArenaBlocks(arena).size());
      ASSERT_EQ(ArenaInsider::remaining(twin), ArenaInsider::remaining(arena));
      ASSERT_EQ(ArenaInsider::granted(twin), ArenaInsider::granted(arena));
    }
  }
  EXPECT_GT(resized, 20'000U);
}

}  // namespace
}  // namespace bitcoinleveldb
