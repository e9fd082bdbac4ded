// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "report/block_map.h"

#include <gtest/gtest.h>

#include <numeric>

#include "bitcoinleveldb/arena_stats.h"
#include "bitcoinleveldb/workload.h"

namespace arenatest {
namespace {

using bitcoinleveldb::Arena;
using bitcoinleveldb::attach_observer;

constexpr std::size_t kAllBlocks = 1'000'000;

// An arena that a map is attached to from its beginning to its end.
struct Mapped {
  explicit Mapped(std::size_t blocks_max) : map(blocks_max) {
    attach_observer(arena, map);
  }

  BlockMap map;
  Arena arena;
};

std::size_t bytes_of(const BlockMap::Block& block) {
  std::size_t sum = block.tail + block.unused;
  for (const auto& one : block.allocations) sum += one.slop + one.bytes;
  return sum;
}

// 100 bytes; 24 aligned behind 4 of slop; 1,000; 2,000 that still fit; a block
// of their own for the 1,025 that do not; and 970 of which 2 too few remain.
void allocate_known_sequence(Arena& arena) {
  (void)arena.allocate(100);
  (void)arena.allocate_aligned(24);
  (void)arena.allocate(1000);
  (void)arena.allocate(2000);
  (void)arena.allocate(1025);
  (void)arena.allocate(970);
}

TEST(BlockMap, KnownSequenceIsWhereItWasPlaced) {
  Mapped mapped(kAllBlocks);
  allocate_known_sequence(mapped.arena);
  const auto& blocks = mapped.map.blocks();
  ASSERT_EQ(blocks.size(), 3U);

  EXPECT_FALSE(blocks[0].dedicated);
  EXPECT_EQ(blocks[0].bytes, 4096U);
  ASSERT_EQ(blocks[0].allocations.size(), 4U);
  EXPECT_EQ(blocks[0].allocations[0].slop, 0U);
  EXPECT_EQ(blocks[0].allocations[0].bytes, 100U);
  EXPECT_EQ(blocks[0].allocations[0].alignment, 1U);
  EXPECT_EQ(blocks[0].allocations[1].slop, 4U);
  EXPECT_EQ(blocks[0].allocations[1].bytes, 24U);
  EXPECT_EQ(blocks[0].allocations[1].alignment, 8U);
  EXPECT_EQ(blocks[0].allocations[3].bytes, 2000U);
  EXPECT_EQ(blocks[0].tail, 4096U - 3128U);
  EXPECT_EQ(blocks[0].unused, 0U);

  EXPECT_TRUE(blocks[1].dedicated);
  EXPECT_EQ(blocks[1].bytes, 1025U);
  ASSERT_EQ(blocks[1].allocations.size(), 1U);
  EXPECT_EQ(blocks[1].tail, 0U);

  ASSERT_EQ(blocks[2].allocations.size(), 1U);
  EXPECT_EQ(blocks[2].allocations[0].bytes, 970U);
  EXPECT_EQ(blocks[2].tail, 0U);
  EXPECT_EQ(blocks[2].unused, 4096U - 970U);
}

TEST(BlockMap, KnownSequenceHasItsTotals) {
  Mapped mapped(kAllBlocks);
  allocate_known_sequence(mapped.arena);
  const BlockMap::Totals& totals = mapped.map.totals();
  EXPECT_EQ(totals.allocations, 6U);
  EXPECT_EQ(totals.aligned, 1U);
  EXPECT_EQ(totals.requested_bytes, 5119U);
  EXPECT_EQ(totals.slop_bytes, 4U);
  EXPECT_EQ(totals.tails, 1U);
  EXPECT_EQ(totals.tail_bytes, 968U);
  EXPECT_EQ(totals.unused_bytes, 3126U);
  EXPECT_EQ(totals.blocks, 3U);
  EXPECT_EQ(totals.dedicated_blocks, 1U);
  EXPECT_EQ(totals.dedicated_bytes, 1025U);
}

// A dedicated block does not change the current one: what comes next goes on
// where the standard block had been left.
TEST(BlockMap, AllocationAfterDedicatedBlockBelongsToTheStandardOne) {
  Mapped mapped(kAllBlocks);
  (void)mapped.arena.allocate(3500);
  (void)mapped.arena.allocate(10);
  (void)mapped.arena.allocate(4090);
  (void)mapped.arena.allocate(20);
  const auto& blocks = mapped.map.blocks();
  ASSERT_EQ(blocks.size(), 3U);
  EXPECT_EQ(blocks[0].allocations.size(), 1U);
  ASSERT_EQ(blocks[1].allocations.size(), 2U);
  EXPECT_EQ(blocks[1].allocations[1].bytes, 20U);
  EXPECT_EQ(blocks[1].unused, 4096U - 30U);
  EXPECT_EQ(blocks[2].allocations.size(), 1U);
}

TEST(BlockMap, ArenaWithDedicatedBlocksAloneHasNothingUnused) {
  Mapped mapped(kAllBlocks);
  (void)mapped.arena.allocate(5000);
  (void)mapped.arena.allocate(6000);
  EXPECT_EQ(mapped.map.totals().unused_bytes, 0U);
  EXPECT_EQ(mapped.map.totals().dedicated_bytes, 11000U);
  EXPECT_EQ(bytes_of(mapped.map.blocks()[1]), 6000U);
}

// For every workload: the parts of a block fill it, the parts of the arena add
// up to its usage, and the figures that the arena has by itself are the same.
TEST(BlockMap, EveryWorkloadAddsUpToTheArenasOwnFigures) {
  for (const auto& info : bitcoinleveldb::Workload::all()) {
    SCOPED_TRACE(info.name);
    Mapped mapped(kAllBlocks);
    bitcoinleveldb::Workload workload(info.name, 7);
    for (int i = 0; i != 3000; ++i) {
      const auto request = workload.next();
      (void)(request.aligned ? mapped.arena.allocate_aligned(request.bytes)
                             : mapped.arena.allocate(request.bytes));
    }
    const BlockMap::Totals& totals = mapped.map.totals();
    const auto figures = stats(mapped.arena);
    EXPECT_EQ(totals.usage, figures.usage);
    EXPECT_EQ(totals.blocks, figures.blocks);
    EXPECT_EQ(totals.dedicated_blocks, figures.dedicated_blocks);
    EXPECT_EQ(totals.dedicated_bytes, figures.dedicated_bytes);
    EXPECT_EQ(totals.tails, figures.tails);
    EXPECT_EQ(totals.tail_bytes, figures.tail_bytes);
    EXPECT_EQ(totals.reserved_bytes, figures.reserved_bytes);
    EXPECT_EQ(totals.requested_bytes + totals.slop_bytes + totals.tail_bytes +
                  totals.unused_bytes + totals.blocks * sizeof(char*),
              totals.usage);
    for (const auto& block : mapped.map.blocks()) {
      ASSERT_EQ(bytes_of(block), block.bytes);
    }
  }
}

TEST(BlockMap, OffsetsAreThoseOfThePointers) {
  Mapped mapped(kAllBlocks);
  bitcoinleveldb::Workload workload("memtable", 11);
  for (int i = 0; i != 500; ++i) {
    const auto request = workload.next();
    const char* const ptr = request.aligned
                                ? mapped.arena.allocate_aligned(request.bytes)
                                : mapped.arena.allocate(request.bytes);
    const auto place = find_block(mapped.arena, ptr);
    ASSERT_TRUE(place);
    const auto& list = mapped.map.blocks()[place->number].allocations;
    std::size_t offset = list.back().slop;
    for (std::size_t k = 0; k + 1 != list.size(); ++k) {
      offset += list[k].slop + list[k].bytes;
    }
    ASSERT_EQ(offset, place->offset);
  }
}

TEST(BlockMap, BlocksAboveTheLimitCountInTheTotalsAlone) {
  Mapped limited(2);
  Mapped whole(kAllBlocks);
  for (Mapped* const one : {&limited, &whole}) {
    for (int i = 0; i != 100; ++i) (void)one->arena.allocate(1000);
  }
  ASSERT_EQ(whole.map.blocks().size(), 25U);
  ASSERT_EQ(limited.map.blocks().size(), 2U);
  EXPECT_EQ(limited.map.totals().blocks, 25U);
  EXPECT_EQ(limited.map.totals().tail_bytes, whole.map.totals().tail_bytes);
  EXPECT_EQ(limited.map.blocks()[1].tail, 96U);
  EXPECT_EQ(limited.map.blocks()[1].allocations.size(), 4U);
}

TEST(SizeHistogram, BinsOfADoublingAreFour) {
  EXPECT_EQ(SizeHistogram::bin_of(1).most, 1U);
  EXPECT_EQ(SizeHistogram::bin_of(7).least, 7U);
  EXPECT_EQ(SizeHistogram::bin_of(9).least, 8U);
  EXPECT_EQ(SizeHistogram::bin_of(9).most, 9U);
  EXPECT_EQ(SizeHistogram::bin_of(219).least, 192U);
  EXPECT_EQ(SizeHistogram::bin_of(219).most, 223U);
  std::size_t bins = 0;
  for (std::size_t size = 1024; size < 2048;) {
    const auto bin = SizeHistogram::bin_of(size);
    EXPECT_EQ(bin.least, size);
    size = bin.most + 1;
    ++bins;
  }
  EXPECT_EQ(bins, 4U);
}

TEST(SizeHistogram, LargestSizeHasABin) {
  const auto bin = SizeHistogram::bin_of(SIZE_MAX);
  EXPECT_EQ(bin.most, SIZE_MAX);
  EXPECT_LT(bin.least, bin.most);
}

TEST(SizeHistogram, EmptyBinsBetweenAreListedAndNoneOutside) {
  SizeHistogram sizes;
  EXPECT_TRUE(sizes.bins().empty());
  sizes.add(16);
  sizes.add(16);
  sizes.add(19);
  sizes.add(33);
  const auto bins = sizes.bins();
  ASSERT_EQ(bins.size(), 5U);
  EXPECT_EQ(bins.front().least, 16U);
  EXPECT_EQ(bins.front().allocations, 3U);
  EXPECT_EQ(bins.front().bytes, 51U);
  EXPECT_EQ(bins[1].allocations, 0U);
  EXPECT_EQ(bins.back().allocations, 1U);
  EXPECT_EQ(bins.back().least, 32U);
}

}  // namespace
}  // namespace arenatest
