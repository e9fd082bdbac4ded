// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Each figure is compared with a recount that knows nothing of the arena's
// insides: blocks and tails by the policy as docs/parity.md has it, slabs by a
// source that counts.

#include "bitcoinleveldb/arena_stats.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <sstream>
#include <utility>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_blocks.h"
#include "bitcoinleveldb/arena_resize.h"
#include "bitcoinleveldb/arena_scope.h"
#include "bitcoinleveldb/lcg_random.h"
#include "block_sources.h"
#include "recording_door.h"
#include "usage_of.h"

namespace bitcoinleveldb {
namespace {

// The policy once more, in the plainest words, with all it leaves behind.
class Recount {
 public:
  explicit Recount(std::size_t block_bytes) : block_bytes_(block_bytes) {}

  void request(std::size_t bytes, std::size_t alignment) {
    const std::size_t slop = (alignment - used_ % alignment) % alignment;
    if (has_current_ && used_ + slop + bytes <= block_bytes_) {
      used_ += slop + bytes;
    } else if (bytes > block_bytes_ / 4) {
      ++expected_.dedicated_blocks;
      expected_.dedicated_bytes += bytes;
      add_block(bytes);
    } else {
      if (has_current_ && used_ != block_bytes_) {
        ++expected_.tails;
        expected_.tail_bytes += block_bytes_ - used_;
      }
      has_current_ = true;
      used_ = bytes;
      add_block(block_bytes_);
    }
  }

  void reset() {
    const std::size_t peak = expected_.usage_peak;
    *this = Recount(block_bytes_);
    expected_.usage_peak = peak;
  }

  const ArenaStats& expected() const { return expected_; }

 private:
  void add_block(std::size_t bytes) {
    ++expected_.blocks;
    expected_.usage += bytes + sizeof(char*);
    expected_.usage_peak = std::max(expected_.usage_peak, expected_.usage);
  }

  std::size_t block_bytes_;
  bool has_current_ = false;
  std::size_t used_ = 0;
  ArenaStats expected_;
};

void expect_blocks_as(const ArenaStats& stats, const ArenaStats& expected) {
  ASSERT_EQ(stats.usage, expected.usage);
  ASSERT_EQ(stats.usage_peak, expected.usage_peak);
  ASSERT_EQ(stats.blocks, expected.blocks);
  ASSERT_EQ(stats.dedicated_blocks, expected.dedicated_blocks);
  ASSERT_EQ(stats.dedicated_bytes, expected.dedicated_bytes);
  ASSERT_EQ(stats.tails, expected.tails);
  ASSERT_EQ(stats.tail_bytes, expected.tail_bytes);
}

void expect_slabs_as(const ArenaStats& stats, const CountingSource& source) {
  ASSERT_EQ(stats.slabs, source.live_slabs());
  ASSERT_EQ(stats.reserved_bytes, source.live_bytes());
}

// Sizes round every limit of the policy, a dedicated block of exactly the bytes
// of a standard one among them.
std::size_t random_bytes(LcgRandom& random, std::size_t block_bytes) {
  const std::size_t limits[] = {1, block_bytes / 4, block_bytes};
  if (random.one_in(8)) return limits[random.uniform(3)] + random.uniform(2);
  return 1 + random.uniform(block_bytes / (random.one_in(10) ? 1 : 20));
}

void request(Arena& arena, Recount& recount, LcgRandom& random,
             std::size_t block_bytes) {
  const std::size_t bytes = random_bytes(random, block_bytes);
  const std::size_t alignment = std::size_t{1} << random.uniform(5);
  recount.request(bytes, alignment);
  (void)arena.allocate_aligned(bytes, alignment);
}

void compare_with_recount(std::size_t block_bytes, std::uint64_t seed) {
  CountingSource source;
  Arena arena(ArenaOptions{block_bytes, &source});
  Recount recount(block_bytes);
  LcgRandom random(seed);
  for (int i = 0; i != 3000; ++i) {
    request(arena, recount, random, block_bytes);
    const ArenaStats now = stats(arena);
    expect_blocks_as(now, recount.expected());
    expect_slabs_as(now, source);
    if (random.one_in(400)) {
      arena.reset(random.uniform(100'000));
      recount.reset();
    }
  }
}

TEST(ArenaStats, EveryFigureEqualsARecountAfterEveryRequest) {
  for (const std::size_t block_bytes : {64U, 256U, 4096U}) {
    for (const std::uint64_t seed : {301U, 302U}) {
      SCOPED_TRACE(block_bytes);
      compare_with_recount(block_bytes, seed);
    }
  }
}

TEST(ArenaStats, EmptyArenaHasNothing) {
  EXPECT_EQ(summary(stats(Arena())), summary(ArenaStats{}));
}

TEST(ArenaStats, FreshArenaWithOptionsHoldsASlabAndNothingInIt) {
  CountingSource source;
  const Arena arena(ArenaOptions{4096, &source});
  const ArenaStats now = stats(arena);
  expect_slabs_as(now, source);
  EXPECT_EQ(now.blocks, 0U);
  EXPECT_EQ(now.usage_peak, 0U);
  EXPECT_EQ(now.spare_slabs, 0U);
}

TEST(ArenaStats, DedicatedBlockOfAStandardSizeIsNoStandardBlock) {
  Arena arena;
  (void)arena.allocate(4096);
  EXPECT_EQ(stats(arena).dedicated_blocks, 1U);
  (void)arena.allocate(1);
  EXPECT_EQ(stats(arena).dedicated_blocks, 1U);
  EXPECT_EQ(stats(arena).blocks, 2U);
}

TEST(ArenaStats, FullBlockLeavesNoTail) {
  Arena arena;
  for (int i = 0; i != 4; ++i) (void)arena.allocate(1024);
  (void)arena.allocate(1000);
  EXPECT_EQ(stats(arena).tails, 0U);
  for (int i = 0; i != 4; ++i) (void)arena.allocate(1000);
  EXPECT_EQ(stats(arena).tails, 1U);
  EXPECT_EQ(stats(arena).tail_bytes, 96U);
}

TEST(ArenaStats, TailIsWhatReallyRemainedUnderADoor) {
  RecordingDoor door;
  Arena arena;
  detail::ArenaInsider::attach(arena, door);
  for (int i = 0; i != 5; ++i) (void)arena.allocate(1000);
  EXPECT_EQ(stats(arena).tail_bytes, 96U);
}

TEST(ArenaStats, WhatAResetKeepsIsSpareUntilItIsUsed) {
  CountingSource source;
  Arena arena(ArenaOptions{4096, &source});
  for (int i = 0; i != 20; ++i) (void)arena.allocate(1000);
  const ArenaStats before = stats(arena);
  ASSERT_GT(before.slabs, 2U);
  EXPECT_EQ(before.spare_slabs, 0U);
  arena.reset();
  const ArenaStats kept = stats(arena);
  expect_slabs_as(kept, source);
  EXPECT_EQ(kept.spare_slabs, before.slabs - 1);
  EXPECT_LT(kept.spare_bytes, kept.reserved_bytes);
  for (int i = 0; i != 20; ++i) (void)arena.allocate(1000);
  EXPECT_EQ(stats(arena).spare_slabs, 0U);
  EXPECT_EQ(stats(arena).spare_bytes, 0U);
}

TEST(ArenaStats, PeakOutlivesAnAllocationThatShrinks) {
  Arena arena;
  char* const ptr = arena.allocate(1'000'000);
  ASSERT_TRUE(try_resize_newest(arena, ptr, 1'000'000, 2000));
  EXPECT_EQ(stats(arena).usage, usage_of(2000));
  EXPECT_EQ(stats(arena).usage_peak, usage_of(1'000'000));
}

TEST(ArenaStats, PeakOutlivesAScope) {
  Arena arena;
  {
    const ArenaScope scope(arena);
    (void)arena.allocate(200'000);
  }
  EXPECT_EQ(arena.memory_usage(), 0U);
  EXPECT_EQ(stats(arena).usage_peak, usage_of(200'000));
  EXPECT_EQ(stats(arena).blocks, 0U);
}

TEST(ArenaStats, PeakOutlivesResetsAndGoesAlongWhenMoved) {
  Arena arena;
  (void)arena.allocate(100'000);
  arena.reset();
  (void)arena.allocate(1);
  EXPECT_EQ(stats(arena).usage_peak, usage_of(100'000));
  Arena moved(std::move(arena));
  EXPECT_EQ(stats(moved).usage_peak, usage_of(100'000));
  moved.reset();
  EXPECT_EQ(stats(moved).usage_peak, usage_of(100'000));
  moved.reset(0);
  EXPECT_EQ(stats(moved).usage_peak, 0U);
}

TEST(ArenaStats, SummaryIsOneLineWithEveryFigure) {
  Arena arena;
  (void)arena.allocate(2000);
  for (int i = 0; i != 5; ++i) (void)arena.allocate(1000);
  const ArenaStats now = stats(arena);
  const std::string slabs = std::to_string(now.slabs) + " of " +
                            std::to_string(now.reserved_bytes) + " bytes";
  const std::string expected =
      "usage " + usage_text(10192, 3) + " (peak " + usage_text(10192, 3) +
      "), blocks 3 (dedicated 1 of 2000 bytes), tails 1 "
      "of 96 bytes, slabs " +
      slabs + " (spare 0 of 0 bytes)";
  EXPECT_EQ(summary(now), expected);
  std::ostringstream out;
  out << now;
  EXPECT_EQ(out.str(), expected);
}

TEST(FindBlock, EveryByteOfEveryBlockIsFoundAndNoOther) {
  CountingSource source;
  Arena arena(ArenaOptions{256, &source});
  LcgRandom random(301);
  for (int i = 0; i != 100; ++i) (void)arena.allocate(1 + random.uniform(200));
  std::size_t number = ArenaBlocks(arena).size();
  for (const ArenaBlock& block : ArenaBlocks(arena)) {
    --number;
    for (std::size_t offset = 0; offset != block.bytes; ++offset) {
      const auto place = find_block(arena, block.data + offset);
      ASSERT_TRUE(place.has_value());
      ASSERT_EQ(place->number, number);
      ASSERT_EQ(place->data, block.data);
      ASSERT_EQ(place->bytes, block.bytes);
      ASSERT_EQ(place->offset, offset);
      ASSERT_EQ(place->dedicated, block.bytes != 256);
    }
    // A block's head lies before it and belongs to no block.
    EXPECT_FALSE(contains(arena, block.data - 1));
    EXPECT_FALSE(contains(arena, block.data - sizeof(detail::Block)));
  }
}

TEST(FindBlock, PointersFromElsewhereAreInNoBlock) {
  const Arena empty;
  Arena other;
  const char* const ptr = other.allocate(10);
  Arena arena;
  (void)arena.allocate(10);
  EXPECT_FALSE(contains(empty, ptr));
  EXPECT_FALSE(contains(arena, ptr));
  EXPECT_FALSE(contains(arena, &arena));
  EXPECT_FALSE(contains(arena, nullptr));
  EXPECT_TRUE(contains(other, ptr));
}

TEST(FindBlock, ResetArenaContainsNothing) {
  Arena arena;
  const char* const ptr = arena.allocate(10);
  arena.reset();
  EXPECT_FALSE(contains(arena, ptr));
}

}  // namespace
}  // namespace bitcoinleveldb
