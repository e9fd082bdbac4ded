// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef ARENATEST_LIVE_TRACE_VARIABLE_H_
#define ARENATEST_LIVE_TRACE_VARIABLE_H_

#include <stdlib.h>

#include <filesystem>

#include "bitcoinleveldb/trace_recorder.h"

namespace bitcoinleveldb {

// While one lives, programs that are started record to `trace`, or do not if it
// is empty.
class TraceVariable {
 public:
  explicit TraceVariable(const std::filesystem::path& trace) {
    unsetenv(kTraceVariable);
    if (!trace.empty()) setenv(kTraceVariable, trace.c_str(), 1);
  }
  ~TraceVariable() { unsetenv(kTraceVariable); }
  TraceVariable(const TraceVariable&) = delete;
  TraceVariable& operator=(const TraceVariable&) = delete;
};

}  // namespace bitcoinleveldb

#endif  // ARENATEST_LIVE_TRACE_VARIABLE_H_
