// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What the library has to say while it works. The library says it; the program
// decides who hears it, and how much, while it runs.
//
//   bitcoinleveldb::set_logger(
//       std::make_shared<bitcoinleveldb::StreamLogger>(stderr));
//   bitcoinleveldb::set_log_level(bitcoinleveldb::LogLevel::kDebug);
//
// Off by default, and then it costs nothing: what single allocations would say
// is not looked at, and elsewhere a line that is not wanted is one relaxed
// load. docs/logging.md lists every line. Loggers for streams and for spdlog
// are in <bitcoinleveldb/stream_logger.h> and <bitcoinleveldb/spdlog_logger.h>.

#ifndef BITCOINLEVELDB_LOG_H_
#define BITCOINLEVELDB_LOG_H_

#include <atomic>
#include <memory>
#include <optional>
#include <string_view>

#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb {

/// How much is said: of each level what it names, and all that stands below it.
enum class LogLevel : unsigned char {
  kTrace,  ///< every allocation, every number drawn by the harness
  kDebug,  ///< blocks, slabs, resets, scopes
  kInfo,   ///< arenas that come and go, randomized tests
  kWarn,   ///< memory ran out, a threshold was crossed, huge pages were refused
  kError,  ///< misuse and arguments that are not allowed
  kOff,    ///< nothing
};

/// The names of all levels, as a message may list them.
inline constexpr char kLogLevelNames[] = "trace, debug, info, warn, error, off";

/// Returns "trace", "debug" and so on.
[[nodiscard]] BITCOINLEVELDB_EXPORT const char* to_string(
    LogLevel level) noexcept;

/// Returns the level of that name, in small letters, or nothing.
[[nodiscard]] BITCOINLEVELDB_EXPORT std::optional<LogLevel> find_log_level(
    std::string_view name) noexcept;

/// Returns the level of that name.
/// THROWS: `std::invalid_argument` if there is none; the message has the name
/// and those there are.
[[nodiscard]] BITCOINLEVELDB_EXPORT LogLevel
parse_log_level(std::string_view name);

/// Where the lines go.
///
/// `log` is called from any thread, often in the middle of an allocation, but
/// never by two threads at once, and no fork of the process falls into a call:
/// in the child whatever locks a logger takes in `log` are free. It must not
/// throw or fork, must not use the arenas and block sources of this library,
/// and must set neither the logger nor the level.
class BITCOINLEVELDB_EXPORT Logger {
 public:
  Logger() = default;
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;
  virtual ~Logger();

  /// Takes one line, without its end. `message` is gone after the call.
  virtual void log(LogLevel level, std::string_view message) noexcept = 0;
};

/// Has all lines go to `logger` from now on; null, as at first, drops them. The
/// library holds it until it gets another one, to the very end of the process
/// if need be, since arenas with static storage go late.
/// When it returns no thread is in a call of the logger before, which is
/// returned. To be called by a logger is misuse, which ends the program.
/// THREAD SAFETY: may be called from any thread.
BITCOINLEVELDB_EXPORT std::shared_ptr<Logger> set_logger(
    std::shared_ptr<Logger> logger) noexcept;

/// Has lines of `level` and above said from now on. An arena that exists hears
/// of it at its next call out of line, or by `refresh_observers` at once; with
/// `kTrace` its inlined calls go out of line from then on, and with any other
/// level no more. A line that another thread has begun to say may still come.
/// THREAD SAFETY: may be called from any thread.
BITCOINLEVELDB_EXPORT void set_log_level(LogLevel level) noexcept;

namespace detail {

BITCOINLEVELDB_EXPORT extern std::atomic<LogLevel> g_log_level;

}  // namespace detail

/// Returns the level that was set last.
/// THREAD SAFETY: may be called from any thread.
[[nodiscard]] inline LogLevel log_level() noexcept {
  // Relaxed: the level stands for itself.
  return detail::g_log_level.load(std::memory_order_relaxed);
}

/// Returns whether lines of `level`, which is not `kOff`, are said.
/// THREAD SAFETY: may be called from any thread.
[[nodiscard]] inline bool log_enabled(LogLevel level) noexcept {
  return level >= log_level();
}

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_LOG_H_
