// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "plan.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "oracle/leveldb_arena.h"

namespace bench {
namespace {

// Returns the usage of LevelDB's arena after that many entries of a plan.
std::size_t leveldb_usage(const FillPlan& plan, std::size_t entries) {
  leveldb::Arena arena;
  for (std::size_t i = 0; i != entries; ++i) {
    (void)arena.Allocate(plan.size(i));
    (void)arena.AllocateAligned(kNodeBytes);
  }
  return arena.MemoryUsage();
}

TEST(FillPlan, EndsWithTheEntryThatBringsLevelDbToTheUsage) {
  constexpr std::size_t kUsage = 1'000'000;
  for (const std::uint32_t smallest : {20U, 1100U}) {
    const FillPlan plan = make_fill_plan(kUsage, smallest, smallest + 900);
    EXPECT_EQ(leveldb_usage(plan, plan.entries), plan.bytes);
    EXPECT_GE(plan.bytes, kUsage);
    EXPECT_LT(leveldb_usage(plan, plan.entries - 1), kUsage);
  }
}

TEST(FillPlan, HasSizesOfTheWholeRange) {
  const FillPlan plan = make_fill_plan(100'000, 20, 219);
  const auto [least, most] = std::ranges::minmax(plan.sizes);
  EXPECT_EQ(least, 20);
  EXPECT_EQ(most, 219);
}

TEST(SmallSizes, AreFrom8To119) {
  const auto sizes = small_sizes(10'000);
  const auto [least, most] = std::ranges::minmax(sizes);
  EXPECT_EQ(sizes.size(), 10'000U);
  EXPECT_EQ(least, 8U);
  EXPECT_EQ(most, 119U);
}

}  // namespace
}  // namespace bench
