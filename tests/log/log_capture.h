// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Loggers of every kind whose lines can be read back.

#ifndef BITCOINLEVELDB_TESTS_LOG_LOG_CAPTURE_H_
#define BITCOINLEVELDB_TESTS_LOG_LOG_CAPTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "bitcoinleveldb/detail/attributes.h"
#include "bitcoinleveldb/log.h"

namespace bitcoinleveldb {

class LogCapture {
 public:
  LogCapture() = default;
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;
  virtual ~LogCapture() = default;

  virtual std::shared_ptr<Logger> logger() = 0;
  // Returns a logger of the same kind that writes to stderr.
  virtual std::shared_ptr<Logger> stderr_logger() = 0;

  // Returns the lines so far, each as "LEVEL: MESSAGE", with the numbers of
  // arenas replaced by N: they count on from test to test.
  std::vector<std::string> lines();

 protected:
  // Returns all that was written, in lines "LEVEL: MESSAGE", or any of them
  // after what StreamLogger puts first.
  virtual std::string written() = 0;
};

struct LogAdapter {
  const char* name;
  std::unique_ptr<LogCapture> (*make)();

  friend void PrintTo(const LogAdapter& adapter, std::ostream* out) {
    *out << adapter.name;
  }
};

std::unique_ptr<LogCapture> make_spdlog_capture();

// All that this build has.
std::vector<LogAdapter> log_adapters();

// Has lines captured while a test runs, by each adapter in turn.
class LogTest : public testing::TestWithParam<LogAdapter> {
 protected:
  using Lines = std::vector<std::string>;

  LogTest() : capture_(GetParam().make()) { set_logger(capture_->logger()); }
  ~LogTest() override {
    set_log_level(LogLevel::kOff);
    set_logger(nullptr);
  }

  Lines lines() { return capture_->lines(); }
  LogCapture& capture() { return *capture_; }

 private:
  std::unique_ptr<LogCapture> capture_;
};

std::string adapter_name(const testing::TestParamInfo<LogAdapter>& info);

// Formats as `printf`.
BITCOINLEVELDB_PRINTF(1, 2) std::string text(const char* format, ...);

// Returns "0x" if that is how the system begins an address, else nothing.
std::string address_start();

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_LOG_LOG_CAPTURE_H_
