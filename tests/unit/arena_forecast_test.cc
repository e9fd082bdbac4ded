// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A forecast is compared with what then happens: block by block, on a million
// random sequences from states of all kinds, and on some of them with the real
// LevelDB arena too.

#include "bitcoinleveldb/arena_forecast.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/lcg_random.h"
#include "expect_failure.h"
#include "recording_door.h"
#ifdef TESTS_HAVE_LEVELDB
#include "oracle/leveldb_arena.h"
#include "request.h"
#endif

namespace bitcoinleveldb {
namespace {

using detail::ArenaInsider;
using detail::Block;

// Sizes next to every limit of the policy, and small ones.
std::size_t random_bytes(LcgRandom& random, std::size_t block_bytes) {
  switch (random.uniform(8)) {
    case 0:
      return block_bytes / 4 + random.uniform(3) - 1;
    case 1:
      return random.uniform(block_bytes + 2);
    default:
      return random.uniform(block_bytes / 8);
  }
}

std::vector<BlockRun> newest_blocks(const Arena& arena, std::size_t count) {
  std::vector<BlockRun> blocks(count);
  const Block* block = ArenaInsider::newest_block(arena);
  for (; count-- != 0; block = block->previous()) {
    blocks[count] = {block->bytes(), 1, block->is_dedicated()};
  }
  return blocks;
}

bool are_single(const std::vector<BlockRun>& blocks,
                const std::vector<BlockRun>& runs) {
  std::size_t i = 0;
  for (const BlockRun& run : runs) {
    for (std::size_t n = 0; n != run.count; ++n, ++i) {
      if (i == blocks.size()) return false;
      if (!(blocks[i] == BlockRun{run.bytes, 1, run.dedicated})) return false;
    }
  }
  return i == blocks.size();
}

// Whether `arena`, which had so many blocks, is what the forecast says.
bool came_true(const ArenaForecast& forecast, const Arena& arena,
               std::size_t blocks_before) {
  const std::size_t taken = ArenaInsider::blocks(arena) - blocks_before;
  return forecast.usage() == arena.memory_usage() &&
         forecast.remaining() == ArenaInsider::remaining(arena) &&
         forecast.block_count() == taken &&
         are_single(newest_blocks(arena, taken), forecast.blocks());
}

// Plays sequences of up to seven requests on one arena, from whatever state the
// one before has left it in, and returns how many of the forecasts came true.
int play(std::size_t block_bytes, std::uint64_t seed, int sequences) {
  Arena arena(ArenaOptions{block_bytes, nullptr});
  LcgRandom random(seed);
  int true_ones = 0;
  for (int i = 0; i != sequences; ++i) {
    if (random.one_in(10)) arena.reset();
    ArenaForecast forecast(arena);
    std::vector<Request> requests(random.uniform(8));
    for (Request& request : requests) {
      request = {random_bytes(random, block_bytes),
                 std::size_t{1} << random.uniform(5)};
      forecast.add(request.bytes, request.alignment);
    }
    const std::size_t blocks = ArenaInsider::blocks(arena);
    for (const Request& request : requests) {
      (void)arena.allocate_aligned(request.bytes, request.alignment);
    }
    if (came_true(forecast, arena, blocks)) ++true_ones;
  }
  return true_ones;
}

TEST(ArenaForecast, EqualsTheFactOnAMillionRandomSequences) {
  EXPECT_EQ(play(4096, 301, 600'000), 600'000);
  EXPECT_EQ(play(64, 302, 200'000), 200'000);
  EXPECT_EQ(play(256, 303, 200'000), 200'000);
}

#ifdef TESTS_HAVE_LEVELDB
TEST(ArenaForecast, EqualsLevelDbsArenaOnRandomSequences) {
  LcgRandom random(301);
  for (int i = 0; i != 20'000; ++i) {
    ArenaForecast forecast{Arena()};
    leveldb::Arena theirs;
    for (std::uint64_t n = 1 + random.uniform(12); n-- != 0;) {
      const std::size_t bytes = 1 + random_bytes(random, 4096);
      const bool aligned = random.one_in(2);
      forecast.add(bytes, aligned ? 8 : 1);
      (void)(aligned ? theirs.AllocateAligned(bytes) : theirs.Allocate(bytes));
    }
    ASSERT_EQ(forecast.usage(), theirs.MemoryUsage());
    ASSERT_EQ(forecast.block_count(), theirs.blocks.size());
    ASSERT_EQ(forecast.remaining(), theirs.remaining);
  }
}
#endif

TEST(ArenaForecast, ManyRequestsAtOnceEqualThemOneByOne) {
  LcgRandom random(301);
  for (int i = 0; i != 20'000; ++i) {
    Arena arena;
    (void)arena.allocate(1 + random.uniform(5000));
    const std::size_t bytes = random_bytes(random, 4096);
    const std::size_t alignment = std::size_t{1} << random.uniform(5);
    const std::size_t count = random.uniform(200);
    ArenaForecast single(arena);
    for (std::size_t n = 0; n != count; ++n) single.add(bytes, alignment);
    const ArenaForecast many =
        ArenaForecast(arena).add_many(count, bytes, alignment);
    ASSERT_EQ(many.usage(), single.usage());
    ASSERT_EQ(many.remaining(), single.remaining());
    ASSERT_EQ(many.blocks(), single.blocks());
  }
}

TEST(ArenaForecast, NamesTheBlocksInTheOrderTheyAreTaken) {
  ArenaForecast forecast{Arena()};
  forecast.add(5000).add(100).add_many(2, 2000).add_many(5, 1000);
  const std::vector<BlockRun> expected = {
      {5000, 1, true}, {4096, 1, false}, {2000, 1, true}, {4096, 1, false}};
  EXPECT_EQ(forecast.blocks(), expected);
  EXPECT_EQ(forecast.block_count(), 4U);
  EXPECT_EQ(forecast.dedicated_count(), 2U);
  EXPECT_EQ(forecast.usage(), 5000U + 2000 + 2 * 4096 + 4 * sizeof(char*));
  EXPECT_EQ(forecast.remaining(), 96U);
}

TEST(ArenaForecast, TouchesNeitherTheArenaNorMemory) {
  const Arena arena;
  ArenaForecast forecast(arena);
  // As much as there are addresses for.
  constexpr std::size_t kMany = std::size_t{1}
                                << (sizeof(std::size_t) == 8 ? 40U : 24U);
  forecast.add_many(kMany, 100);
  EXPECT_EQ(forecast.block_count(), (kMany - 1) / 40 + 1);
  EXPECT_EQ(ArenaInsider::reserved_bytes(arena), 0U);
  EXPECT_TRUE(forecast.starts_from(arena));
}

TEST(ArenaForecast, NothingAddedIsTheArenaAsItIs) {
  Arena arena;
  (void)arena.allocate(100);
  ArenaForecast forecast(arena);
  forecast.add_many(0, 5000);
  EXPECT_EQ(forecast.usage(), arena.memory_usage());
  EXPECT_EQ(forecast.remaining(), 3996U);
  EXPECT_TRUE(forecast.blocks().empty());
}

TEST(ArenaForecast, CountsWhatReallyRemainsUnderADoor) {
  RecordingDoor door;
  Arena arena;
  ArenaInsider::attach(arena, door);
  (void)arena.allocate(100);
  EXPECT_EQ(ArenaForecast(arena).remaining(), 3996U);
}

TEST(ArenaForecast, EmptyArenaIsForecastWithTheDefaultsOfTheProcess) {
  set_default_arena_options({64, nullptr});
  const std::size_t usage = ArenaForecast{Arena()}.add(1).usage();
  set_default_arena_options({});
  EXPECT_EQ(usage, 64U + sizeof(char*));
}

TEST(ArenaForecast, AlignmentThatDependsOnAddressesIsRefused) {
  ArenaForecast forecast{Arena()};
  expect_invalid([&] { forecast.add(1, 32); },
                 "ArenaForecast: alignment is 32; allowed: powers of two up to "
                 "16");
  expect_invalid([&] { forecast.add(1, 0); }, "alignment is 0");
  expect_invalid([&] { forecast.add(1, 12); }, "alignment is 12");
  EXPECT_EQ(forecast.usage(), 0U);
}

TEST(ArenaForecast, SumBeyondEveryObjectIsRefusedAndChangesNothing) {
  ArenaForecast forecast{Arena()};
  forecast.add(100);
  const std::size_t usage = forecast.usage();
  expect_exhausted([&] { forecast.add(SIZE_MAX); });
  expect_exhausted([&] { forecast.add(PTRDIFF_MAX); });
  expect_exhausted([&] { forecast.add_many(SIZE_MAX, 1); });
  expect_exhausted([&] { forecast.add_many(SIZE_MAX / 2, 5000); });
  EXPECT_EQ(forecast.usage(), usage);
  EXPECT_EQ(forecast.remaining(), 3996U);
  EXPECT_EQ(forecast.block_count(), 1U);
}

}  // namespace
}  // namespace bitcoinleveldb
