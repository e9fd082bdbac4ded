// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// `set_log_level` is not here: to set a level has arenas observed, and the
// observer stands higher, in log_observer.cc. A program that never sets one
// does not even link it.

#include "bitcoinleveldb/log.h"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <string>
#include <utility>

#include "bitcoinleveldb/detail/failure.h"
#include "bitcoinleveldb/detail/log_line.h"
#include "immortal.h"
#include "port/fork.h"
#include "port/mutex.h"

namespace bitcoinleveldb {

namespace {

constexpr std::array<const char*, 6> kNames = {"trace", "debug", "info",
                                               "warn",  "error", "off"};

constexpr std::size_t kLineBytes = 512;

// Arenas with static storage say their last words after this would be
// destroyed, so there is nothing to destroy.
port::Mutex g_mutex;

// Guarded by g_mutex.
std::shared_ptr<Logger>& current_logger() noexcept {
  return detail::immortal<std::shared_ptr<Logger>>();
}

// What is made at its first use is made before main, for the child of a fork.
[[maybe_unused]] const bool g_made_before_main = [] {
  (void)current_logger();
  return port::hold_over_forks<g_mutex>(port::ForkOrder::kLog);
}();

// The thread is in a logger's call and has the lock.
thread_local bool t_within = false;

}  // namespace

Logger::~Logger() = default;

const char* to_string(LogLevel level) noexcept {
  return kNames[static_cast<std::size_t>(level)];
}

std::optional<LogLevel> find_log_level(std::string_view name) noexcept {
  for (std::size_t i = 0; i != kNames.size(); ++i) {
    if (name == kNames[i]) return static_cast<LogLevel>(i);
  }
  return std::nullopt;
}

LogLevel parse_log_level(std::string_view name) {
  const std::optional<LogLevel> level = find_log_level(name);
  if (!level) {
    const std::string message = "no log level is called \"" +
                                std::string(name) +
                                "\"; allowed: " + kLogLevelNames;
    detail::fail_invalid(message.c_str());
  }
  return *level;
}

std::shared_ptr<Logger> set_logger(std::shared_ptr<Logger> logger) noexcept {
  if (t_within) detail::fail_misuse("a Logger has set a logger in its call");
  const std::lock_guard lock(g_mutex);
  return std::exchange(current_logger(), std::move(logger));
}

namespace detail {

std::atomic<LogLevel> g_log_level{LogLevel::kOff};

void log_line(LogLevel level, const char* format, ...) noexcept {
  if (!log_enabled(level) || t_within) return;
  std::array<char, kLineBytes> line{};
  std::va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(line.data(), line.size(), format, arguments);
  va_end(arguments);
  const std::lock_guard lock(g_mutex);
  Logger* const logger = current_logger().get();
  if (logger == nullptr) return;
  t_within = true;
  logger->log(level, line.data());
  t_within = false;
}

}  // namespace detail

}  // namespace bitcoinleveldb
