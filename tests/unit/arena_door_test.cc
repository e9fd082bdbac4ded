// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The cold door: whoever is attached sees what he asked for, and nothing comes
// to lie elsewhere because of it.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "arena_snapshot.h"
#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_resize.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/lcg_random.h"
#include "block_sources.h"
#include "recording_door.h"
#include "request.h"
#include "sanitizers.h"

namespace bitcoinleveldb {
namespace {

using detail::ArenaDoor;
using detail::ArenaInsider;
using detail::ColdAllocation;

// Requests of all kinds; those with an alignment draw from so many powers of
// two.
std::vector<Request> requests(std::uint64_t alignments) {
  LcgRandom random(301);
  std::vector<Request> all;
  all.reserve(3000);
  for (int i = 0; i != 3000; ++i) {
    Request request{static_cast<std::size_t>(random.uniform(100)), 1};
    if (random.one_in(3)) {
      request.alignment = std::size_t{1} << random.uniform(alignments);
    }
    if (random.one_in(50)) request.bytes = random.uniform(3000);
    all.push_back(request);
  }
  return all;
}

constexpr std::uint64_t kInlineAlignments = 5;  // 1, 2, 4, 8, 16
constexpr std::uint64_t kAllAlignments = 10;    // and up to 512

char* allocate(Arena& arena, Request request) {
  return request.alignment == 1
             ? arena.allocate(request.bytes)
             : arena.allocate_aligned(request.bytes, request.alignment);
}

void expect_congruent(const Arena& arena) {
  const std::size_t granted = ArenaInsider::granted(arena);
  const std::size_t remaining = ArenaInsider::remaining(arena);
  ASSERT_LE(granted, remaining);
  ASSERT_TRUE(granted == 0 || granted % 16 == remaining % 16)
      << granted << " of " << remaining;
}

TEST(ArenaDoor, GrantingNothingSeesEveryAllocationInOrder) {
  RecordingDoor door(0);
  Arena arena;
  ArenaInsider::attach(arena, door);
  const std::vector<Request> all = requests(kAllAlignments);
  for (const Request request : all) {
    const std::size_t blocks = ArenaBlocks(arena).size();
    const char* const ptr = allocate(arena, request);
    ASSERT_FALSE(door.seen.empty());
    const ColdAllocation& last = door.seen.back();
    ASSERT_EQ(last.ptr, ptr);
    ASSERT_EQ(last.bytes, std::max<std::size_t>(request.bytes, 1));
    ASSERT_EQ(last.alignment, request.alignment);
    ASSERT_EQ(last.took_block, ArenaBlocks(arena).size() != blocks);
    ASSERT_EQ(ArenaInsider::granted(arena), 0U);
  }
  EXPECT_EQ(door.seen.size(), all.size());
}

TEST(ArenaDoor, NamesTheAlignmentOfTheEntryPoint) {
  RecordingDoor door(0);
  Arena arena;
  ArenaInsider::attach(arena, door);
  (void)arena.allocate(5);
  (void)arena.try_allocate(5);
  (void)arena.allocate_aligned(5);
  (void)arena.try_allocate_aligned(5);
  (void)arena.allocate_aligned(5, 64);
  (void)arena.try_allocate_aligned(5, 64);
  ASSERT_EQ(door.seen.size(), 6U);
  const std::size_t expected[] = {1, 1, 8, 8, 64, 64};
  for (std::size_t i = 0; i != 6; ++i) {
    EXPECT_EQ(door.seen[i].alignment, expected[i]);
  }
}

TEST(ArenaDoor, FailedRequestIsNotSeen) {
  RecordingDoor door(0);
  Arena arena;
  ArenaInsider::attach(arena, door);
  EXPECT_EQ(arena.try_allocate(SIZE_MAX), nullptr);
  EXPECT_EQ(arena.try_allocate_aligned(1, 3), nullptr);
  EXPECT_TRUE(door.seen.empty());
}

// Both arenas get the same addresses, so that slop up to large alignments
// agrees too.
TEST(ArenaDoor, GrantsOfEverySizeLeaveThePlacementsAsTheyAre) {
  const std::vector<Request> all = requests(kAllAlignments);
  std::vector<Place> expected;
  ReproducibleSource plain_source;
  Arena plain(ArenaOptions{4096, &plain_source});
  for (const Request request : all) {
    expected.push_back(place_of(plain, allocate(plain, request)));
  }
  for (std::size_t grant = 0; grant <= 200; ++grant) {
    ReproducibleSource source;
    RecordingDoor door(grant);
    Arena arena(ArenaOptions{4096, &source});
    ArenaInsider::attach(arena, door);
    for (std::size_t i = 0; i != all.size(); ++i) {
      const char* const ptr = allocate(arena, all[i]);
      ASSERT_EQ(place_of(arena, ptr), expected[i])
          << "request " << i << " with a grant of " << grant;
      expect_congruent(arena);
    }
    ASSERT_EQ(arena.memory_usage(), plain.memory_usage());
  }
}

// By itself it is passed over in the short way, beside another in the long one;
// one that withholds the count while it skips must not cost a place.
TEST(ArenaDoor, SkippingBlocksIsToldAtTheFirstThatReachesBeyond) {
  const std::vector<Request> all = requests(kInlineAlignments);
  std::vector<Place> expected;
  struct Taken {
    std::size_t request;
    std::size_t bytes;
  };
  std::vector<Taken> blocks;
  Arena plain;
  for (std::size_t i = 0; i != all.size(); ++i) {
    const std::size_t before = ArenaBlocks(plain).size();
    expected.push_back(place_of(plain, allocate(plain, all[i])));
    if (ArenaBlocks(plain).size() != before) {
      blocks.push_back({i, (*ArenaBlocks(plain).begin()).bytes});
    }
  }
  ASSERT_GT(blocks.size(), 40U);

  for (const std::size_t skipped : {0U, 1U, 4095U, 4096U, 20000U, 1000000U}) {
    // The requests that reach beyond what was skipped at the one told of last.
    std::vector<std::size_t> told;
    std::size_t left = 0;
    for (const Taken block : blocks) {
      if (!told.empty() && block.bytes <= left) {
        left -= block.bytes;
      } else {
        told.push_back(block.request);
        left = skipped;
      }
    }
    for (const bool beside_another : {false, true}) {
      for (const std::size_t grant : {std::size_t{0}, SIZE_MAX}) {
        SkippingDoor door(grant, skipped);
        RecordingDoor other(SIZE_MAX);
        Arena arena;
        ArenaInsider::attach(arena, door);
        if (beside_another) ArenaInsider::attach(arena, other);
        std::vector<std::size_t> seen;
        for (std::size_t i = 0; i != all.size(); ++i) {
          const std::size_t calls = door.seen.size();
          const char* const ptr = allocate(arena, all[i]);
          ASSERT_EQ(place_of(arena, ptr), expected[i]) << "request " << i;
          if (door.seen.size() != calls) seen.push_back(i);
        }
        ASSERT_EQ(seen, told) << "skipping " << skipped << " bytes, granting "
                              << grant << ", " << beside_another;
        ASSERT_EQ(arena.memory_usage(), plain.memory_usage());
      }
    }
  }
}

TEST(ArenaDoor, NoMoreThanTheGrantIsHandedOutUnseen) {
  const Unchecked unchecked;
  for (const std::size_t grant : {1U, 15U, 16U, 17U, 100U, 200U, 1000U}) {
    RecordingDoor door(grant);
    Arena arena;
    ArenaInsider::attach(arena, door);
    std::size_t unseen = 0;
    std::size_t calls = 0;
    for (const Request request : requests(kInlineAlignments)) {
      const std::size_t seen = door.seen.size();
      (void)allocate(arena, request);
      unseen = door.seen.size() == seen ? unseen + request.bytes : 0;
      if (door.seen.size() == seen) ++calls;
      ASSERT_LE(unseen, grant);
    }
    if (grant >= 100) {
      EXPECT_GT(calls, 100U) << "the fast path was never taken";
    }
  }
}

TEST(ArenaDoor, UnlimitedGrantIsToldOfBlocksOnly) {
  const Unchecked unchecked;
  RecordingDoor door(std::numeric_limits<std::size_t>::max());
  Arena arena;
  ArenaInsider::attach(arena, door);
  // These fill blocks to the last byte, so that fits exactly count as fits.
  for (int i = 0; i != 1000; ++i) (void)arena.allocate(16);
  EXPECT_EQ(door.seen.size(), ArenaBlocks(arena).size());
  for (const ColdAllocation& seen : door.seen) EXPECT_TRUE(seen.took_block);
}

TEST(ArenaDoor, NearestOfSeveralWinsTheCount) {
  const Unchecked unchecked;
  RecordingDoor far(1000);
  RecordingDoor near(64);
  Arena arena;
  ArenaInsider::attach(arena, near);
  ArenaInsider::attach(arena, far);
  (void)arena.allocate(16);
  EXPECT_EQ(ArenaInsider::granted(arena), 64U);
  EXPECT_EQ(near.seen.size(), 1U);
  EXPECT_EQ(far.seen.size(), 1U);
  ArenaInsider::detach(arena, near);
  EXPECT_EQ(ArenaInsider::granted(arena), 0U);
  (void)arena.allocate(16);
  EXPECT_EQ(ArenaInsider::granted(arena), 992U);
  EXPECT_EQ(near.seen.size(), 1U);
  EXPECT_EQ(far.seen.size(), 2U);
}

TEST(ArenaDoor, DetachedInAnyOrderTheArenaRunsFree) {
  const Unchecked unchecked;
  for (std::size_t first = 0; first != 3; ++first) {
    RecordingDoor doors[3] = {RecordingDoor(0), RecordingDoor(50),
                              RecordingDoor(500)};
    Arena arena;
    for (RecordingDoor& door : doors) ArenaInsider::attach(arena, door);
    (void)arena.allocate(100);
    for (std::size_t i = 0; i != 3; ++i) {
      ArenaInsider::detach(arena, doors[(first + i) % 3]);
      (void)arena.allocate(100);
    }
    EXPECT_EQ(doors[first].seen.size(), 1U);
    EXPECT_EQ(doors[(first + 1) % 3].seen.size(), 2U);
    EXPECT_EQ(doors[(first + 2) % 3].seen.size(), 3U);
    EXPECT_EQ(ArenaInsider::granted(arena), 4096U - 400U);
    EXPECT_EQ(ArenaInsider::remaining(arena), 4096U - 400U);
  }
}

TEST(ArenaDoor, AttachedAndDetachedMidRunLeavesThePlacementsAsTheyAre) {
  RecordingDoor door(100);
  Arena plain;
  Arena arena;
  const std::vector<Request> all = requests(kInlineAlignments);
  for (std::size_t i = 0; i != all.size(); ++i) {
    if (i % 14 == 3) ArenaInsider::attach(arena, door);
    if (i % 14 == 10) ArenaInsider::detach(arena, door);
    const char* const expected = allocate(plain, all[i]);
    const char* const ptr = allocate(arena, all[i]);
    ASSERT_EQ(place_of(arena, ptr), place_of(plain, expected)) << i;
    expect_congruent(arena);
  }
  EXPECT_EQ(arena.memory_usage(), plain.memory_usage());
  EXPECT_FALSE(door.seen.empty());
}

TEST(ArenaDoor, AttachedToAFreshArenaIsToldOfTheFirstRequest) {
  RecordingDoor door(0);
  Arena arena;
  ArenaInsider::attach(arena, door);
  EXPECT_EQ(arena.memory_usage(), 0U);
  const char* const ptr = arena.allocate(1);
  ASSERT_EQ(door.seen.size(), 1U);
  EXPECT_EQ(door.seen[0].ptr, ptr);
  EXPECT_TRUE(door.seen[0].took_block);
  EXPECT_EQ(arena.memory_usage(), 4096 + sizeof(char*));
}

TEST(ArenaDoor, DedicatedBlockDoesNotChangeWhatRemains) {
  RecordingDoor door(0);
  Arena arena;
  ArenaInsider::attach(arena, door);
  (void)arena.allocate(96);
  (void)arena.allocate(10'000);
  ASSERT_EQ(door.seen.size(), 2U);
  EXPECT_TRUE(door.seen[1].took_block);
  EXPECT_EQ(ArenaInsider::remaining(arena), 4000U);
  EXPECT_EQ(place_of(arena, arena.allocate(1)), (Place{0, 96}));
}

// Has callers be given memory of its own.
class GivingDoor final : public ArenaDoor {
 public:
  std::size_t passed(const Arena& /*arena*/,
                     const ColdAllocation& allocation) noexcept override {
    EXPECT_EQ(allocation.given, allocation.ptr);
    allocation.given = place;
    return 0;
  }

  alignas(16) char place[5000] = {};
};

TEST(ArenaDoor, MemoryThatADoorGivesChangesNothingElse) {
  GivingDoor door;
  Arena given;
  Arena plain;
  ArenaInsider::attach(given, door);
  for (const std::size_t bytes : {1U, 24U, 5000U, 4090U, 0U}) {
    char* const ptr = given.allocate_aligned(bytes);
    EXPECT_EQ(ptr, door.place);
    (void)plain.allocate_aligned(bytes);
    EXPECT_EQ(given.memory_usage(), plain.memory_usage());
    EXPECT_EQ(ArenaInsider::remaining(given), ArenaInsider::remaining(plain));
    EXPECT_FALSE(try_resize_newest(given, ptr, bytes, 1));
  }
}

// Leaves bytes free behind each allocation.
class GapDoor final : public ArenaDoor {
 public:
  std::size_t passed(const Arena& arena,
                     const ColdAllocation& /*allocation*/) noexcept override {
    ArenaInsider::leave_gap(arena, 24);
    return 0;
  }
};

TEST(ArenaDoor, GapThatADoorLeavesIsNotHandedOut) {
  const Unchecked unchecked;
  GapDoor door;
  Arena arena;
  ArenaInsider::attach(arena, door);
  const char* const first = arena.allocate(8);
  EXPECT_EQ(arena.allocate(8), first + 8 + 24);
  EXPECT_EQ(ArenaInsider::remaining(arena), 4096U - 2 * (8 + 24));
}

TEST(ArenaInsider, CurrentBlockIsWhereThePositionLies) {
  Arena arena;
  EXPECT_EQ(ArenaInsider::current_block(arena), nullptr);
  (void)arena.allocate(5000);
  EXPECT_EQ(ArenaInsider::current_block(arena), nullptr);
  const char* const first = arena.allocate(10);
  EXPECT_EQ(ArenaInsider::current_block(arena), first);
  (void)arena.allocate(5000);
  EXPECT_EQ(ArenaInsider::current_block(arena), first);
  EXPECT_EQ(ArenaInsider::position(arena), first + 10);
  EXPECT_EQ(ArenaInsider::remaining(arena), 4086U);
}

}  // namespace
}  // namespace bitcoinleveldb
