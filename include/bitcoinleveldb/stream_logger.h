// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A logger that writes lines to a stream, and the two calls that programs want
// most: to stderr, and to stderr if the environment asks for it.

#ifndef BITCOINLEVELDB_STREAM_LOGGER_H_
#define BITCOINLEVELDB_STREAM_LOGGER_H_

#include <cstdio>
#include <iosfwd>
#include <mutex>
#include <string_view>

#include "bitcoinleveldb/detail/attributes.h"
#include "bitcoinleveldb/log.h"

namespace bitcoinleveldb {

/// Writes each line whole, as `bitcoinleveldb-arena: LEVEL: MESSAGE`, and
/// flushes the stream after lines of `LogLevel::kWarn` and above. A stream that
/// fails or throws loses the line, and says so by its own state alone.
///
/// REQUIRES: the stream outlives the logger, which the library holds until it
/// is given another one.
/// THREAD SAFETY: may be used from any thread. A `std::FILE` may be written to
/// by others at the same time, a `std::ostream` as its own rules say.
class BITCOINLEVELDB_EXPORT StreamLogger final : public Logger {
 public:
  explicit StreamLogger(std::ostream& stream) noexcept : stream_(&stream) {}
  /// REQUIRES: `file` is not null.
  explicit StreamLogger(std::FILE* file) noexcept : file_(file) {}

  void log(LogLevel level, std::string_view message) noexcept override;

 private:
  std::mutex mutex_;
  std::ostream* stream_ = nullptr;
  std::FILE* file_ = nullptr;  // one of the two is not null
};

/// Has lines of `level` and above written to stderr.
/// THREAD SAFETY: may be called from any thread.
BITCOINLEVELDB_EXPORT void log_to_stderr(LogLevel level) noexcept;

/// The environment variable of the level.
inline constexpr char kLogVariable[] = "BITCOINLEVELDB_ARENA_LOG";

/// Does what `log_to_stderr` does with the level that the environment variable
/// `BITCOINLEVELDB_ARENA_LOG` names, if it is set to anything. Returns false if
/// that is no level; a line on stderr then says so and what is allowed, and
/// nothing changes.
BITCOINLEVELDB_EXPORT bool log_from_environment() noexcept;

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_STREAM_LOGGER_H_
