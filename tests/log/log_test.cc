// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/log.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <ostream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "bitcoinleveldb/detail/log_line.h"
#include "bitcoinleveldb/stream_logger.h"
#include "environment.h"
#include "expect_failure.h"

namespace bitcoinleveldb {
namespace {

using detail::log_line;

constexpr std::array kLevels = {LogLevel::kTrace, LogLevel::kDebug,
                                LogLevel::kInfo,  LogLevel::kWarn,
                                LogLevel::kError, LogLevel::kOff};

// Leaves all as it was.
class Log : public testing::Test {
 protected:
  ~Log() override {
    set_log_level(LogLevel::kOff);
    set_logger(nullptr);
  }
};

TEST_F(Log, IsOffByDefault) {
  EXPECT_EQ(log_level(), LogLevel::kOff);
  EXPECT_FALSE(log_enabled(LogLevel::kError));
}

TEST_F(Log, LevelsAreFoundByTheirNames) {
  std::string names;
  for (const LogLevel level : kLevels) {
    EXPECT_EQ(find_log_level(to_string(level)), level);
    EXPECT_EQ(parse_log_level(to_string(level)), level);
    names += (names.empty() ? "" : ", ") + std::string(to_string(level));
  }
  EXPECT_EQ(names, kLogLevelNames);
}

TEST_F(Log, OtherNamesAreRefusedWithThoseThatAreAllowed) {
  for (const char* const name : {"", "Debug", "warning", "info ", "5"}) {
    EXPECT_FALSE(find_log_level(name).has_value()) << name;
    expect_invalid([name] { (void)parse_log_level(name); },
                   "no log level is called \"" + std::string(name) +
                       "\"; allowed: trace, debug, info, warn, error, off");
  }
}

TEST_F(Log, ALevelEnablesItselfAndThoseAbove) {
  for (const LogLevel level : kLevels) {
    set_log_level(level);
    EXPECT_EQ(log_level(), level);
    for (const LogLevel line : kLevels) {
      if (line == LogLevel::kOff) continue;
      EXPECT_EQ(log_enabled(line), line >= level);
    }
  }
}

TEST_F(Log, LinesGoToTheLoggerSetLastAndTheOneBeforeComesBack) {
  std::ostringstream first;
  std::ostringstream second;
  const auto one = std::make_shared<StreamLogger>(first);
  EXPECT_EQ(set_logger(one), nullptr);
  set_log_level(LogLevel::kInfo);
  log_line(LogLevel::kInfo, "to the %s", "first");
  EXPECT_EQ(set_logger(std::make_shared<StreamLogger>(second)), one);
  log_line(LogLevel::kWarn, "to the %s", "second");
  EXPECT_EQ(first.str(), "bitcoinleveldb-arena: info: to the first\n");
  EXPECT_EQ(second.str(), "bitcoinleveldb-arena: warn: to the second\n");
}

// Knows whether it lives.
class MortalLogger final : public Logger {
 public:
  explicit MortalLogger(int* lives) : lives_(lives) { ++*lives_; }
  ~MortalLogger() override { --*lives_; }
  void log(LogLevel /*level*/, std::string_view /*message*/) noexcept override {
  }

 private:
  int* lives_;
};

TEST_F(Log, ALoggerLivesUntilThereIsAnother) {
  int lives = 0;
  set_logger(std::make_shared<MortalLogger>(&lives));
  EXPECT_EQ(lives, 1);
  set_logger(nullptr);
  EXPECT_EQ(lives, 0);
}

TEST_F(Log, ALongLineIsCut) {
  std::ostringstream stream;
  set_logger(std::make_shared<StreamLogger>(stream));
  set_log_level(LogLevel::kInfo);
  log_line(LogLevel::kInfo, "%s", std::string(2000, 'x').c_str());
  EXPECT_EQ(stream.str(),
            "bitcoinleveldb-arena: info: " + std::string(511, 'x') + "\n");
}

// Says a line in its call, as an allocation it makes might.
class TalkativeLogger final : public Logger {
 public:
  void log(LogLevel /*level*/, std::string_view message) noexcept override {
    log_line(LogLevel::kError, "and again");
    heard += message;
  }
  std::string heard;
};

TEST_F(Log, LinesOfALoggersOwnCallAreDropped) {
  const auto logger = std::make_shared<TalkativeLogger>();
  set_logger(logger);
  set_log_level(LogLevel::kInfo);
  log_line(LogLevel::kInfo, "once");
  EXPECT_EQ(logger->heard, "once");
}

class UsurpingLogger final : public Logger {
 public:
  void log(LogLevel /*level*/, std::string_view /*message*/) noexcept override {
    set_logger(nullptr);
  }
};

TEST_F(Log, ALoggerThatSetsALoggerEndsTheProgram) {
  set_logger(std::make_shared<UsurpingLogger>());
  set_log_level(LogLevel::kInfo);
  EXPECT_DEATH(
      log_line(LogLevel::kInfo, "a line"),
      "^bitcoinleveldb-arena: a Logger has set a logger in its call\n$");
}

// A stream whose every write fails, by a throw where that can be.
class FailingBuffer final : public std::streambuf {
 protected:
  std::streamsize xsputn(const char* /*bytes*/,
                         std::streamsize /*count*/) override {
    return 0;
  }
};

TEST_F(Log, AStreamThatFailsLosesTheLineAlone) {
  FailingBuffer buffer;
  std::ostream stream(&buffer);
#ifdef __cpp_exceptions
  stream.exceptions(std::ios::badbit | std::ios::failbit);
#endif
  set_logger(std::make_shared<StreamLogger>(stream));
  set_log_level(LogLevel::kInfo);
  log_line(LogLevel::kInfo, "lost");
  EXPECT_TRUE(stream.bad());
}

TEST_F(Log, LinesOfManyThreadsComeWhole) {
  std::ostringstream stream;
  set_logger(std::make_shared<StreamLogger>(stream));
  set_log_level(LogLevel::kInfo);
  std::vector<std::thread> threads;
  for (char name = 'a'; name != 'd'; ++name) {
    threads.emplace_back([name] {
      const std::string word(50, name);
      for (int i = 0; i != 500; ++i) {
        log_line(LogLevel::kInfo, "%s", word.c_str());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::istringstream lines(stream.str());
  const std::string start = "bitcoinleveldb-arena: info: ";
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    ASSERT_EQ(line, start + std::string(50, line.back()));
  }
  EXPECT_EQ(count, 1500);
}

// What a child of the test says, having read the environment and having tried
// a line of each level.
void speak_from_environment(const char* value) {
  if (value != nullptr) set_variable(kLogVariable, value);
  const bool allowed = log_from_environment();
  for (const LogLevel level : kLevels) {
    if (level != LogLevel::kOff) log_line(level, "line");
  }
  std::_Exit(allowed ? 0 : 3);
}

TEST_F(Log, LevelOfTheEnvironmentGoesToStderr) {
  unset_variable(kLogVariable);
  EXPECT_EXIT(speak_from_environment("warn"), testing::ExitedWithCode(0),
              "^bitcoinleveldb-arena: warn: line\n"
              "bitcoinleveldb-arena: error: line\n$");
  for (const char* const silent : {"off", "", "unset"}) {
    const bool is_set = std::string_view(silent) != "unset";
    EXPECT_EXIT(speak_from_environment(is_set ? silent : nullptr),
                testing::ExitedWithCode(0), "^$");
  }
}

TEST_F(Log, AnotherValueOfTheEnvironmentIsSaidWithWhatIsAllowed) {
  EXPECT_EXIT(speak_from_environment("loud"), testing::ExitedWithCode(3),
              "^bitcoinleveldb-arena: BITCOINLEVELDB_ARENA_LOG is \"loud\" and "
              "has no effect; allowed: trace, debug, info, warn, error, off\n"
              "$");
}

}  // namespace
}  // namespace bitcoinleveldb
