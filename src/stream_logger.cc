// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/stream_logger.h"

#include <cstdlib>
#include <optional>
#include <ostream>
#include <string>

#include "without_throwing.h"

namespace bitcoinleveldb {

namespace {

// In one piece, so that whoever else writes to the stream writes between lines.
bool write(std::ostream& stream, const std::string& line, bool flush) {
  stream.write(line.data(), static_cast<std::streamsize>(line.size()));
  if (flush) stream.flush();
  return stream.good();
}

bool write(std::FILE* file, const std::string& line, bool flush) {
  const std::size_t written = std::fwrite(line.data(), 1, line.size(), file);
  return (!flush || std::fflush(file) == 0) && written == line.size();
}

}  // namespace

void StreamLogger::log(LogLevel level, std::string_view message) noexcept {
  (void)detail::without_throwing([this, level, message] {
    std::string line = "bitcoinleveldb-arena: ";
    line.append(to_string(level)).append(": ").append(message).append("\n");
    const bool flush = level >= LogLevel::kWarn;
    const std::lock_guard lock(mutex_);
    return stream_ != nullptr ? write(*stream_, line, flush)
                              : write(file_, line, flush);
  });
}

void log_to_stderr(LogLevel level) noexcept {
  (void)detail::without_throwing([] {
    set_logger(std::make_shared<StreamLogger>(stderr));
    return true;
  });
  set_log_level(level);
}

bool log_from_environment() noexcept {
  const char* const name = std::getenv(kLogVariable);
  if (name == nullptr || *name == '\0') return true;
  const std::optional<LogLevel> level = find_log_level(name);
  if (level) {
    log_to_stderr(*level);
  } else {
    std::fprintf(stderr,
                 "bitcoinleveldb-arena: %s is \"%s\" and has no effect; "
                 "allowed: %s\n",
                 kLogVariable, name, kLogLevelNames);
  }
  return level.has_value();
}

}  // namespace bitcoinleveldb
