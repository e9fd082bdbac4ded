// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_LOG_OPTION_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_LOG_OPTION_H_

#include <CLI/CLI.hpp>
#include <string>

namespace arenatest {

// Adds the option --log to `command`; what it is given goes to `level`.
void add_log_option(CLI::App& command, std::string& level);

// Has lines of the log written to stderr from `level` on, or, if that is empty,
// from the level that the environment names; also in programs that are started
// from here. Throws std::runtime_error if the environment names none.
void start_log(const std::string& level);

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_LOG_OPTION_H_
