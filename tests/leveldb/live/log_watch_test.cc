// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "log_watch.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

#include "live_fixture.h"

namespace bitcoinleveldb {
namespace {

constexpr std::chrono::milliseconds kNoTime{0};

class LogWatchTest : public LiveFixture {
 protected:
  bool make(const char* name) {
    leveldb::WritableFile* file = nullptr;
    const bool made = watch_.NewWritableFile(path(name).string(), &file).ok();
    delete file;
    return made;
  }

  bool remove(const char* name) {
    return watch_.RemoveFile(path(name).string()).ok();
  }

  LogWatch watch_;
};

TEST_F(LogWatchTest, ASecondLogCountsUntilOneIsRemoved) {
  EXPECT_FALSE(watch_.wait_for_one_log(kNoTime));
  ASSERT_TRUE(make("000003.log"));
  EXPECT_TRUE(watch_.wait_for_one_log(kNoTime));
  ASSERT_TRUE(make("000005.log"));
  EXPECT_FALSE(watch_.wait_for_one_log(kNoTime));
  ASSERT_TRUE(remove("000003.log"));
  EXPECT_TRUE(watch_.wait_for_one_log(kNoTime));
  EXPECT_EQ(watch_.logs_made(), 2U);
}

TEST_F(LogWatchTest, OtherFilesAreNotCounted) {
  ASSERT_TRUE(make("000003.log"));
  for (const char* name : {"LOG", "000004.ldb", "MANIFEST-000002"}) {
    ASSERT_TRUE(make(name));
    EXPECT_TRUE(watch_.wait_for_one_log(kNoTime)) << name;
    ASSERT_TRUE(remove(name));
    EXPECT_TRUE(watch_.wait_for_one_log(kNoTime)) << name;
  }
  EXPECT_EQ(watch_.logs_made(), 1U);
}

TEST_F(LogWatchTest, ALogThatCannotBeMadeOrRemovedChangesNothing) {
  ASSERT_TRUE(make("000003.log"));
  EXPECT_FALSE(make("nowhere/000005.log"));
  EXPECT_FALSE(remove("000005.log"));
  EXPECT_TRUE(watch_.wait_for_one_log(kNoTime));
  EXPECT_EQ(watch_.logs_made(), 1U);
}

// The name that older LevelDB code calls.
TEST_F(LogWatchTest, ALogRemovedByTheOlderCallIsGoneToo) {
  ASSERT_TRUE(make("000003.log"));
  ASSERT_TRUE(make("000005.log"));
  ASSERT_TRUE(watch_.DeleteFile(path("000003.log").string()).ok());
  EXPECT_TRUE(watch_.wait_for_one_log(kNoTime));
}

TEST_F(LogWatchTest, AWaitEndsWhenAnotherThreadRemovesTheOldLog) {
  ASSERT_TRUE(make("000003.log"));
  ASSERT_TRUE(make("000005.log"));
  std::thread background([&] { EXPECT_TRUE(remove("000003.log")); });
  EXPECT_TRUE(watch_.wait_for_one_log(std::chrono::minutes(1)));
  background.join();
}

}  // namespace
}  // namespace bitcoinleveldb
