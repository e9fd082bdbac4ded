// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// What of the results of commands goes into the report: what it shows and
// nothing that tells of the machine's names and paths.

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_REPORT_RESULTS_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_REPORT_RESULTS_H_

#include <nlohmann/json.hpp>
#include <string>

namespace arenatest {

// Returns what the report says of the proofs in the result of `arenatest run`.
nlohmann::ordered_json proofs_of(const nlohmann::ordered_json& run);

// Returns what the report shows of a result of `arenatest bench`, or of
// `arenatest run` with a benchmark in it.
// THROWS: std::invalid_argument if it is none; the message begins with `name`.
nlohmann::ordered_json speed_of(const nlohmann::ordered_json& result,
                                const std::string& name);

// Returns the result that a command has written to a file with --json.
// THROWS: std::invalid_argument if it cannot be read or is no JSON.
nlohmann::ordered_json read_result(const std::string& path);

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_REPORT_RESULTS_H_
