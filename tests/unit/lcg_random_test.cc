// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/lcg_random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <random>
#include <stdexcept>
#include <type_traits>

namespace bitcoinleveldb {
namespace {

// A constant expression: the arithmetic holds at compile time too. The state
// after one step from 0 is 1, whose upper half is 0; after two it is the
// multiplier plus 1.
static_assert(LcgRandom(0)() == 0);
static_assert([] {
  LcgRandom random(0);
  (void)random();
  return random();
}() == 6364136223846793006U >> 32U);

static_assert(std::is_same_v<LcgRandom::result_type, std::uint32_t>);
static_assert(LcgRandom::min() == 0 && LcgRandom::max() == 0xffffffffU);

// Expected draws, computed with integers of unlimited width.
struct Sequence {
  std::uint64_t seed;
  std::array<std::uint32_t, 4> draws;
};
constexpr std::array<Sequence, 5> kSequences = {
    {{0U, {0U, 1481765933U, 3232861391U, 3417699910U}},
     {1U, {1481765933U, 3232861391U, 3417699910U, 3338875177U}},
     {301U, {3629914435U, 280521385U, 3034680746U, 1166291929U}},
     {1311768467463790320U,
      {2379946563U, 1498474691U, 1916748052U, 2172511536U}},
     {18446744073709551615U,
      {2813201362U, 4025637771U, 3048022872U, 3496524642U}}}};

TEST(LcgRandom, StepsByTheSpecifiedArithmetic) {
  for (const Sequence& sequence : kSequences) {
    LcgRandom random(sequence.seed);
    for (const std::uint32_t draw : sequence.draws) EXPECT_EQ(random(), draw);
  }
}

TEST(LcgRandom, UniformIsTheDrawModuloTheRange) {
  for (const Sequence& sequence : kSequences) {
    for (const std::uint64_t range :
         {std::uint64_t{1}, std::uint64_t{7}, std::uint64_t{256},
          std::uint64_t{1} << 32U, ~std::uint64_t{0}}) {
      LcgRandom random(sequence.seed);
      for (const std::uint32_t draw : sequence.draws) {
        EXPECT_EQ(random.uniform(range), draw % range);
      }
    }
  }
}

TEST(LcgRandom, OneInIsUniformEqualsZero) {
  LcgRandom a(7);
  LcgRandom b(7);
  for (int i = 0; i != 1000; ++i) ASSERT_EQ(a.one_in(3), b.uniform(3) == 0);
}

TEST(LcgRandom, OneInOneIsAlwaysTrue) {
  LcgRandom random(7);
  for (int i = 0; i != 100; ++i) ASSERT_TRUE(random.one_in(1));
}

TEST(LcgRandom, DrivesTheStandardDistributions) {
  LcgRandom random(301);
  std::array<int, 52> cards{};
  std::iota(cards.begin(), cards.end(), 0);
  std::shuffle(cards.begin(), cards.end(), random);
  EXPECT_FALSE(std::is_sorted(cards.begin(), cards.end()));
  std::uniform_int_distribution<int> die(1, 6);
  std::array<int, 7> seen{};
  for (int i = 0; i != 6000; ++i) {
    ++seen[static_cast<std::size_t>(die(random))];
  }
  for (std::size_t face = 1; face != 7; ++face) EXPECT_GT(seen[face], 800);
}

#ifdef __cpp_exceptions
TEST(LcgRandom, RangeZeroIsRefusedAndDoesNotStep) {
  LcgRandom random(5);
  LcgRandom untouched(5);
  EXPECT_THROW((void)random.uniform(0), std::invalid_argument);
  EXPECT_THROW((void)random.one_in(0), std::invalid_argument);
  EXPECT_EQ(random(), untouched());
}
#else
TEST(LcgRandomDeathTest, RangeZeroAbortsWithALine) {
  LcgRandom random(5);
  EXPECT_DEATH((void)random.uniform(0), "range is 0; it must be at least 1");
}
#endif

}  // namespace
}  // namespace bitcoinleveldb
