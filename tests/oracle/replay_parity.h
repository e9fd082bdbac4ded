// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Replays a trace on our arenas and on real LevelDB arenas at the same time and
// compares where each allocation ended up, after every single event.

#ifndef BITCOINLEVELDB_TESTS_ORACLE_REPLAY_PARITY_H_
#define BITCOINLEVELDB_TESTS_ORACLE_REPLAY_PARITY_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "bitcoinleveldb/decoded_trace.h"
#include "oracle/parity.h"

namespace bitcoinleveldb {

// Where a replay differed first.
struct ReplayMismatch {
  std::uint64_t event = 0;       // in the trace, from 1 on
  std::uint64_t arena = 0;       // likewise
  std::uint64_t allocation = 0;  // of that arena, from 1 on
  bool at_reset = false;         // usage differed after a reset
  ArenaRequest request;
  Placement ours;
  Placement theirs;
  // The fewest requests found with which a fresh arena differs as well.
  std::optional<ParityMismatch> shortest;
};

// Says the mismatch in words.
std::string to_string(const ReplayMismatch& mismatch);

// What was compared, and which arenas could not be, as LevelDB has nothing like
// what was done with them. Each counts once, under the first that is true.
struct ReplayParityResult {
  std::uint64_t events = 0;       // of the arenas compared
  std::uint64_t allocations = 0;  // likewise
  std::uint64_t arenas = 0;       // compared
  std::uint64_t partial = 0;      // recorded from the middle of their lives
  std::uint64_t other_blocks = 0;
  std::uint64_t with_scopes = 0;
  std::uint64_t with_resizes = 0;
  std::uint64_t other_alignments = 0;
  std::optional<ReplayMismatch> mismatch;

  [[nodiscard]] std::uint64_t left_out() const {
    return partial + other_blocks + with_scopes + with_resizes +
           other_alignments;
  }
};

// Makes our side: a fresh arena, or one with a fault that a test has planted.
using OurFactory = std::function<std::unique_ptr<OurSubject>()>;

// Replays the whole trace, or up to the first mismatch. LevelDB's arena, which
// has no reset, is a fresh one after a reset of ours.
ReplayParityResult run_replay_parity(
    const DecodedTrace& trace, const OurFactory& make_ours,
    const std::function<void(std::uint64_t events)>& progress = {});

// As above, on our arena with the default options.
ReplayParityResult run_replay_parity(const DecodedTrace& trace);

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_ORACLE_REPLAY_PARITY_H_
