// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "log_option.h"

#include <cstdlib>
#include <optional>
#include <stdexcept>

#include "bitcoinleveldb/log.h"
#include "bitcoinleveldb/stream_logger.h"

namespace arenatest {

namespace {

using bitcoinleveldb::find_log_level;
using bitcoinleveldb::kLogLevelNames;
using bitcoinleveldb::kLogVariable;

std::string refusal(const std::string& name) {
  return "\"" + name + "\" is no level; allowed: " + kLogLevelNames;
}

}  // namespace

void add_log_option(CLI::App& command, std::string& level) {
  command
      .add_option("--log", level,
                  std::string("Say on stderr what arenas do, from this level "
                              "on: ") +
                      kLogLevelNames + " (or set " + kLogVariable + ")")
      ->check([](const std::string& name) {
        return find_log_level(name) ? "" : refusal(name);
      });
}

void start_log(const std::string& level) {
  if (!level.empty()) setenv(kLogVariable, level.c_str(), 1);
  const char* const name = std::getenv(kLogVariable);
  if (name == nullptr || *name == '\0') return;
  const std::optional<bitcoinleveldb::LogLevel> found = find_log_level(name);
  if (!found) {
    throw std::runtime_error(std::string(kLogVariable) + ": " + refusal(name));
  }
  bitcoinleveldb::log_to_stderr(*found);
}

}  // namespace arenatest
