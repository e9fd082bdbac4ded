// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Times are not what is asserted here: the judgement is tested on figures that
// are made up, the replays on memory and waste.

#include "traces/tuning.h"

#include <gtest/gtest.h>

#include "replay/trace_maker.h"

namespace arenatest {
namespace {

using bitcoinleveldb::TraceMaker;

constexpr Settings kDefaults;

Tuned tuned(std::size_t block_bytes, std::vector<double> seconds,
            std::vector<double> peaks) {
  Tuned one;
  one.settings.block_bytes = block_bytes;
  one.seconds = std::move(seconds);
  one.peak_bytes = std::move(peaks);
  return one;
}

// As `tune` returns it: the defaults first, and again at the end.
Advice advice_on(std::vector<Tuned> others) {
  std::vector<Tuned> all = {tuned(4096, {10, 10, 10}, {100, 100, 101})};
  all.insert(all.end(), others.begin(), others.end());
  all.push_back(tuned(4096, {10.2, 9.5, 9.8}, {100, 101, 100}));
  for (Tuned& one : all) {
    one.time_ratio = ratio_of(one.seconds, all.front().seconds);
  }
  return advise(all);
}

TEST(Tune, ReplaysShowThatLargerBlocksLeaveLessBehind) {
  TraceMaker maker;
  const std::uint64_t arena = maker.make();
  for (int i = 0; i != 4000; ++i) maker.allocate(arena, 900);
  int steps = 0;
  const std::vector<Tuned> all = tune(maker.decoded(),
                                      {kDefaults,
                                       {65536, SlabSource::kDefault, 0},
                                       {65536, SlabSource::kDepot, 16U << 20U},
                                       {65536, SlabSource::kHeap, 0},
                                       {4096, SlabSource::kHugePages, 0}},
                                      2, [&] { ++steps; });
  ASSERT_EQ(all.size(), 6U);
  EXPECT_EQ(steps, 6 * 3);
  // Of 4096 bytes 496 are left behind, of 65536 only 736.
  EXPECT_EQ(all[0].blocks.tail_bytes, 999U * 496);
  EXPECT_EQ(all[1].blocks.tail_bytes, 55U * 736);
  EXPECT_EQ(all[2].blocks.tail_bytes, all[1].blocks.tail_bytes);
  EXPECT_EQ(all[3].blocks.tail_bytes, all[1].blocks.tail_bytes);
  EXPECT_EQ(all[4].blocks.tail_bytes, all[0].blocks.tail_bytes);
  EXPECT_EQ(all[5].settings, kDefaults);
  for (const Tuned& one : all) {
    EXPECT_EQ(one.blocks.asked_bytes, 3'600'000U);
    EXPECT_GE(one.reserved_peak, 3'600'000U) << to_string(one.settings);
    EXPECT_EQ(one.seconds.size(), 2U);
    EXPECT_GE(one.peak_bytes[0], 3e6) << to_string(one.settings);
    EXPECT_GT(one.faults[0], 0) << to_string(one.settings);
  }
}

TEST(Tune, BlockSizesOfTheTraceDoNotCountForTheSettings) {
  TraceMaker maker;
  maker.allocate(maker.make(64), 2000);
  const std::vector<Tuned> all = tune(maker.decoded(), {kDefaults}, 1, [] {});
  EXPECT_EQ(all[0].blocks.dedicated_blocks, 1U);
  TraceMaker packed;
  const std::uint64_t arena = packed.make(64);
  for (int i = 0; i != 4; ++i) packed.allocate(arena, 1000);
  EXPECT_EQ(
      tune(packed.decoded(), {kDefaults}, 1, [] {})[0].blocks.standard_blocks,
      1U);
}

TEST(Advice, IsTheFastestThatHasNoMoreMemory) {
  const Advice advice = advice_on({tuned(8192, {8, 8, 8}, {100, 100, 100}),
                                   tuned(16384, {7, 7, 7}, {101, 100, 100}),
                                   tuned(32768, {5, 5, 5}, {200, 200, 200})});
  ASSERT_TRUE(advice.fastest);
  EXPECT_EQ(advice.fastest->block_bytes, 16384U);
  EXPECT_FALSE(advice.leanest);
}

TEST(Advice, IsAmongEqualsTheOneWithTheUsageOfLevelDb) {
  Tuned same_blocks = tuned(4096, {8.1, 8.1, 8.1}, {100, 100, 100});
  same_blocks.settings.source = SlabSource::kHugePages;
  const Advice advice =
      advice_on({tuned(8192, {8, 8, 8}, {100, 100, 100}), same_blocks});
  ASSERT_TRUE(advice.fastest);
  EXPECT_EQ(*advice.fastest, same_blocks.settings);
}

TEST(Advice, SaysThatTheFastestHasMoreMemoryIfNoOtherIsFaster) {
  const Advice advice = advice_on({tuned(32768, {5, 5, 5}, {200, 200, 200})});
  ASSERT_TRUE(advice.fastest);
  EXPECT_NE(advice.reason.find("more memory"), std::string::npos);
}

TEST(Advice, IsOfTheLeastMemoryThatIsNotSlower) {
  const Advice advice = advice_on({tuned(2048, {10, 10, 10}, {90, 90, 91}),
                                   tuned(1024, {15, 15, 15}, {50, 50, 50})});
  ASSERT_TRUE(advice.leanest);
  EXPECT_EQ(advice.leanest->block_bytes, 2048U);
  EXPECT_FALSE(advice.fastest);
}

// Faster by the median, but not more than the defaults from themselves, or not
// in every repetition; less memory, but within the margin.
TEST(Advice, IsToKeepTheDefaultsWhereDifferencesAreNoise) {
  const Advice advice = advice_on({tuned(8192, {9.6, 9.7, 9.8}, {99, 99, 99}),
                                   tuned(16384, {5, 5, 11}, {100, 90, 100})});
  EXPECT_FALSE(advice.fastest);
  EXPECT_FALSE(advice.leanest);
  EXPECT_NE(advice.reason.find("no setting beats the defaults measurably"),
            std::string::npos);
}

TEST(Front, HasThoseThatNoOtherBeatsInTimeAndMemory) {
  std::vector<Tuned> all = {tuned(1, {10}, {100}), tuned(2, {9}, {100}),
                            tuned(3, {8}, {120}), tuned(4, {9}, {130}),
                            tuned(5, {20}, {50})};
  mark_front(all);
  EXPECT_FALSE(all[0].on_front);
  EXPECT_TRUE(all[1].on_front);
  EXPECT_TRUE(all[2].on_front);
  EXPECT_FALSE(all[3].on_front);
  EXPECT_TRUE(all[4].on_front);
}

TEST(Settings, ComeAsLinesToType) {
  EXPECT_EQ(lines_for({16384, SlabSource::kDefault, 0}),
            "  bitcoinleveldb::ArenaOptions options;\n"
            "  options.block_bytes = 16384;\n"
            "  bitcoinleveldb::set_default_arena_options(options);\n"
            "or, in the environment:\n"
            "  BITCOINLEVELDB_ARENA_BLOCK_BYTES=16384\n");
  const std::string depot =
      lines_for({4096, SlabSource::kDepot, std::size_t{64} << 20U});
  EXPECT_NE(depot.find("retained_bytes_max = std::size_t{64} << 20"),
            std::string::npos);
  EXPECT_NE(depot.find("options.block_source = &depot;"), std::string::npos);
  EXPECT_EQ(depot.find("block_bytes ="), std::string::npos);
}

}  // namespace
}  // namespace arenatest
