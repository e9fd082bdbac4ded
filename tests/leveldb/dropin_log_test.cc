// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The log of a LevelDB that was compiled knowing nothing of it.

#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>

#include "bitcoinleveldb/log.h"
#include "bitcoinleveldb/stream_logger.h"
#include "dropin_store.h"
#include "oracle/leveldb_arena.h"
#include "unit/sanitizers.h"

namespace bitcoinleveldb {
namespace {

class LevelDbDropinLog : public testing::Test {
 protected:
  LevelDbDropinLog() { set_logger(std::make_shared<StreamLogger>(stream_)); }
  ~LevelDbDropinLog() override {
    set_log_level(LogLevel::kOff);
    set_logger(nullptr);
  }

  // Returns how many lines so far have `words`.
  int count(const std::string& words) const {
    std::istringstream lines(stream_.str());
    int found = 0;
    for (std::string line; std::getline(lines, line);) {
      if (line.find(words) != std::string::npos) ++found;
    }
    return found;
  }

 private:
  std::ostringstream stream_;
};

TEST_F(LevelDbDropinLog, MemtablesOfADatabaseComeGoAndTakeBlocks) {
  set_log_level(LogLevel::kDebug);
  const StoreReport report = fill_store(testing::TempDir() + "dropin_log.db");
  set_log_level(LogLevel::kOff);
  EXPECT_EQ(report.fault, "");
  EXPECT_EQ(count(": new at 0x"), 1);
  EXPECT_EQ(count(": gone, with "), 1);
  EXPECT_EQ(count(": slab of "), count(" bytes reserved") - 1);
  // The records are up to 1,999 bytes long, above a quarter block and below.
  EXPECT_GT(count(", dedicated to a request of "), 100);
  EXPECT_GT(count(", standard, 4096 bytes for a request of "), 100);
  EXPECT_EQ(count("bitcoinleveldb-arena: trace: "), 0);
}

TEST_F(LevelDbDropinLog, EveryRecordAndNodeIsTraced) {
  set_log_level(LogLevel::kTrace);
  const StoreReport report = fill_store(testing::TempDir() + "dropin_trace.db");
  set_log_level(LogLevel::kOff);
  EXPECT_EQ(report.fault, "");
  // The head of the skip list, and a node and an entry for each of the 2,000
  // records.
  EXPECT_EQ(count("bitcoinleveldb-arena: trace: "), 4001);
}

TEST_F(LevelDbDropinLog, InlinedLevelDbCodeIsTracedFromItsNextColdCallOn) {
  const Unchecked unchecked;
  leveldb::Arena arena;
  for (int i = 0; i != 3; ++i) (void)arena.Allocate(1000);
  set_log_level(LogLevel::kTrace);
  (void)arena.Allocate(1000);
  EXPECT_EQ(count(": trace: "), 0);
  (void)arena.Allocate(100);
  (void)arena.Allocate(7);
  EXPECT_EQ(count(": trace: "), 2);
  EXPECT_EQ(count(": 7 bytes at 0x"), 1);
  set_log_level(LogLevel::kOff);
  (void)arena.Allocate(7);
  (void)arena.Allocate(7);
  EXPECT_EQ(count(": trace: "), 2);
}

}  // namespace
}  // namespace bitcoinleveldb
