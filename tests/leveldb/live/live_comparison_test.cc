// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "live_comparison.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "live_proof.h"

namespace bitcoinleveldb {
namespace {

// A run as it should be: ten batches, rotated after the fifth.
LiveRun good_run(const std::string& arena) {
  LiveRun run;
  run.arena = arena;
  run.arenas_made = arena == "leveldb" ? 0 : 3;
  run.operations = 10'000;
  run.overwrites = 1'000;
  run.deletes = 500;
  run.batches = 10;
  run.records_live = 8'400;
  run.rotations = 1;
  run.hash = run.hash_reopened = "00112233445566aa";
  for (std::uint64_t batch = 0; batch != 10; ++batch) {
    run.samples.push_back({batch, 4104 * (batch + 1), batch < 5});
  }
  return run;
}

LiveProofResult judge_arena(const LiveRun& arena) {
  return judge_live_runs(good_run("leveldb"), good_run("leveldb"), arena);
}

// Checks that exactly one thing was found and that it was put in these words.
void expect_only(const LiveProofResult& result, const std::string& words) {
  EXPECT_FALSE(result.passed());
  ASSERT_EQ(result.differences().size(), 1U);
  EXPECT_EQ(result.differences().front(), words);
}

TEST(LiveComparison, EqualRunsPassWithEverySampleCompared) {
  const LiveProofResult result = judge_arena(good_run("bitcoinleveldb"));
  EXPECT_TRUE(result.passed());
  EXPECT_TRUE(result.stock_with_arena.contents_equal);
  EXPECT_EQ(result.stock_with_arena.samples_compared, 10U);
  EXPECT_EQ(result.stock_with_arena.samples_compared_after_rotation, 5U);
  EXPECT_EQ(result.stock_with_arena.samples_different, 0U);
}

TEST(LiveComparison, ADifferentUsageIsNamedByItsBatch) {
  LiveRun arena = good_run("bitcoinleveldb");
  arena.samples[7].usage += 8;
  const LiveProofResult result = judge_arena(arena);
  expect_only(result,
              "memory usage after batch 7: stock has 32832, arena has 32840");
  EXPECT_EQ(result.stock_with_arena.samples_different, 1U);
  EXPECT_TRUE(result.stock_with_arena.contents_equal);
}

TEST(LiveComparison, ManyDifferentUsagesAreToldInFewWords) {
  LiveRun arena = good_run("bitcoinleveldb");
  for (UsageSample& sample : arena.samples) ++sample.usage;
  const LiveProofResult result = judge_arena(arena);
  EXPECT_EQ(result.stock_with_arena.samples_different, 10U);
  ASSERT_EQ(result.differences().size(), 6U);
  EXPECT_EQ(result.differences().back(),
            "memory usage differs in 10 of 10 samples in all");
}

TEST(LiveComparison, SamplesAreMatchedByBatch) {
  LiveRun arena = good_run("bitcoinleveldb");
  arena.samples.erase(arena.samples.begin() + 6);
  arena.samples.erase(arena.samples.begin());
  const LiveProofResult result = judge_arena(arena);
  EXPECT_TRUE(result.passed());
  EXPECT_EQ(result.stock_with_arena.samples_compared, 8U);
  EXPECT_EQ(result.stock_with_arena.samples_compared_after_rotation, 4U);
}

TEST(LiveComparison, ARotationAtAnotherBatchIsADifference) {
  LiveRun arena = good_run("bitcoinleveldb");
  arena.samples[5].before_first_rotation = true;
  expect_only(judge_arena(arena),
              "before the first rotation after batch 5: stock has 0, arena "
              "has 1");
}

TEST(LiveComparison, NothingComparedIsNoProof) {
  LiveRun arena = good_run("bitcoinleveldb");
  arena.samples.clear();
  expect_only(judge_arena(arena),
              "no sample of memory usage in stock could be compared with one "
              "in arena");
}

TEST(LiveComparison, OtherContentsAreADifference) {
  LiveRun arena = good_run("bitcoinleveldb");
  arena.hash = arena.hash_reopened = "ffffffffffffffff";
  const LiveProofResult result = judge_arena(arena);
  EXPECT_FALSE(result.stock_with_arena.contents_equal);
  ASSERT_EQ(result.differences().size(), 2U);
  EXPECT_EQ(result.differences()[0],
            "hash of the contents: stock has 00112233445566aa, arena has "
            "ffffffffffffffff");
}

TEST(LiveComparison, FewerRecordsAreADifference) {
  LiveRun arena = good_run("bitcoinleveldb");
  --arena.records_live;
  const LiveProofResult result = judge_arena(arena);
  expect_only(result, "records: stock has 8400, arena has 8399");
  EXPECT_FALSE(result.stock_with_arena.contents_equal);
}

TEST(LiveComparison, OtherRotationsAreADifference) {
  LiveRun arena = good_run("bitcoinleveldb");
  ++arena.rotations;
  expect_only(judge_arena(arena), "rotations: stock has 1, arena has 2");
}

// If stock differs from stock, agreement of the arena with one of them is
// worth nothing.
TEST(LiveComparison, StockThatDiffersFromStockFailsTheProof) {
  LiveRun again = good_run("leveldb");
  again.samples[9].usage -= 8;
  const LiveProofResult result =
      judge_live_runs(good_run("leveldb"), again, good_run("bitcoinleveldb"));
  expect_only(
      result,
      "memory usage after batch 9: stock has 41040, stock again has 41032");
  EXPECT_EQ(result.stock_with_arena.samples_different, 0U);
}

TEST(LiveComparison, RecordsReadBackOtherwiseAreAFault) {
  LiveRun arena = good_run("bitcoinleveldb");
  arena.mismatches = 2;
  arena.first_mismatch = "key 43 is not there";
  expect_only(judge_arena(arena),
              "arena read 2 records back otherwise than written, the first: "
              "key 43 is not there");
}

TEST(LiveComparison, ADropInThatMadeNoArenaIsAFault) {
  LiveRun arena = good_run("bitcoinleveldb");
  arena.arenas_made = 0;
  expect_only(judge_arena(arena),
              "arena did not use the drop-in: LevelDB made no arena through "
              "it");
}

TEST(LiveComparison, StockOnOurArenaIsAFault) {
  const LiveProofResult result =
      judge_live_runs(good_run("bitcoinleveldb"), good_run("leveldb"),
                      good_run("bitcoinleveldb"));
  expect_only(result,
              "stock ran on the arena of bitcoinleveldb instead of leveldb");
}

TEST(LiveComparison, ContentsThatReopeningChangesAreAFault) {
  LiveRun arena = good_run("bitcoinleveldb");
  arena.hash_reopened = "ffffffffffffffff";
  const LiveProofResult result = judge_arena(arena);
  ASSERT_EQ(result.differences().size(), 2U);
  EXPECT_EQ(result.differences()[0],
            "arena has other contents after reopening: hash ffffffffffffffff "
            "instead of 00112233445566aa");
}

TEST(LiveRun, ComesBackFromItsJson) {
  LiveRun run = good_run("bitcoinleveldb");
  run.first_mismatch = "key 43 is not there";
  run.write_seconds = 1.5;
  EXPECT_EQ(live_run_from_json(live_run_to_json(run)), run);
}

TEST(LiveProofResult, JsonHasTheVerdictAndTheFigures) {
  LiveRun arena = good_run("bitcoinleveldb");
  arena.samples[7].usage += 8;
  const nlohmann::json json = judge_arena(arena).to_json();
  EXPECT_FALSE(json.at("passed").get<bool>());
  EXPECT_EQ(json.at("differences").size(), 1U);
  ASSERT_EQ(json.at("comparisons").size(), 2U);
  EXPECT_EQ(json.at("comparisons")[1].at("samples_different"), 1U);
  EXPECT_EQ(json.at("runs").at("stock again").at("records_live"), 8'400U);
}

}  // namespace
}  // namespace bitcoinleveldb
