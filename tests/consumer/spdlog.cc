// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Has what arenas say go to spdlog, through the installed component.

#include <bitcoinleveldb/arena.h>
#include <bitcoinleveldb/spdlog_logger.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <sstream>

int main() {
  std::ostringstream said;
  auto log = std::make_shared<spdlog::logger>(
      "arena", std::make_shared<spdlog::sinks::ostream_sink_mt>(said));
  bitcoinleveldb::set_logger(
      std::make_shared<bitcoinleveldb::SpdlogLogger>(log));
  bitcoinleveldb::set_log_level(bitcoinleveldb::LogLevel::kInfo);
  bitcoinleveldb::Arena arena;
  (void)arena.allocate(1);
  bitcoinleveldb::set_logger(nullptr);
  return said.str().find("[arena] [info] arena 1: new at 0x") ==
                 std::string::npos
             ? 1
             : 0;
}
