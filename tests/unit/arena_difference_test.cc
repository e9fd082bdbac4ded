// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The rows D1 to D6 of docs/parity.md by name: what our arena does differently
// on purpose, each beside a test of suite LevelDbArena that shows what the real
// one does. D3 and LevelDB's side of D5, which need control over operator new,
// are in heap_failure_test.cc.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "arena_snapshot.h"
#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_blocks.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/lcg_random.h"
#include "bitcoinleveldb/workload.h"
#include "block_sources.h"
#include "expect_failure.h"
#ifdef TESTS_HAVE_LEVELDB
#include "oracle/leveldb_arena.h"
#endif

namespace bitcoinleveldb {
namespace {

constexpr std::size_t kPointerBytes = sizeof(char*);

bool is_multiple(const char* ptr, std::size_t alignment) {
  return reinterpret_cast<std::uintptr_t>(ptr) % alignment == 0;
}

// Sizes that no object can have; with slop, a head or rounding most of them
// exceed what a size_t can hold.
std::vector<std::size_t> impossible_sizes() {
  std::vector<std::size_t> sizes = {PTRDIFF_MAX, std::size_t{PTRDIFF_MAX} + 1};
  for (std::size_t less = 0; less != 40; ++less) {
    sizes.push_back(SIZE_MAX - less);
  }
  return sizes;
}

TEST(ArenaDifference, D1OverflowingSizeIsRefusedByEveryTryForm) {
  for (std::size_t past = 0; past != 17; ++past) {
    Arena arena;
    if (past != 0) (void)arena.allocate(past);
    const ArenaSnapshot before(arena);
    for (const std::size_t bytes : impossible_sizes()) {
      ASSERT_EQ(arena.try_allocate(bytes), nullptr) << bytes;
      ASSERT_EQ(arena.try_allocate_aligned(bytes), nullptr) << bytes;
      for (std::size_t alignment = 1; alignment <= 4096; alignment *= 2) {
        ASSERT_EQ(arena.try_allocate_aligned(bytes, alignment), nullptr)
            << bytes << " at " << alignment;
      }
    }
    ASSERT_EQ(ArenaSnapshot(arena), before);
  }
}

TEST(ArenaDifference, D1OverflowingSizeIsBadAlloc) {
  for (const std::size_t bytes :
       {SIZE_MAX, SIZE_MAX - 6, SIZE_MAX - 15, std::size_t{PTRDIFF_MAX}}) {
    Arena arena;
    (void)arena.allocate(1);
    const ArenaSnapshot before(arena);
    expect_exhausted([&] { (void)arena.allocate(bytes); });
    expect_exhausted([&] { (void)arena.allocate_aligned(bytes); });
    expect_exhausted([&] { (void)arena.allocate_aligned(bytes, 16); });
    expect_exhausted([&] { (void)arena.allocate_aligned(bytes, 4096); });
    EXPECT_EQ(ArenaSnapshot(arena), before);
  }
}

#ifdef TESTS_HAVE_LEVELDB
TEST(LevelDbArena, OverflowingAlignedRequestReturnsABogusPointer) {
  leveldb::Arena arena;
  (void)arena.Allocate(1);
  const char* const position = arena.ptr;
  // One byte past an aligned address the slop is 7, and 7 more than this size
  // is 0 modulo 2^64: it "fits".
  const char* const bogus = arena.AllocateAligned(SIZE_MAX - 6);
  EXPECT_NE(bogus, nullptr);
  EXPECT_EQ(arena.ptr, position);
  EXPECT_EQ(arena.MemoryUsage(), 4096 + kPointerBytes);
  const char* const next = arena.Allocate(8);
  EXPECT_LE(next, bogus);
  EXPECT_GT(next + 8, bogus);
}
#endif

TEST(ArenaDifference, D2ZeroBytesAreServedAsOneByteByEveryForm) {
  Arena zero;
  Arena one;
  std::set<const char*> seen;
  for (int i = 0; i != 2000; ++i) {
    const char* const ptrs[] = {zero.allocate(0),
                                zero.allocate_aligned(0),
                                zero.allocate_aligned(0, 16),
                                zero.allocate_aligned(0, 2),
                                zero.try_allocate(0),
                                zero.try_allocate_aligned(0),
                                zero.try_allocate_aligned(0, 16),
                                zero.allocate(3)};
    const char* const expected[] = {one.allocate(1),
                                    one.allocate_aligned(1),
                                    one.allocate_aligned(1, 16),
                                    one.allocate_aligned(1, 2),
                                    one.try_allocate(1),
                                    one.try_allocate_aligned(1),
                                    one.try_allocate_aligned(1, 16),
                                    one.allocate(3)};
    for (std::size_t form = 0; form != std::size(ptrs); ++form) {
      ASSERT_NE(ptrs[form], nullptr);
      ASSERT_TRUE(seen.insert(ptrs[form]).second) << "an alias";
      ASSERT_EQ(place_of(zero, ptrs[form]), place_of(one, expected[form]));
    }
  }
  EXPECT_EQ(zero.memory_usage(), one.memory_usage());
}

TEST(ArenaDifference, D2ZeroBytesAsFirstRequestTakeABlock) {
  Arena plain;
  EXPECT_NE(plain.allocate(0), nullptr);
  EXPECT_EQ(plain.memory_usage(), 4096 + kPointerBytes);
  Arena aligned;
  EXPECT_TRUE(is_multiple(aligned.allocate_aligned(0, 4096), 4096));
  EXPECT_EQ(aligned.memory_usage(), 4096 + kPointerBytes);
}

TEST(ArenaDifference, D2ZeroBytesInAFullBlockTakeTheNextOne) {
  Arena arena;
  (void)arena.allocate(1024);
  (void)arena.allocate(3072);
  EXPECT_EQ(place_of(arena, arena.allocate(0)), (Place{1, 0}));
}

#ifdef TESTS_HAVE_LEVELDB
TEST(LevelDbArena, ZeroAlignedBytesAreNullOrAnAlias) {
  leveldb::Arena fresh;
  EXPECT_EQ(fresh.AllocateAligned(0), nullptr);
  leveldb::Arena arena;
  (void)arena.Allocate(8);
  const char* const zero = arena.AllocateAligned(0);
  EXPECT_EQ(arena.AllocateAligned(0), zero);
  EXPECT_EQ(arena.AllocateAligned(8), zero);
}
#endif

TEST(ArenaDifference, D4AlignmentIsHonouredWhereTheRequestFits) {
  for (std::size_t alignment = 1; alignment <= 65536; alignment *= 2) {
    ArenaOptions options;
    options.block_bytes = std::size_t{1} << 18U;
    Arena arena(options);
    (void)arena.allocate(1);
    const std::size_t usage = arena.memory_usage();
    const char* const before = detail::ArenaInsider::position(arena);
    const char* const ptr = arena.allocate_aligned(100, alignment);
    ASSERT_TRUE(is_multiple(ptr, alignment)) << alignment;
    ASSERT_GE(ptr, before);
    ASSERT_LT(static_cast<std::size_t>(ptr - before), alignment);
    ASSERT_EQ(detail::ArenaInsider::position(arena), ptr + 100);
    ASSERT_EQ(arena.memory_usage(), usage);
  }
}

TEST(ArenaDifference, D4BlockTakenForAnAlignmentStartsAtAMultipleOfIt) {
  for (std::size_t alignment = 1; alignment <= 65536; alignment *= 2) {
    for (const std::size_t bytes : {1U, 24U, 1024U, 1025U, 5000U, 300000U}) {
      Arena arena;
      for (int i = 0; i != 20; ++i) {
        const std::size_t usage = arena.memory_usage();
        const std::size_t blocks = ArenaBlocks(arena).size();
        const char* const ptr = arena.allocate_aligned(bytes, alignment);
        ASSERT_TRUE(is_multiple(ptr, alignment)) << bytes << ' ' << alignment;
        if (ArenaBlocks(arena).size() == blocks) continue;
        const ArenaBlock newest = *ArenaBlocks(arena).begin();
        ASSERT_EQ(newest.data, ptr);
        ASSERT_EQ(newest.bytes, bytes > 1024 ? bytes : 4096U);
        ASSERT_EQ(arena.memory_usage(), usage + newest.bytes + kPointerBytes);
      }
      ASSERT_GE(ArenaBlocks(arena).size(), 1U);
    }
  }
}

TEST(ArenaDifference, D4BlocksOfAllAlignmentsDoNotOverlap) {
  Arena arena;
  LcgRandom random(301);
  std::size_t filled = 0;
  for (int i = 0; i != 3000; ++i) {
    const std::size_t alignment = std::size_t{1} << random.uniform(14);
    const auto bytes = static_cast<std::size_t>(1 + random.uniform(3000));
    std::memset(arena.allocate_aligned(bytes, alignment), i, bytes);
    filled += bytes;
  }
  std::set<std::pair<const char*, const char*>> extents;
  for (const ArenaBlock& block : ArenaBlocks(arena)) {
    extents.emplace(block.data, block.data + block.bytes);
  }
  EXPECT_EQ(extents.size(), ArenaBlocks(arena).size());
  const char* end = nullptr;
  for (const auto& [start, stop] : extents) {
    EXPECT_GE(start, end);
    end = stop;
  }
  EXPECT_GT(arena.memory_usage(), filled);
}

TEST(ArenaDifference, D4AlignmentThatIsNoPowerOfTwoIsInvalid) {
  Arena arena;
  (void)arena.allocate(1);
  const ArenaSnapshot before(arena);
  for (const std::size_t alignment :
       {std::size_t{0}, std::size_t{3}, std::size_t{6}, std::size_t{12},
        std::size_t{24}, std::size_t{4095}, SIZE_MAX}) {
    expect_invalid(
        [&] { (void)arena.allocate_aligned(8, alignment); },
        "alignment is " + std::to_string(alignment) + "; allowed: powers of");
    EXPECT_EQ(arena.try_allocate_aligned(8, alignment), nullptr);
    EXPECT_EQ(arena.try_allocate_aligned(0, alignment), nullptr);
  }
  EXPECT_EQ(ArenaSnapshot(arena), before);
}

TEST(ArenaDifference, D4AlignmentBeyondAnySlabIsExhaustion) {
  constexpr std::size_t kHighestBit = SIZE_MAX / 2 + 1;
  Arena arena;
  EXPECT_EQ(arena.try_allocate_aligned(1, kHighestBit), nullptr);
  expect_exhausted([&] { (void)arena.allocate_aligned(1, kHighestBit); });
  EXPECT_EQ(arena.memory_usage(), 0U);
}

#ifdef TESTS_HAVE_LEVELDB
template <class A>
constexpr bool takes_an_alignment = requires(A& arena) {
  arena.AllocateAligned(1, 64);
};

TEST(LevelDbArena, OtherAlignmentsCannotBeAskedForAndAreNotGiven) {
  static_assert(!takes_an_alignment<leveldb::Arena>);
  leveldb::Arena arena;
  (void)arena.AllocateAligned(8);
  EXPECT_FALSE(is_multiple(arena.AllocateAligned(8), 16) &&
               is_multiple(arena.AllocateAligned(8), 16));
}
#endif

TEST(ArenaDifference, D5DestructionGivesBackSlabsAndNotBlocks) {
  CountingSource source;
  std::size_t blocks = 0;
  {
    ArenaOptions options;
    options.block_source = &source;
    Arena arena(options);
    for (int i = 0; i != 20'000; ++i) (void)arena.allocate(1000);
    blocks = ArenaBlocks(arena).size();
    EXPECT_EQ(source.deallocations(), 0U);
  }
  EXPECT_EQ(blocks, 5'000U);
  EXPECT_EQ(source.deallocations(), source.calls());
  EXPECT_LT(source.deallocations(), blocks / 100);
  EXPECT_EQ(source.live_bytes(), 0U);
}

TEST(ArenaDifference, D6BlocksAreListedAndAddUpToTheUsage) {
  for (const WorkloadInfo& info : Workload::all()) {
    Arena arena;
    Workload workload(info.name, 301);
    for (int i = 0; i != 2000; ++i) {
      const ArenaRequest request = workload.next();
      (void)(request.aligned ? arena.allocate_aligned(request.bytes)
                             : arena.allocate(request.bytes));
    }
    std::size_t sum = 0;
    std::size_t count = 0;
    for (const ArenaBlock& block : ArenaBlocks(arena)) {
      sum += block.bytes + kPointerBytes;
      ++count;
    }
    EXPECT_EQ(sum, arena.memory_usage()) << info.name;
    EXPECT_EQ(count, ArenaBlocks(arena).size()) << info.name;
  }
}

TEST(ArenaDifference, D6AnArenaWithoutAllocationsHasNoBlocks) {
  Arena arena;
  EXPECT_EQ(ArenaBlocks(arena).size(), 0U);
  EXPECT_EQ(ArenaBlocks(arena).begin(), ArenaBlocks(arena).end());
  Arena with_slab{ArenaOptions{}};
  EXPECT_EQ(ArenaBlocks(with_slab).begin(), ArenaBlocks(with_slab).end());
  EXPECT_EQ(with_slab.memory_usage(), 0U);
}

#ifdef TESTS_HAVE_LEVELDB
TEST(LevelDbArena, UsageCountsPointersToBlocksButNotTheirSpareTable) {
  leveldb::Arena arena;
  for (int i = 0; i != 5; ++i) (void)arena.Allocate(4096);
  EXPECT_EQ(arena.blocks.size(), 5U);
  EXPECT_GT(arena.blocks.capacity(), arena.blocks.size());
  EXPECT_EQ(arena.MemoryUsage(), 5 * (4096 + kPointerBytes));
}
#endif

}  // namespace
}  // namespace bitcoinleveldb
