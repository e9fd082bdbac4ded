// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Has the lines of <bitcoinleveldb/log.h> go to an spdlog logger. Link the
// CMake target `bitcoinleveldb::spdlog`, a component of the package.
//
//   auto log = spdlog::stderr_color_mt("arena");
//   log->set_level(spdlog::level::trace);  // spdlog's own filter: info at
//   first bitcoinleveldb::set_logger(
//       std::make_shared<bitcoinleveldb::SpdlogLogger>(log));
//   bitcoinleveldb::set_log_level(bitcoinleveldb::LogLevel::kDebug);
//
// Both levels count: set that of the arenas to what is wanted, since lines that
// spdlog would drop cost their making, and spdlog's to that or less.

#ifndef BITCOINLEVELDB_SPDLOG_LOGGER_H_
#define BITCOINLEVELDB_SPDLOG_LOGGER_H_

#include <spdlog/logger.h>

#include <memory>
#include <string_view>
#include <utility>

#include "bitcoinleveldb/log.h"

namespace bitcoinleveldb {

/// Passes each line on with the level of the same name. What an spdlog sink
/// throws goes to spdlog's own error handler.
/// THREAD SAFETY: that of the spdlog logger, but the library never calls it by
/// two threads at once. An asynchronous one has lost its thread in the child of
/// a fork, which is so whoever writes to it.
class SpdlogLogger final : public Logger {
 public:
  /// REQUIRES: `logger` is not null.
  explicit SpdlogLogger(std::shared_ptr<spdlog::logger> logger) noexcept
      : logger_(std::move(logger)) {}

  void log(LogLevel level, std::string_view message) noexcept override {
    logger_->log(level_of(level),
                 spdlog::string_view_t(message.data(), message.size()));
  }

 private:
  static spdlog::level::level_enum level_of(LogLevel level) noexcept {
    switch (level) {
      case LogLevel::kTrace:
        return spdlog::level::trace;
      case LogLevel::kDebug:
        return spdlog::level::debug;
      case LogLevel::kInfo:
        return spdlog::level::info;
      case LogLevel::kWarn:
        return spdlog::level::warn;
      case LogLevel::kError:
        return spdlog::level::err;
      case LogLevel::kOff:
        break;
    }
    return spdlog::level::off;
  }

  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_SPDLOG_LOGGER_H_
