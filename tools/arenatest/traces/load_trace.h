// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_TRACES_LOAD_TRACE_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_TRACES_LOAD_TRACE_H_

#include <functional>
#include <string>

#include "bitcoinleveldb/decoded_trace.h"

namespace arenatest {

using EventSeen = std::function<void(const bitcoinleveldb::TraceEvent& event)>;

// Reads `path` into memory as far as it is whole, shows on stderr how far it
// has come and calls `seen` with each event. Throws std::invalid_argument,
// which says what is wrong, if `path` is not there or no trace.
bitcoinleveldb::DecodedTrace load_whatever_is_whole(const std::string& path,
                                                    const EventSeen& seen = {});

// As above, but throws also if the trace is not complete, unless `partial`, or
// holds no allocation.
bitcoinleveldb::DecodedTrace load_trace(const std::string& path, bool partial);

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_TRACES_LOAD_TRACE_H_
