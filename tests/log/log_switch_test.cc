// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Levels that change while arenas are at work, in one thread and in several.

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "log_capture.h"
#include "sanitizers.h"

namespace bitcoinleveldb {
namespace {

using LogSwitch = LogTest;
INSTANTIATE_TEST_SUITE_P(By, LogSwitch, testing::ValuesIn(log_adapters()),
                         adapter_name);

bool is_watched(const Arena& arena) {
  const detail::ArenaRecord* const record = detail::ArenaInsider::record(arena);
  return record != nullptr && record->doors != nullptr;
}

TEST_P(LogSwitch, LevelReachesAnArenaAtItsNextColdCall) {
  const Unchecked unchecked;
  Arena arena;
  (void)arena.allocate(1000);
  set_log_level(LogLevel::kTrace);
  for (int i = 0; i != 3; ++i) (void)arena.allocate(1000);
  EXPECT_EQ(lines(), Lines{});
  (void)arena.allocate(1000);
  const std::size_t said = lines().size();
  EXPECT_GE(said, 3U);
  (void)arena.allocate(10);
  EXPECT_EQ(lines().size(), said + 1);
}

TEST_P(LogSwitch, LevelReachesAnArenaAtOnceIfItsOwnerAsks) {
  Arena arena;
  (void)arena.allocate(1000);
  set_log_level(LogLevel::kTrace);
  refresh_observers(arena);
  (void)arena.allocate(10);
  EXPECT_EQ(lines().size(), 2U);
}

TEST_P(LogSwitch, NothingIsSaidFromOffOnAndTheArenaIsFastAgain) {
  const Unchecked unchecked;
  set_log_level(LogLevel::kTrace);
  Arena arena;
  (void)arena.allocate(1000);
  EXPECT_EQ(detail::ArenaInsider::granted(arena), 0U);
  set_log_level(LogLevel::kOff);
  const std::size_t said = lines().size();
  (void)arena.allocate(1000);
  EXPECT_EQ(detail::ArenaInsider::granted(arena), 2096U);
  for (int i = 0; i != 100; ++i) (void)arena.allocate(1000);
  EXPECT_EQ(lines().size(), said);
}

TEST_P(LogSwitch, ArenasMadeAfterOffOrForErrorsAloneAreNotWatched) {
  const Unchecked unchecked;
  set_log_level(LogLevel::kTrace);
  set_log_level(LogLevel::kOff);
  Arena off;
  (void)off.allocate(1);
  EXPECT_FALSE(is_watched(off));
  set_log_level(LogLevel::kError);
  (void)off.allocate(5000);
  EXPECT_FALSE(is_watched(off));
  set_log_level(LogLevel::kWarn);
  (void)off.allocate(5000);
  EXPECT_TRUE(is_watched(off));
}

TEST_P(LogSwitch, BetweenBlocksAnArenaAtDebugIsAsFastAsEver) {
  const Unchecked unchecked;
  set_log_level(LogLevel::kDebug);
  Arena arena;
  (void)arena.allocate(96);
  EXPECT_EQ(detail::ArenaInsider::granted(arena), 4000U);
}

TEST_P(LogSwitch, AnArenaKeepsItsNumberFromLevelToLevel) {
  set_log_level(LogLevel::kInfo);
  {
    Arena arena;
    (void)arena.allocate(1);
    set_log_level(LogLevel::kOff);
    (void)arena.allocate(5000);
    set_log_level(LogLevel::kInfo);
    (void)arena.allocate(5000);
  }
  EXPECT_EQ(lines().size(), 2U);
}

TEST_P(LogSwitch, LinesWithoutALoggerAreDropped) {
  set_log_level(LogLevel::kTrace);
  const std::shared_ptr<Logger> mine = set_logger(nullptr);
  Arena arena;
  (void)arena.allocate(1);
  EXPECT_EQ(lines(), Lines{});
  set_logger(mine);
  (void)arena.allocate(1);
  EXPECT_EQ(lines().size(), 1U);
}

// Makes arenas and allocates from an old one until told to stop.
class Maker {
 public:
  Maker() : thread_([this] { work(); }) {}
  Maker(const Maker&) = delete;
  Maker& operator=(const Maker&) = delete;
  ~Maker() {
    done_ = true;
    thread_.join();
  }

  void wait_for_another() const {
    const int before = made_;
    while (made_ < before + 2) std::this_thread::yield();
  }

 private:
  void work() {
    Arena old;
    while (!done_) {
      Arena arena;
      for (int i = 0; i != 20; ++i) (void)arena.allocate(700);
      (void)old.allocate_aligned(300);
      ++made_;
    }
  }

  std::atomic<bool> done_{false};
  std::atomic<int> made_{0};
  std::thread thread_;
};

// Every line has its first words and its last, and no other in between.
bool is_whole(const std::string& line) {
  const std::string ends[][2] = {
      {"info: arena N: new at " + address_start(), " bytes"},
      {"info: arena N: found at " + address_start(), ""},
      {"info: arena N: gone, with ", " reserved"},
      {"debug: arena N: slab of ", " reserved"},
      {"debug: arena N: block ", ""},
      {"trace: arena N: ", " remain"},
      {"warn: huge pages refused for ", " small pages serve them"}};
  for (const auto& [first, last] : ends) {
    if (line.rfind(first, 0) == 0) {
      return line.ends_with(last) && line.find("arena", 15) == line.npos;
    }
  }
  return false;
}

// Two threads make arenas while a third goes through the levels, up and down,
// waiting for a whole arena now and then. Lines must come whole and in the
// words of the library. ThreadSanitizer is the sharper judge.
TEST_P(LogSwitch, LevelsChangeWhileThreadsMakeArenas) {
  const Maker one;
  const Maker two;
  for (int i = 0; i != 10; ++i) {
    for (const LogLevel level :
         {LogLevel::kTrace, LogLevel::kWarn, LogLevel::kDebug, LogLevel::kOff,
          LogLevel::kInfo, LogLevel::kError, LogLevel::kTrace}) {
      set_log_level(level);
      if (i % 5 == 0) one.wait_for_another();
    }
  }
  one.wait_for_another();
  two.wait_for_another();
  set_log_level(LogLevel::kOff);
  // No thread is in a logger's call once there is no logger.
  set_logger(nullptr);
  const Lines said = lines();
  EXPECT_GE(said.size(), 40U);
  for (const std::string& line : said) ASSERT_TRUE(is_whole(line)) << line;
}

// Whatever order two threads set levels in, what arenas do is what the level
// says that came last.
TEST_P(LogSwitch, LastOfManyLevelsSetAtOnceIsFollowed) {
  const Unchecked unchecked;
  for (int i = 0; i != 200; ++i) {
    std::thread on([] { set_log_level(LogLevel::kTrace); });
    set_log_level(LogLevel::kOff);
    on.join();
    Arena arena;
    (void)arena.allocate(96);
    const bool tracing = log_level() == LogLevel::kTrace;
    ASSERT_EQ(is_watched(arena), tracing) << i;
    ASSERT_EQ(detail::ArenaInsider::granted(arena), tracing ? 0U : 4000U) << i;
  }
}

}  // namespace
}  // namespace bitcoinleveldb
