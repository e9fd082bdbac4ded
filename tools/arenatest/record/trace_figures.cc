// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "record/trace_figures.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "bitcoinleveldb/trace.h"
#include "progress.h"

namespace arenatest {

namespace {

using bitcoinleveldb::TraceEvent;
using bitcoinleveldb::TraceOp;

void count(TraceFigures& figures, const TraceEvent& event) {
  ++figures.events;
  figures.threads = std::max(figures.threads, event.thread);
  if (event.op == TraceOp::kArenaMade) ++figures.arenas;
  if (event.op == TraceOp::kArenaEnded) ++figures.arenas_ended;
  if (event.op != TraceOp::kAllocated) return;
  ++figures.allocations;
  figures.requested_bytes += event.bytes;
}

}  // namespace

TraceFigures read_trace_figures(const std::string& path) {
  bitcoinleveldb::TraceReader reader;
  if (!reader.open(path)) throw std::runtime_error(reader.end().message);
  TraceFigures figures;
  // How many events there are is not known before they are read; more than
  // half a byte each they all take.
  std::error_code error;
  const std::uintmax_t bytes = std::filesystem::file_size(path, error);
  figures.file_bytes = error ? 0 : bytes;
  Progress progress("reading " + path, figures.file_bytes);
  constexpr std::uint64_t kStep = 1U << 16U;
  TraceEvent event;
  while (reader.next(event)) {
    count(figures, event);
    if (figures.events % kStep == 0) {
      progress.reach(std::min(figures.file_bytes, 2 * figures.events));
    }
  }
  const bitcoinleveldb::TraceEnd& end = reader.end();
  figures.is_complete = end.kind == bitcoinleveldb::TraceEndKind::kComplete;
  figures.end = end.message;
  return figures;
}

}  // namespace arenatest
