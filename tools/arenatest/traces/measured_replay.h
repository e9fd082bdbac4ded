// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// A replay, measured. To be called in a child (in_child.h), so that nothing of
// one measurement is there in the next.

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_TRACES_MEASURED_REPLAY_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_TRACES_MEASURED_REPLAY_H_

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

#include "bitcoinleveldb/trace_replay.h"
#include "process_figures.h"

namespace arenatest {

struct ReplayFigures {
  double seconds = 0;
  std::uint64_t faults = 0;      // minor page faults
  std::uint64_t peak_bytes = 0;  // resident at most, more than before
  bitcoinleveldb::ReplayCounts counts;
};

// Usage, summed over the arenas that are alive.
struct UsageFigures {
  bool known = false;  // the arena tells it
  std::uint64_t peak = 0;
  std::uint64_t last = 0;  // after the last event
};

template <class A, class Make = bitcoinleveldb::MakeAsRecorded>
ReplayFigures measure_replay(const bitcoinleveldb::DecodedTrace& trace,
                             Make make = {}) {
  using Clock = std::chrono::steady_clock;
  trim_heap();
  bitcoinleveldb::TraceReplay<A, Make> replay(trace, std::move(make));
  const std::size_t resident_before = resident_bytes();
  const std::uint64_t faults_before = minor_faults();
  const Clock::time_point start = Clock::now();
  replay.run();
  const std::chrono::duration<double> taken = Clock::now() - start;
  ReplayFigures figures;
  figures.seconds = taken.count();
  figures.faults = minor_faults() - faults_before;
  const std::size_t peak = peak_resident_bytes();
  figures.peak_bytes = peak - std::min(peak, resident_before);
  figures.counts = replay.counts();
  return figures;
}

template <class A, class Make = bitcoinleveldb::MakeAsRecorded>
UsageFigures usage_of_replay(const bitcoinleveldb::DecodedTrace& trace,
                             Make make = {}) {
  using bitcoinleveldb::ArenaOf;
  UsageFigures figures;
  std::vector<std::uint64_t> usages(trace.slots());
  bitcoinleveldb::TraceReplay<A, Make> replay(trace, std::move(make));
  replay.run([&](const bitcoinleveldb::TraceStep& step, A* arena) {
    if (step.op == bitcoinleveldb::TraceOp::kOutOfMemory) return;
    std::uint64_t usage = 0;
    if (arena != nullptr) {
      const auto told = ArenaOf<A>(*arena).memory_usage();
      figures.known = told.has_value();
      usage = told.value_or(0);
    }
    figures.last += usage - usages[step.slot];
    usages[step.slot] = usage;
    figures.peak = std::max(figures.peak, figures.last);
  });
  return figures;
}

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_TRACES_MEASURED_REPLAY_H_
