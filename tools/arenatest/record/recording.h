// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_RECORD_RECORDING_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_RECORD_RECORDING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "live/live_proof.h"

namespace arenatest {

struct RecordPlan {
  std::string output = "leveldb.trace";
  // How often it is run with recording and without, to compare; 0: once, with.
  std::uint64_t repetitions = 0;
  std::vector<std::string> program;  // with its arguments; empty: our workload
  bitcoinleveldb::LiveProofOptions live;
};

// The seconds that runs took, in their order.
struct Seconds {
  // Of the program as a whole, or of the workload's writing.
  std::vector<double> elapsed;
  // Of all processors, for all that the program did.
  std::vector<double> of_processors;
};

struct RunTimes {
  Seconds recorded;
  Seconds plain;
};

// Does what the plan says; the trace is that of the last run. Throws
// std::invalid_argument if the trace cannot be made, std::runtime_error if a
// program cannot be run or fails.
RunTimes run_recorded(const RecordPlan& plan);

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_RECORD_RECORDING_H_
