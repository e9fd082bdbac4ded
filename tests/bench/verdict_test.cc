// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bench/verdict.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "bench/quantile.h"
#include "spread.h"

namespace arenatest {
namespace {

const Target kFaster{"warm",          "2000", "ours", "ns",
                     Judged::kFaster, 1.6,    1.2,    2.0};

// One repetition each.
Runs runs_of(double ours, double leveldb, double pmr, double raw) {
  Runs runs;
  runs["warm/2000/ours"]["ns"] = {ours};
  runs["warm/2000/leveldb"]["ns"] = {leveldb};
  runs["warm/2000/pmr"]["ns"] = {pmr};
  runs["warm/2000/llvm"]["ns"] = {pmr + 1};
  runs["warm/2000/raw"]["ns"] = {raw};
  return runs;
}

TEST(Quantile, IsTheLeastValueThatTheShareDoesNotExceed) {
  EXPECT_EQ(quantile_index(4, 0.5), 1U);
  EXPECT_EQ(quantile_index(5, 0.5), 2U);
  EXPECT_EQ(quantile_index(10'000, 0.9999), 9998U);
  EXPECT_EQ(quantile_index(10'000, 0.999), 9989U);
  EXPECT_EQ(quantile_index(10, 1), 9U);
  EXPECT_EQ(quantile_index(1, 0), 0U);
}

TEST(Median, OfAnEvenCountIsTheMeanOfTheMiddleTwo) {
  EXPECT_EQ(median({7}), 7);
  EXPECT_EQ(median({9, 1, 5}), 5);
  EXPECT_EQ(median({8, 2, 4, 100}), 6);
}

TEST(Ratio, IsTakenWithinEachRepetition) {
  const Spread ratio = ratio_of({10, 40, 60}, {10, 20, 20});
  EXPECT_EQ(ratio.median, 2);
  EXPECT_EQ(ratio.low, 1);
  EXPECT_EQ(ratio.high, 3);
}

TEST(Ratio, OverZeroIsInfinite) {
  EXPECT_TRUE(std::isinf(ratio_of({5}, {0}).median));
}

TEST(Verdict, IsReachedWhereEveryBoundHolds) {
  const auto verdict = judge(kFaster, runs_of(10, 16, 12, 5));
  ASSERT_TRUE(verdict);
  EXPECT_TRUE(verdict->reached);
  EXPECT_EQ(verdict->ours, 10);
  EXPECT_EQ(verdict->leveldb->median, 1.6);
  EXPECT_EQ(verdict->best_other, "pmr");
  EXPECT_EQ(verdict->other->median, 1.2);
  EXPECT_EQ(verdict->over_floors.at("raw").median, 2);
  EXPECT_TRUE(verdict->winners.empty());
}

TEST(Verdict, IsNotReachedWhereOneBoundDoesNotHold) {
  EXPECT_FALSE(judge(kFaster, runs_of(10, 15, 12, 5))->reached);
  EXPECT_FALSE(judge(kFaster, runs_of(10, 16, 11, 5))->reached);
  EXPECT_FALSE(judge(kFaster, runs_of(10, 16, 12, 4))->reached);
}

TEST(Verdict, NamesThePeersThatDoBetter) {
  const auto verdict = judge(kFaster, runs_of(10, 9, 8, 5));
  EXPECT_EQ(verdict->winners,
            (std::vector<std::string>{"leveldb", "llvm", "pmr"}));
}

TEST(Verdict, LeavesVariantsOfOursAndTheFloorOutOfThePeers) {
  Runs runs = runs_of(10, 16, 12, 5);
  runs["warm/2000/ours-cursor"]["ns"] = {1};
  const auto verdict = judge(kFaster, runs);
  EXPECT_EQ(verdict->best_other, "pmr");
  EXPECT_TRUE(verdict->winners.empty());
  EXPECT_EQ(verdict->peers.size(), 3U);
  EXPECT_EQ(verdict->peers.at("llvm").median, 1.3);
}

TEST(Verdict, OfAFootprintIsOursOverTheirs) {
  Target target = kFaster;
  target.judged = Judged::kSmaller;
  target.leveldb = 1.02;
  EXPECT_TRUE(judge(target, runs_of(102, 100, 90, 1))->reached);
  EXPECT_FALSE(judge(target, runs_of(103, 100, 90, 1))->reached);
  EXPECT_EQ(judge(target, runs_of(102, 100, 90, 1))->best_other, "pmr");
}

TEST(Verdict, ThatMustBeBelowEveryPeerIsMissedByATie) {
  Target target = kFaster;
  target.judged = Judged::kBelow;
  EXPECT_TRUE(judge(target, runs_of(10, 11, 12, 5))->reached);
  EXPECT_FALSE(judge(target, runs_of(10, 10, 12, 5))->reached);
  EXPECT_FALSE(judge(target, runs_of(10, 11, 9, 5))->reached);
}

TEST(Verdict, WithABoundLooksAtOursAlone) {
  Target target = kFaster;
  target.judged = Judged::kAtMost;
  target.leveldb = 0;
  EXPECT_TRUE(judge(target, runs_of(0, 5, 5, 5))->reached);
  EXPECT_FALSE(judge(target, runs_of(0.5, 5, 5, 5))->reached);
}

TEST(Verdict, IsNoneForARowThatDidNotRun) {
  const Target other{"warm", "9", "ours", "ns", Judged::kFaster};
  EXPECT_FALSE(judge(other, runs_of(10, 16, 12, 5)));
}

TEST(Targets, AreEachThereOnce) {
  std::set<std::string> seen;
  for (const Target& target : targets()) {
    EXPECT_TRUE(seen.insert(target.row + target.size + target.figure).second);
  }
}

}  // namespace
}  // namespace arenatest
