// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_RECORD_TRACE_FIGURES_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_RECORD_TRACE_FIGURES_H_

#include <cstdint>
#include <string>

namespace arenatest {

// What a trace comes to.
struct TraceFigures {
  std::uint64_t events = 0;
  std::uint64_t allocations = 0;
  std::uint64_t arenas = 0;
  std::uint64_t arenas_ended = 0;
  std::uint64_t threads = 0;
  std::uint64_t requested_bytes = 0;
  std::uint64_t file_bytes = 0;
  bool is_complete = false;
  std::string end;  // what is wrong with the end, if it is not complete

  double bytes_an_allocation() const {
    return allocations == 0 ? 0
                            : static_cast<double>(file_bytes) /
                                  static_cast<double>(allocations);
  }
};

// Reads a whole trace. Throws std::runtime_error if there is none.
TraceFigures read_trace_figures(const std::string& path);

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_RECORD_TRACE_FIGURES_H_
