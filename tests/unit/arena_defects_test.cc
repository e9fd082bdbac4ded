// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Defects that arenas have had, each tried on ours. docs/parity.md has the
// table of LevelDB's, docs/safety.md that of the others.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory_resource>
#include <new>
#include <optional>
#include <vector>

#include "arena_snapshot.h"
#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_blocks.h"
#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/arena_resource.h"
#include "bitcoinleveldb/arena_stats.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/memory_budget.h"
#include "block_sources.h"
#include "expect_failure.h"
#ifdef TESTS_HAVE_LEVELDB
#include "oracle/leveldb_arena.h"
#endif

namespace bitcoinleveldb {
namespace {

std::uintptr_t address_of(const char* ptr) {
  return reinterpret_cast<std::uintptr_t>(ptr);
}

// Leaves a block of 4,096 bytes with `tail` bytes.
void leave(Arena& arena, std::size_t tail) {
  (void)arena.allocate(1024);
  if (tail != 4096 - 1024) (void)arena.allocate(4096 - 1024 - tail);
}

// The pad up to the alignment may exceed the tail; what is left of the block
// must not become a number below zero.
TEST(OtherArenas, ZeroBytesAtATailSmallerThanThePadTakeTheNextBlock) {
  for (std::size_t tail = 0; tail != 80; ++tail) {
    for (std::size_t alignment = 1; alignment <= 4096; alignment *= 2) {
      Arena arena;
      leave(arena, tail);
      const auto pad = (0 - address_of(detail::ArenaInsider::position(arena))) &
                       (alignment - 1);
      const char* const zero = arena.allocate_aligned(0, alignment);
      ASSERT_EQ(address_of(zero) % alignment, 0U);
      ASSERT_EQ(ArenaBlocks(arena).size(), pad < tail ? 1U : 2U)
          << tail << " at " << alignment;
      ASSERT_LE(detail::ArenaInsider::remaining(arena), 4096U);
      ASSERT_LE(detail::ArenaInsider::granted(arena), 4096U);
      ASSERT_NE(arena.allocate(1), zero);
    }
  }
}

// Says what it is asked for and has nothing that large.
class AskedSource final : public std::pmr::memory_resource {
 public:
  std::vector<std::size_t> asked;

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    asked.push_back(bytes);
    if (bytes > (std::size_t{1} << 30U)) return run_dry();
    return std::pmr::new_delete_resource()->allocate(bytes, alignment);
  }
  void do_deallocate(void* memory, std::size_t bytes,
                     std::size_t alignment) override {
    std::pmr::new_delete_resource()->deallocate(memory, bytes, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }
};

// Sizes around every power of two: growth by doubling ends, and no sum of
// heads, pads and bytes wraps to a slab that is too small.
TEST(OtherArenas, SlabForAnySizeIsAskedForWithAtLeastThatSize) {
  if (kWithoutExceptions && kNullIsChecked)
    GTEST_SKIP() << "a sanitizer ends a program with such a source";
  AskedSource source;
  Arena arena(ArenaOptions{4096, &source});
  (void)arena.allocate(1);
  const ArenaSnapshot before(arena);
  for (unsigned bit = 31; bit != 8 * sizeof(std::size_t); ++bit) {
    const std::size_t power = std::size_t{1} << bit;
    for (const std::size_t bytes : {power - 1, power, power + 1}) {
      for (std::size_t alignment = 1; alignment <= 4096; alignment *= 64) {
        source.asked.clear();
        ASSERT_EQ(arena.try_allocate_aligned(bytes, alignment), nullptr);
        if (bytes > PTRDIFF_MAX - 8192) {
          ASSERT_EQ(source.asked, std::vector<std::size_t>{}) << bytes;
        } else {
          ASSERT_EQ(source.asked.size(), 1U) << bytes;
          ASSERT_GT(source.asked[0], bytes);
          ASSERT_LT(source.asked[0] - bytes, 8192U);
        }
      }
    }
  }
  EXPECT_EQ(ArenaSnapshot(arena), before);
}

TEST(OtherArenas, RequestNearTheLargestSizeIsNeitherNullNorServed) {
  Arena arena;
  ArenaResource resource(arena);
  leave(arena, 9);
  const ArenaSnapshot before(arena);
  for (std::size_t less = 0; less != 70; ++less) {
    expect_exhausted([&] { (void)resource.allocate(SIZE_MAX - less, 8); });
  }
  EXPECT_EQ(ArenaSnapshot(arena), before);
}

TEST(OtherArenas, RefusedRequestDoesNotConsumeTheNextBlock) {
  CountingSource source;
  Arena arena(ArenaOptions{4096, &source});
  leave(arena, 10);
  const std::size_t calls = source.calls();
  for (int i = 0; i != 100; ++i) {
    EXPECT_EQ(arena.try_allocate(SIZE_MAX / 2), nullptr);
  }
  EXPECT_EQ(source.calls(), calls);
  EXPECT_EQ(ArenaBlocks(arena).size(), 1U);
  (void)arena.allocate(10);  // what was left
  EXPECT_EQ(ArenaBlocks(arena).size(), 1U);
}

TEST(OtherArenas, ResetWithDedicatedBlocksAloneForgetsThem) {
  for (const std::size_t keep : {std::size_t{0}, Arena::kKeepAll}) {
    CountingSource source;
    Arena arena(ArenaOptions{4096, &source});
    for (int i = 0; i != 5; ++i) (void)arena.allocate(100'000);
    EXPECT_EQ(stats(arena).dedicated_blocks, 5U);
    arena.reset(keep);
    EXPECT_EQ(arena.memory_usage(), 0U);
    EXPECT_EQ(stats(arena).blocks, 0U);
    EXPECT_EQ(stats(arena).dedicated_bytes, 0U);
    EXPECT_EQ(stats(arena).reserved_bytes, source.live_bytes());
    (void)arena.allocate(1);
    EXPECT_EQ(arena.memory_usage(), 4096 + sizeof(char*));
  }
}

TEST(OtherArenas, FiguresAfterAResetCountWhatIsStillHeld) {
  for (const std::size_t keep :
       {std::size_t{0}, std::size_t{5000}, std::size_t{50'000}}) {
    CountingSource source;
    Arena arena(ArenaOptions{4096, &source});
    for (int i = 0; i != 200; ++i) (void)arena.allocate(1000);
    arena.reset(keep);
    EXPECT_EQ(stats(arena).reserved_bytes, source.live_bytes());
    EXPECT_EQ(detail::ArenaInsider::reserved_bytes(arena), source.live_bytes());
    EXPECT_GT(source.live_bytes(), 4096U);
  }
}

// Fills an arena below a limit and returns what was charged at each slab.
std::vector<std::size_t> fill_below(std::size_t limit) {
  CountingSource source;
  MemoryBudgetOptions options;
  options.limit_bytes = limit;
  options.upstream = &source;
  MemoryBudget budget(options);
  Arena arena(ArenaOptions{4096, &budget});
  std::vector<std::size_t> sums = {budget.charged_bytes()};
  for (int i = 0; i != 100; ++i) {
    (void)arena.try_allocate(777);
    EXPECT_EQ(arena.try_allocate(SIZE_MAX - limit), nullptr);
    EXPECT_LE(source.live_bytes(), limit);
    EXPECT_EQ(budget.charged_bytes(), source.live_bytes());
    if (budget.charged_bytes() != sums.back()) {
      sums.push_back(budget.charged_bytes());
    }
  }
  return sums;
}

// What is charged is what upstream is asked for, to the byte, so that no
// rounding can carry it past the limit and turn what is left into a large
// number. Limits just below, at and above what each slab brings the sum to.
TEST(OtherArenas, LimitStaysInForceOnceItIsReached) {
  if (kWithoutExceptions && kNullIsChecked)
    GTEST_SKIP() << "a sanitizer ends a program with such a source";
  const std::vector<std::size_t> sums = fill_below(std::size_t{1} << 30U);
  ASSERT_GT(sums.size(), 3U);
  for (std::size_t slab = 1; slab != sums.size(); ++slab) {
    for (std::size_t less = 1; less != 18; ++less) {
      EXPECT_EQ(fill_below(sums[slab] - less).back(), sums[slab - 1]);
    }
    EXPECT_EQ(fill_below(sums[slab]).back(), sums[slab]);
  }
}

// Numbers, and not addresses, tell arenas apart.
TEST(OtherArenas, ArenaAtTheAddressOfAnEarlierOneIsAnotherOne) {
  class Numbers final : public ArenaObserver {
   public:
    void attached(const ObservedArena& arena, bool) noexcept override {
      seen.push_back(arena.number);
      where.push_back(&arena.arena);
    }
    std::vector<std::uint64_t> seen;
    std::vector<const Arena*> where;
  };
  Numbers numbers;
  add_default_observer(numbers);
  std::optional<Arena> arena;
  for (int i = 0; i != 3; ++i) {
    arena.emplace();
    (void)arena->allocate(1);
  }
  arena.reset();
  remove_default_observer(numbers);
  EXPECT_EQ(numbers.seen, (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_EQ(numbers.where[0], numbers.where[2]);
}

TEST(OtherArenas, UsageAboveFourGibibytesIsCounted) {
  if (sizeof(std::size_t) < 8) GTEST_SKIP() << "no such sizes";
  constexpr std::size_t kBytes = (std::size_t{5} << 30U) + 3;
  Arena arena;
  // Mapped and not touched.
  char* const ptr = arena.try_allocate(kBytes);
  if (ptr == nullptr) GTEST_SKIP() << "the system does not map so much";
  EXPECT_EQ(arena.memory_usage(), kBytes + sizeof(char*));
  EXPECT_EQ((*ArenaBlocks(arena).begin()).bytes, kBytes);
  EXPECT_TRUE(contains(arena, ptr + kBytes - 1));
  EXPECT_FALSE(contains(arena, ptr + kBytes));
}

// LevelDB's default memtable is 4 MiB, for which it calls operator new 1,023
// times.
TEST(LevelDbDefects, MemtableOfFourMebibytesTakesFewSlabs) {
  CountingSource source;
  Arena arena(ArenaOptions{4096, &source});
  constexpr std::size_t kUsage = std::size_t{4} << 20U;
  std::size_t blocks = 0;
  while (arena.memory_usage() < kUsage) {
    (void)arena.allocate(120);
    blocks = ArenaBlocks(arena).size();
  }
  // 1,023, or one more where a pointer has 4 bytes.
  EXPECT_EQ(blocks, (kUsage - 1) / (4096 + sizeof(char*)) + 1);
  EXPECT_LT(source.calls(), 20U);
}

#ifdef TESTS_HAVE_LEVELDB
// The blocks are LevelDB's, so nearly every entry has one of its own; but they
// are carved, not asked for.
TEST(LevelDbDefects, EntriesAboveAQuarterHaveTheirBlocksAndShareSlabs) {
  CountingSource source;
  leveldb::Arena leveldb;
  std::size_t usage = 0;
  std::size_t calls = 0;
  std::size_t dedicated = 0;
  {
    Arena arena(ArenaOptions{4096, &source});
    for (int i = 0; i != 20'000; ++i) {
      (void)leveldb.AllocateAligned(19);
      (void)leveldb.Allocate(1100);
      (void)arena.allocate_aligned(19);
      (void)arena.allocate(1100);
    }
    usage = arena.memory_usage();
    dedicated = stats(arena).dedicated_blocks;
    calls = source.calls();
  }
  EXPECT_EQ(usage, leveldb.MemoryUsage());
  EXPECT_GT(dedicated, 18'000U);
  EXPECT_LT(calls, 30U);
}
#endif

#ifdef TESTS_HAVE_LEVELDB
TEST(LevelDbDefects, TailsAreLeftAsInLevelDbAndCounted) {
  leveldb::Arena leveldb;
  Arena arena;
  for (int i = 0; i != 4000; ++i) {
    (void)leveldb.Allocate(820);
    (void)arena.allocate(820);
  }
  EXPECT_EQ(arena.memory_usage(), leveldb.MemoryUsage());
  EXPECT_EQ(stats(arena).tails, 999U);
  EXPECT_EQ(stats(arena).tail_bytes, 999U * (4096 - 4 * 820));
}
#endif

// Usage is LevelDB's figure; what is really held is another one, and right.
TEST(LevelDbDefects, WhatIsHeldIsKnownBesideTheUsage) {
  CountingSource source;
  Arena arena(ArenaOptions{4096, &source});
  for (int i = 0; i != 5000; ++i) {
    (void)arena.allocate(i % 50 == 0 ? 5000 : 100);
    ASSERT_EQ(stats(arena).reserved_bytes, source.live_bytes());
    ASSERT_GE(stats(arena).reserved_bytes,
              arena.memory_usage() - stats(arena).blocks * sizeof(char*));
  }
}

}  // namespace
}  // namespace bitcoinleveldb
