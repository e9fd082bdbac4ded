// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "traces/load_trace.h"

#include <filesystem>
#include <stdexcept>

#include "progress.h"

namespace arenatest {

using bitcoinleveldb::DecodedTrace;
using bitcoinleveldb::TraceEndKind;
using bitcoinleveldb::TraceEvent;

DecodedTrace load_whatever_is_whole(const std::string& path,
                                    const EventSeen& seen) {
  constexpr std::uint64_t kStep = 1U << 16U;
  if (std::filesystem::is_directory(path)) {
    throw std::invalid_argument(path + " is a directory; a trace is a file");
  }
  bitcoinleveldb::TraceReader reader;
  if (!reader.open(path)) {
    throw std::invalid_argument(path + ": " + reader.end().message +
                                "; a trace is what arenatest record writes");
  }
  Progress progress("reading the trace, events", 0);
  std::uint64_t events = 0;
  return DecodedTrace(reader, [&](const TraceEvent& event) {
    if (++events % kStep == 0) progress.reach(events);
    if (seen) seen(event);
  });
}

DecodedTrace load_trace(const std::string& path, bool partial) {
  DecodedTrace trace = load_whatever_is_whole(path);
  if (trace.end().kind != TraceEndKind::kComplete && !partial) {
    throw std::invalid_argument(
        path + ": " + trace.end().message +
        "; --partial takes what is whole, and arenatest inspect shows it");
  }
  if (trace.counts().allocations == 0) {
    throw std::invalid_argument(path + ": the trace holds no allocation");
  }
  return trace;
}

}  // namespace arenatest
