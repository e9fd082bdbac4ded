// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// A trace replayed with other settings of ours than the defaults: what each
// costs, and which are worth it.

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_TRACES_TUNING_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_TRACES_TUNING_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bitcoinleveldb/decoded_trace.h"
#include "spread.h"
#include "traces/block_figures.h"

namespace arenatest {

// Where slabs come from.
enum class SlabSource { kDefault, kHugePages, kHeap, kDepot };

// What an arena can be told. Growth of slabs is no option, so it is none here.
struct Settings {
  std::size_t block_bytes = 4096;
  SlabSource source = SlabSource::kDefault;
  std::size_t retained_bytes = 0;  // at most, of a depot

  friend bool operator==(const Settings&, const Settings&) = default;
};

// "blocks of 4096 bytes, default source".
std::string to_string(const Settings& settings);

// The lines to type for these settings, of a program and, where there is one,
// of the environment.
std::string lines_for(const Settings& settings);

// What a trace costs with some settings.
struct Tuned {
  Settings settings;
  BlockFigures blocks;
  std::uint64_t reserved_peak = 0;  // bytes of slabs that arenas held at once
  std::vector<double> seconds;      // one for each repetition, as below
  std::vector<double> faults;       // minor page faults
  std::vector<double> peak_bytes;   // resident
  Spread time_ratio{1, 1, 1};       // to the defaults
  bool on_front = false;            // none takes less time and less memory
};

// Replays `trace` with each of `settings`, `repetitions` times by turns, each
// time in a process of its own; the defaults, which must be first, twice a
// turn, so that the last of what is returned shows the noise. Throws
// std::runtime_error if a replay fails. `step` is called after each replay.
std::vector<Tuned> tune(const bitcoinleveldb::DecodedTrace& trace,
                        std::vector<Settings> settings,
                        std::uint64_t repetitions,
                        const std::function<void()>& step);

// Marks those of which no other has both less time and less resident memory,
// by their medians.
void mark_front(std::span<Tuned> all);

// What to choose, and why.
struct Advice {
  // Measurably faster than the defaults, with no more memory if there is such.
  std::optional<Settings> fastest;
  // Of measurably less resident memory, and not measurably slower.
  std::optional<Settings> leanest;
  std::string reason;
};

// Judges what `tune` returned. Faster are settings whose every repetition was
// faster than the defaults beside it, and by more than the defaults ever
// differed from themselves. Less is memory of which the most, over repetitions,
// is 2 % below the least that the defaults had. Of settings that are as good as
// the best, but for noise, those with LevelDB's usage come first.
Advice advise(const std::vector<Tuned>& all);

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_TRACES_TUNING_H_
