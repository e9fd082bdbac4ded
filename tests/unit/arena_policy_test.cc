// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The rows P1 to P7 of docs/parity.md by name. What can be observed of both is
// asserted of both, our arena and the real LevelDB one, so that a test which
// misreads the policy fails on the oracle.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_blocks.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "sanitizers.h"
#ifdef TESTS_HAVE_LEVELDB
#include "oracle/leveldb_arena.h"
#endif

namespace bitcoinleveldb {
namespace {

constexpr std::size_t kBlockBytes = 4096;
constexpr std::size_t kPointerBytes = sizeof(char*);
constexpr std::size_t kQuarter = kBlockBytes / 4;

class Ours {
 public:
  static constexpr const char* kName = "Ours";
  static constexpr std::size_t kBlockAlignment = 16;

  char* allocate(std::size_t bytes) { return arena_.allocate(bytes); }
  char* allocate_aligned(std::size_t bytes) {
    return arena_.allocate_aligned(bytes);
  }
  std::size_t usage() const { return arena_.memory_usage(); }
  const char* position() const {
    return detail::ArenaInsider::position(arena_);
  }
  std::size_t remaining() const {
    return detail::ArenaInsider::granted(arena_);
  }
  std::size_t blocks() const { return ArenaBlocks(arena_).size(); }
  const char* newest_block() const {
    return (*ArenaBlocks(arena_).begin()).data;
  }

 private:
  Unchecked unchecked_;
  Arena arena_;
};

#ifdef TESTS_HAVE_LEVELDB

class LevelDbs {
 public:
  static constexpr const char* kName = "LevelDbs";
  // That of malloc: 8 with 32 bits.
  static constexpr std::size_t kBlockAlignment = 2 * sizeof(void*);

  char* allocate(std::size_t bytes) { return arena_.Allocate(bytes); }
  char* allocate_aligned(std::size_t bytes) {
    return arena_.AllocateAligned(bytes);
  }
  std::size_t usage() const { return arena_.MemoryUsage(); }
  const char* position() const { return arena_.ptr; }
  std::size_t remaining() const { return arena_.remaining; }
  std::size_t blocks() const { return arena_.blocks.size(); }
  const char* newest_block() const { return arena_.blocks.back(); }

 private:
  leveldb::Arena arena_;
};

using Policies = testing::Types<Ours, LevelDbs>;

#else

using Policies = testing::Types<Ours>;

#endif

template <class A>
class ArenaPolicy : public testing::Test {
 protected:
  // Leaves exactly `bytes` in the current block.
  void leave(std::size_t bytes) {
    const std::size_t step = 1000;
    if (arena_.remaining() == 0) (void)arena_.allocate(1);
    while (arena_.remaining() > bytes) {
      (void)arena_.allocate(std::min(step, arena_.remaining() - bytes));
    }
    ASSERT_EQ(arena_.remaining(), bytes);
  }

  // Asserts that `bytes` were served by a dedicated block of just that size.
  void expect_dedicated(std::size_t bytes, bool aligned) {
    const char* const position = arena_.position();
    const std::size_t remaining = arena_.remaining();
    const std::size_t usage = arena_.usage();
    const std::size_t blocks = arena_.blocks();
    const char* const ptr =
        aligned ? arena_.allocate_aligned(bytes) : arena_.allocate(bytes);
    EXPECT_EQ(ptr, arena_.newest_block());
    EXPECT_EQ(arena_.blocks(), blocks + 1);
    EXPECT_EQ(arena_.usage(), usage + bytes + kPointerBytes);
    EXPECT_EQ(arena_.position(), position);
    EXPECT_EQ(arena_.remaining(), remaining);
  }

  // Asserts that `bytes` were served from the start of a new standard block.
  void expect_new_block(std::size_t bytes, bool aligned) {
    const std::size_t usage = arena_.usage();
    const std::size_t blocks = arena_.blocks();
    const char* const ptr =
        aligned ? arena_.allocate_aligned(bytes) : arena_.allocate(bytes);
    EXPECT_EQ(ptr, arena_.newest_block());
    EXPECT_EQ(arena_.blocks(), blocks + 1);
    EXPECT_EQ(arena_.usage(), usage + kBlockBytes + kPointerBytes);
    EXPECT_EQ(arena_.position(), ptr + bytes);
    EXPECT_EQ(arena_.remaining(), kBlockBytes - bytes);
  }

  // Asserts that `bytes` were bumped off the current block after `slop` bytes.
  void expect_bumped(std::size_t bytes, std::size_t slop, bool aligned) {
    const char* const position = arena_.position();
    const std::size_t remaining = arena_.remaining();
    const std::size_t usage = arena_.usage();
    const char* const ptr =
        aligned ? arena_.allocate_aligned(bytes) : arena_.allocate(bytes);
    EXPECT_EQ(ptr, position + slop);
    EXPECT_EQ(arena_.position(), ptr + bytes);
    EXPECT_EQ(arena_.remaining(), remaining - slop - bytes);
    EXPECT_EQ(arena_.usage(), usage);
  }

  A arena_;
};

struct PolicyNames {
  template <class A>
  static std::string GetName(int /*index*/) {
    return A::kName;
  }
};

TYPED_TEST_SUITE(ArenaPolicy, Policies, PolicyNames);

TYPED_TEST(ArenaPolicy, P1RequestThatFitsIsBumpedWithoutPadding) {
  this->leave(4000);
  for (std::size_t bytes : {1U, 3U, 7U, 8U, 13U, 64U, 1U, 1025U, 2000U}) {
    this->expect_bumped(bytes, 0, false);
  }
}

TYPED_TEST(ArenaPolicy, P1RequestThatFitsExactlyEmptiesTheBlock) {
  for (std::size_t bytes : {1U, 8U, 1024U, 1025U, 3000U}) {
    this->leave(bytes);
    this->expect_bumped(bytes, 0, false);
    EXPECT_EQ(this->arena_.remaining(), 0U);
  }
}

TYPED_TEST(ArenaPolicy, P2LargeRequestGetsADedicatedBlockOfItsSize) {
  this->leave(100);
  for (std::size_t bytes : {1025U, 1026U, 4095U, 4096U, 4097U, 1U << 20U}) {
    this->expect_dedicated(bytes, false);
    this->expect_dedicated(bytes, true);
  }
  this->expect_bumped(100, 0, false);
}

TYPED_TEST(ArenaPolicy, P2LargeFirstRequestLeavesNoCurrentBlock) {
  this->expect_dedicated(5000, false);
  EXPECT_EQ(this->arena_.remaining(), 0U);
  this->expect_new_block(1, false);
}

TYPED_TEST(ArenaPolicy, P2OneByteTooManyAboveAQuarterIsDedicated) {
  this->leave(1500);
  this->expect_dedicated(1501, false);
  this->expect_bumped(1500, 0, false);
}

TYPED_TEST(ArenaPolicy, P3RequestOfAQuarterTakesANewBlock) {
  this->leave(kQuarter - 1);
  this->expect_new_block(kQuarter, false);
}

TYPED_TEST(ArenaPolicy, P2RequestOfAQuarterAndOneIsDedicated) {
  this->leave(kQuarter - 1);
  this->expect_dedicated(kQuarter + 1, false);
}

TYPED_TEST(ArenaPolicy, P3SmallRequestThatDoesNotFitAbandonsTheTail) {
  this->leave(9);
  const char* const tail = this->arena_.position();
  this->expect_new_block(10, false);
  // A later request that would have fitted the tail does not go back to it.
  EXPECT_NE(this->arena_.allocate(9), tail);
}

TYPED_TEST(ArenaPolicy, P3SmallFirstRequestTakesABlock) {
  this->expect_new_block(1, false);
}

TYPED_TEST(ArenaPolicy, P4SlopIsCountedFromTheAddress) {
  for (std::size_t past = 0; past != 8; ++past) {
    (void)this->arena_.allocate_aligned(8);
    if (past != 0) (void)this->arena_.allocate(past);
    this->expect_bumped(24, (8 - past) % 8, true);
  }
}

TYPED_TEST(ArenaPolicy, P4EveryAlignedPointerIsAMultipleOfEight) {
  for (std::size_t bytes = 1; bytes != 3000; ++bytes) {
    (void)this->arena_.allocate(1 + bytes % 7);
    const char* const ptr = this->arena_.allocate_aligned(bytes);
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(ptr) % Arena::kAlignment, 0U);
  }
}

TYPED_TEST(ArenaPolicy, P4SlopAndBytesThatFitExactlyAreBumped) {
  this->leave(21);  // 3 bytes past a multiple of 8, so a slop of 5
  this->expect_bumped(16, 5, true);
  EXPECT_EQ(this->arena_.remaining(), 0U);
}

TYPED_TEST(ArenaPolicy, P4OneByteTooManyWithSlopTakesANewBlock) {
  this->leave(21);
  this->expect_new_block(17, true);
}

TYPED_TEST(ArenaPolicy, P4LargeRequestThatFitsWithoutItsSlopIsDedicated) {
  this->leave(2005);
  this->expect_dedicated(2005, true);
  this->expect_bumped(2000, 5, true);
}

TYPED_TEST(ArenaPolicy, P4QuarterRuleCountsTheBytesWithoutSlop) {
  this->leave(1021);
  this->expect_new_block(1024, true);
  this->leave(1021);
  this->expect_dedicated(1025, true);
}

TYPED_TEST(ArenaPolicy, P4BlocksStartAlignedToSixteen) {
  for (std::size_t bytes = 1; bytes < 5000; bytes += 7) {
    const std::size_t blocks = this->arena_.blocks();
    (void)this->arena_.allocate(bytes);
    if (this->arena_.blocks() == blocks) continue;
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(this->arena_.newest_block()) %
                  TypeParam::kBlockAlignment,
              0U);
  }
}

TYPED_TEST(ArenaPolicy, P5UsageStartsAtZero) {
  EXPECT_EQ(this->arena_.usage(), 0U);
}

TYPED_TEST(ArenaPolicy, P5UsageGrowsByBlocksAndTheirPointersOnly) {
  (void)this->arena_.allocate(1);
  EXPECT_EQ(this->arena_.usage(), 4096 + kPointerBytes);
  (void)this->arena_.allocate(4095);
  EXPECT_EQ(this->arena_.usage(), 4096 + kPointerBytes);
  (void)this->arena_.allocate(10'000);
  EXPECT_EQ(this->arena_.usage(), 4096 + 10'000 + 2 * kPointerBytes);
  (void)this->arena_.allocate_aligned(1);
  EXPECT_EQ(this->arena_.usage(), 2 * 4096 + 10'000 + 3 * kPointerBytes);
}

// P6 at work is in arena_threads_test.cc; here, that the figure can be read
// through a const arena and cannot throw.
TEST(ArenaPolicyOfOurs, P6UsageIsAReadOfAConstArena) {
  static_assert(noexcept(std::declval<const Arena&>().memory_usage()));
  static_assert(std::atomic<std::size_t>::is_always_lock_free);
  Arena arena;
  (void)arena.allocate(1);
  const Arena& view = arena;
  EXPECT_EQ(view.memory_usage(), 4096 + kPointerBytes);
}

// The words of an arena as code compiled from LevelDB's header sees them.
using Words = std::array<std::uintptr_t, 6>;

Words words_of(const Arena& arena) {
  Words words{};
  std::memcpy(words.data(), static_cast<const void*>(&arena), sizeof(words));
  return words;
}

TEST(ArenaLayout, P7BumpStateAndUsageLieAtLevelDbsOffsets) {
  const Unchecked unchecked;
  static_assert(sizeof(Arena) == (sizeof(void*) == 8 ? 48 : 24));
#ifdef TESTS_HAVE_LEVELDB
  static_assert(sizeof(Arena) == sizeof(leveldb::Arena));
#endif
  static_assert(std::is_standard_layout_v<Arena>);
  Arena arena;
  EXPECT_EQ(words_of(arena), Words{});
  const char* const ptr = arena.allocate(100);
  const Words words = words_of(arena);
  EXPECT_EQ(words[0], reinterpret_cast<std::uintptr_t>(ptr + 100));
  EXPECT_EQ(words[1], 3996U);
  EXPECT_EQ(words[5], 4096 + sizeof(char*));
}

// What a compiler makes of LevelDB's Allocate when the request fits: the second
// word shrinks, the first one grows and was the result.
char* allocate_as_inlined_by_leveldb(Arena& arena, std::size_t bytes) {
  void* const object = &arena;
  Words words = words_of(arena);
  if (bytes > words[1]) return nullptr;
  const std::uintptr_t result = words[0];
  words[0] += bytes;
  words[1] -= bytes;
  std::memcpy(object, words.data(), 2 * sizeof(std::uintptr_t));
  return reinterpret_cast<char*>(result);
}

TEST(ArenaLayout, P7LevelDbsInlinedAllocateBumpsOurArena) {
  const Unchecked unchecked;
  Arena arena;
  EXPECT_EQ(allocate_as_inlined_by_leveldb(arena, 1), nullptr);
  const char* const first = arena.allocate(10);
  EXPECT_EQ(allocate_as_inlined_by_leveldb(arena, 33), first + 10);
  EXPECT_EQ(arena.allocate(5), first + 43);
  EXPECT_EQ(arena.allocate_aligned(8), first + 48);
  EXPECT_EQ(allocate_as_inlined_by_leveldb(arena, 4041), nullptr);
  EXPECT_EQ(allocate_as_inlined_by_leveldb(arena, 4040), first + 56);
  EXPECT_EQ(detail::ArenaInsider::remaining(arena), 0U);
  const char* const second = arena.allocate(1);
  EXPECT_EQ(second, (*ArenaBlocks(arena).begin()).data);
  EXPECT_EQ(arena.memory_usage(), 2 * (4096 + sizeof(char*)));
}

}  // namespace
}  // namespace bitcoinleveldb
