// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/arena_options.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <type_traits>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_blocks.h"
#include "bitcoinleveldb/arena_stats.h"
#include "block_sources.h"
#include "environment.h"
#include "expect_failure.h"

namespace bitcoinleveldb {
namespace {

static_assert(std::is_nothrow_default_constructible_v<Arena>);
static_assert(!std::is_copy_constructible_v<Arena>);
static_assert(!std::is_copy_assignable_v<Arena>);
static_assert(!std::is_convertible_v<ArenaOptions, Arena>);

constexpr std::size_t kLargest = std::size_t{1} << 30U;

ArenaOptions with_block_bytes(std::size_t bytes) {
  ArenaOptions options;
  options.block_bytes = bytes;
  return options;
}

std::size_t first_block_bytes(Arena& arena) {
  (void)arena.allocate(1);
  return (*ArenaBlocks(arena).begin()).bytes;
}

// Every test of the defaults leaves those an untouched process has.
class DefaultArenaOptions : public testing::Test {
 protected:
  ~DefaultArenaOptions() override { set_default_arena_options(ArenaOptions{}); }
};

TEST(ArenaOptions, DefaultsAreLevelDbs) {
  EXPECT_EQ(ArenaOptions{}.block_bytes, 4096U);
  EXPECT_EQ(ArenaOptions{}.block_source, nullptr);
}

TEST(ArenaOptions, ArenaWithDefaultOptionsHasTheSameUsageAsOneWithout) {
  Arena plain;
  Arena with_options{ArenaOptions{}};
  for (std::size_t bytes = 1; bytes != 3000; ++bytes) {
    (void)plain.allocate(bytes);
    (void)with_options.allocate(bytes);
    ASSERT_EQ(plain.memory_usage(), with_options.memory_usage());
  }
}

TEST(ArenaOptions, SenselessBlockBytesAreRefusedWithTheValueAndWhatIsAllowed) {
  for (const std::size_t bytes :
       {std::size_t{0}, std::size_t{1}, std::size_t{48}, std::size_t{63},
        std::size_t{65}, std::size_t{4095}, std::size_t{4104}, kLargest + 1,
        kLargest + 16, SIZE_MAX, SIZE_MAX - 15}) {
    const std::string message =
        "ArenaOptions: block_bytes is " + std::to_string(bytes) +
        "; allowed: multiples of 16 from 64 to 1073741824";
    expect_invalid([&] { Arena arena(with_block_bytes(bytes)); }, message);
    expect_invalid([&] { set_default_arena_options(with_block_bytes(bytes)); },
                   message);
  }
}

TEST(ArenaOptions, SmallestAndOddlySizedBlocksWork) {
  for (const std::size_t bytes : {64U, 80U, 4096U, 65536U, 1048592U}) {
    Arena arena(with_block_bytes(bytes));
    EXPECT_EQ(first_block_bytes(arena), bytes);
    EXPECT_EQ(arena.memory_usage(), bytes + sizeof(char*));
  }
}

TEST_F(DefaultArenaOptions, LargestBlockBytesAreAccepted) {
  set_default_arena_options(with_block_bytes(kLargest));
  EXPECT_EQ(default_arena_options().block_bytes, kLargest);
}

TEST(ArenaOptions, QuarterRuleFollowsTheBlockBytes) {
  for (const std::size_t bytes : {64U, 1024U, 16384U, 1048576U}) {
    Arena quarter(with_block_bytes(bytes));
    (void)quarter.allocate(bytes / 4);
    EXPECT_EQ((*ArenaBlocks(quarter).begin()).bytes, bytes);
    Arena above(with_block_bytes(bytes));
    (void)above.allocate(bytes / 4 + 1);
    EXPECT_EQ((*ArenaBlocks(above).begin()).bytes, bytes / 4 + 1);
  }
}

TEST(ArenaOptions, BlockSourceServesAllSlabsAndGetsThemBack) {
  CountingSource source;
  {
    Arena arena(ArenaOptions{4096, &source});
    EXPECT_EQ(source.calls(), 1U);
    for (int i = 0; i != 1000; ++i) (void)arena.allocate(1000);
    (void)arena.allocate(10'000'000);
    EXPECT_GE(source.live_bytes(), arena.memory_usage() - 251 * sizeof(char*));
    EXPECT_EQ(source.live_bytes(), detail::ArenaInsider::reserved_bytes(arena));
  }
  EXPECT_EQ(source.live_bytes(), 0U);
}

TEST(ArenaOptions, SmallArenaTakesLittleMoreThanItsBlock) {
  CountingSource source;
  Arena arena(ArenaOptions{4096, &source});
  (void)arena.allocate(1);
  EXPECT_EQ(source.calls(), 1U);
  EXPECT_LE(source.live_bytes(), 4096U + 128U);
}

TEST(ArenaOptions, SourceIsAskedAtMostOnceInACall) {
  CountingSource source;
  Arena arena(ArenaOptions{4096, &source});
  for (std::size_t bytes = 1; bytes < 100'000; bytes += 97) {
    const std::size_t calls = source.calls();
    (void)arena.allocate(bytes);
    ASSERT_LE(source.calls(), calls + 1);
  }
}

TEST(ArenaOptions, LargeBlockBetweenLeavesTheSlabInUse) {
  CountingSource source;
  Arena arena(ArenaOptions{4096, &source});
  const auto take_block = [&arena] {
    for (int i = 0; i != 4; ++i) (void)arena.allocate(1024);
  };
  // Slabs double: the third has room for two blocks.
  for (int block = 0; block != 3; ++block) take_block();
  EXPECT_EQ(source.calls(), 3U);
  (void)arena.allocate(100'000);
  EXPECT_EQ(source.calls(), 4U);
  take_block();
  EXPECT_EQ(source.calls(), 4U);
}

TEST(ArenaOptions, DefaultBlockSourceIsOneForTheProcess) {
  EXPECT_NE(default_block_source(), nullptr);
  EXPECT_EQ(default_block_source(), default_block_source());
  EXPECT_TRUE(*default_block_source() == *default_block_source());
  EXPECT_FALSE(*default_block_source() == *std::pmr::new_delete_resource());
}

TEST_F(DefaultArenaOptions, ReachAnArenaByItsFirstBlock) {
  Arena made_before;
  set_default_arena_options(with_block_bytes(8192));
  Arena made_after;
  EXPECT_EQ(first_block_bytes(made_before), 8192U);
  EXPECT_EQ(first_block_bytes(made_after), 8192U);
}

TEST_F(DefaultArenaOptions, LeaveArenasThatHaveABlockOrOptionsAsTheyAre) {
  Arena with_block;
  (void)with_block.allocate(1);
  Arena with_options(with_block_bytes(1024));
  set_default_arena_options(with_block_bytes(8192));
  (void)with_block.allocate(1024);
  (void)with_block.allocate(1024);
  (void)with_block.allocate(1024);
  (void)with_block.allocate(1024);
  EXPECT_EQ((*ArenaBlocks(with_block).begin()).bytes, 4096U);
  EXPECT_EQ(first_block_bytes(with_options), 1024U);
}

TEST_F(DefaultArenaOptions, SourceIsUsedByArenasWithoutOptions) {
  CountingSource source;
  set_default_arena_options(ArenaOptions{4096, &source});
  {
    Arena arena;
    EXPECT_EQ(source.calls(), 0U);
    (void)arena.allocate(1);
    EXPECT_EQ(source.calls(), 1U);
  }
  EXPECT_EQ(source.live_bytes(), 0U);
}

// What a source gives holds what was there before.
class UsedMemorySource final : public CountingSource {
  void* take(std::size_t bytes) override {
    void* const memory = CountingSource::take(bytes);
    return memory == nullptr ? nullptr : std::memset(memory, 0xff, bytes);
  }
};

TEST_F(DefaultArenaOptions, SourceMayGiveMemoryThatWasInUse) {
  UsedMemorySource used;
  CountingSource other;
  std::string summaries[2];
  for (CountingSource* source : {static_cast<CountingSource*>(&used), &other}) {
    set_default_arena_options(ArenaOptions{4096, source});
    Arena arena;
    for (std::size_t i = 0; i != 200; ++i) (void)arena.allocate(i * 10);
    summaries[source == &used] = summary(stats(arena));
    arena.reset(0);
    EXPECT_EQ(source->live_slabs(), 0U);
  }
  EXPECT_EQ(summaries[0], summaries[1]);
}

TEST_F(DefaultArenaOptions, SourceIsAskedOnceForAFirstRequestOfAnyKind) {
  for (const std::size_t bytes : {1U, 1024U, 1025U, 100'000U}) {
    for (std::size_t alignment = 1; alignment <= 65536; alignment *= 2) {
      ReproducibleSource source;
      set_default_arena_options(ArenaOptions{4096, &source});
      Arena arena;
      (void)arena.allocate_aligned(bytes, alignment);
      ASSERT_EQ(source.calls(), 1U) << bytes << " at " << alignment;
    }
  }
}

TEST_F(DefaultArenaOptions, AreUnchangedByInvalidOnes) {
  set_default_arena_options(with_block_bytes(8192));
  expect_invalid([] { set_default_arena_options(with_block_bytes(100)); },
                 "block_bytes is 100");
  EXPECT_EQ(default_arena_options().block_bytes, 8192U);
}

// The environment is read once in a process, so each of these tests looks at
// a process of its own, which says on stderr what it found.
class ArenaEnvironmentDeathTest : public testing::Test {
 protected:
  ArenaEnvironmentDeathTest() {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
  }

  [[noreturn]] static void say_block_bytes(const char* variable) {
    set_variable("BITCOINLEVELDB_ARENA_BLOCK_BYTES", variable);
    Arena arena;
    const std::size_t first = first_block_bytes(arena);
    // A later change of the environment has no effect.
    set_variable("BITCOINLEVELDB_ARENA_BLOCK_BYTES", "1024");
    std::fprintf(stderr, "blocks of %zu, defaults of %zu\n", first,
                 default_arena_options().block_bytes);
    std::exit(0);
  }
};

TEST_F(ArenaEnvironmentDeathTest, AllowedBlockBytesBecomeTheDefault) {
  EXPECT_EXIT(say_block_bytes("65536"), testing::ExitedWithCode(0),
              "^blocks of 65536, defaults of 65536");
  EXPECT_EXIT(say_block_bytes("64"), testing::ExitedWithCode(0),
              "^blocks of 64, defaults of 64");
}

TEST_F(ArenaEnvironmentDeathTest, OtherValuesAreSaidAndHaveNoEffect) {
  for (const std::string value :
       {"", "0", "63", "4097", "1073741840", "4096 ", " 4096", "4k", "-4096",
        "0x1000", "99999999999999999999999999"}) {
    if (value.empty() && !variables_may_be_empty()) continue;
    EXPECT_EXIT(
        say_block_bytes(value.c_str()), testing::ExitedWithCode(0),
        "^bitcoinleveldb-arena: BITCOINLEVELDB_ARENA_BLOCK_BYTES is \"" +
            value +
            "\" and has no effect; allowed: multiples of 16 from 64 to "
            "1073741824\nblocks of 4096, defaults of 4096");
  }
}

TEST_F(ArenaEnvironmentDeathTest, SetDefaultsWinOverTheEnvironment) {
  EXPECT_EXIT(
      {
        set_default_arena_options(with_block_bytes(8192));
        say_block_bytes("65536");
      },
      testing::ExitedWithCode(0), "^blocks of 8192, defaults of 8192");
}

}  // namespace
}  // namespace bitcoinleveldb
