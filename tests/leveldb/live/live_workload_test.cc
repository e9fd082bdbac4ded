// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The workload finds what is not as it was written: here the database is
// right and the source lies about what it wrote.

#include "live_workload.h"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <string>

#include "file_records.h"
#include "generated_records.h"
#include "live_fixture.h"

namespace bitcoinleveldb {
namespace {

// Writes "a", "b" and "c", deletes "c", and expects what it is told to expect
// of one key, if anything else.
class LyingSource : public RecordSource {
 public:
  LyingSource() = default;
  LyingSource(std::string key, const char* value)
      : lie_{value == nullptr, std::move(key), value == nullptr ? "" : value} {}

  bool next(Operation& operation) override {
    static const Operation kOperations[] = {{false, "a", "1"},
                                            {false, "b", "2"},
                                            {false, "c", "3"},
                                            {true, "c", ""}};
    if (done_ == 4) return false;
    operation = kOperations[done_++];
    return true;
  }

  Amount amount() const override { return {done_, 4}; }
  OperationCounts counts() const override { return {4, 0, 1, live}; }

  void expect_all(const Expect& expect) const override {
    for (const Operation& truth :
         {Operation{false, "a", "1"}, Operation{false, "b", "2"},
          Operation{true, "c", ""}}) {
      const Operation& told = truth.key == lie_.key ? lie_ : truth;
      expect(told.key, told.is_delete ? nullptr : &told.value, {1, 3});
    }
  }

  std::uint64_t live = 2;

 private:
  std::uint64_t done_ = 0;
  Operation lie_;
};

class LiveWorkloadTest : public LiveFixture {
 protected:
  LiveWorkloadTest() {
    options_.database = path("database");
    options_.batch = 3;
    options_.progress = [](std::string_view, const Amount&) {};
  }

  LiveRun run(RecordSource& source) const {
    return run_live_workload(source, options_);
  }

  LiveWorkloadOptions options_;
};

TEST_F(LiveWorkloadTest, WhatWasWrittenReadsBack) {
  LyingSource source;
  const LiveRun result = run(source);
  EXPECT_EQ(result.mismatches, 0U);
  EXPECT_EQ(result.first_mismatch, "");
  EXPECT_EQ(result.arena, "leveldb");
  EXPECT_EQ(result.operations, 4U);
  EXPECT_EQ(result.batches, 2U);
  EXPECT_EQ(result.records_live, 2U);
  EXPECT_EQ(result.rotations, 0U);
  EXPECT_EQ(result.samples.size(), 2U);
  EXPECT_EQ(result.hash, result.hash_reopened);
}

TEST_F(LiveWorkloadTest, AnotherValueIsAMismatch) {
  LyingSource source("b", "x");
  const LiveRun result = run(source);
  EXPECT_EQ(result.mismatches, 1U);
  EXPECT_EQ(result.first_mismatch, "key 62 has the value 32 instead of 78");
}

TEST_F(LiveWorkloadTest, ADeletedRecordThatIsExpectedIsAMismatch) {
  LyingSource source("c", "3");
  const LiveRun result = run(source);
  EXPECT_EQ(result.mismatches, 1U);
  EXPECT_EQ(result.first_mismatch, "key 63 is not there");
}

TEST_F(LiveWorkloadTest, ARecordThatShouldBeDeletedIsAMismatch) {
  LyingSource source("a", nullptr);
  const LiveRun result = run(source);
  EXPECT_EQ(result.mismatches, 1U);
  EXPECT_EQ(result.first_mismatch, "key 61 is there though it was deleted");
}

// Once for each of the two iterations.
TEST_F(LiveWorkloadTest, ARecordTooManyIsAMismatch) {
  LyingSource source;
  source.live = 1;
  const LiveRun result = run(source);
  EXPECT_EQ(result.mismatches, 2U);
  EXPECT_EQ(result.first_mismatch, "iterating meets 2 records instead of 1");
}

// Equal bytes on the whole, split otherwise into keys and values.
TEST_F(LiveWorkloadTest, TheHashDependsOnKeysAndValuesAndWhereTheyEnd) {
  std::set<std::string> hashes;
  for (const char* text : {"a\tbc\n", "ab\tc\n", "a\tbd\n", "a\tb\nc\t\n"}) {
    FileRecords source(write("records.tsv", text).string());
    options_.database = path("database" + std::to_string(hashes.size()));
    hashes.insert(run(source).hash);
  }
  EXPECT_EQ(hashes.size(), 4U);
}

TEST_F(LiveWorkloadTest, AnErrorOfLevelDbIsAnError) {
  LyingSource source;
  options_.database = path("nowhere/database");
  EXPECT_TRUE(message_of([&] { (void)run(source); }).starts_with("LevelDB: "));
}

// With 64 KiB of write buffer there are some 30 rotations.
TEST_F(LiveWorkloadTest, SamplesAreTakenBeforeAndAfterRotations) {
  GeneratedRecords source(20'000, 301);
  options_.batch = 50;
  options_.write_buffer_bytes = 65'536;
  const LiveRun result = run(source);
  EXPECT_EQ(result.mismatches, 0U);
  EXPECT_GE(result.rotations, 20U);
  std::set<std::uint64_t> batches;
  std::uint64_t before = 0;
  for (const UsageSample& sample : result.samples) {
    EXPECT_TRUE(batches.insert(sample.batch).second);
    // What does not fit the write buffer was rotated away; one batch may
    // exceed it. An immutable memtable beside it would be too much.
    EXPECT_LE(sample.usage, 65'536U + 4'104U + 50U * 400U);
    if (!sample.before_first_rotation) continue;
    EXPECT_EQ(sample.batch, before++);
  }
  EXPECT_GT(before, 0U);
  EXPECT_GT(result.samples.size(), before);
}

}  // namespace
}  // namespace bitcoinleveldb
