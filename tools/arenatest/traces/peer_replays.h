// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// A trace replayed on peers, by turns, and what it found.

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_TRACES_PEER_REPLAYS_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_TRACES_PEER_REPLAYS_H_

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "bitcoinleveldb/decoded_trace.h"
#include "peers/peers.h"
#include "spread.h"

namespace arenatest {

// What the replays on one peer found.
struct PeerReplays {
  const Peer* peer = nullptr;
  std::string left_out;  // why it was not replayed, or empty
  UsageFigures usage;
  std::vector<double> seconds;  // one for each repetition, as below
  std::vector<double> faults;
  std::vector<double> peak_bytes;
  bitcoinleveldb::ReplayCounts counts;
  std::optional<Spread> ratio;  // of its time to that of LevelDB's arena
};

// Replays on each of `peers`, `repetitions` times by turns, each time in a
// process of its own. A peer that cannot replay the trace is left out and says
// why. Throws std::runtime_error if a replay fails. `step` is called after
// each replay.
std::vector<PeerReplays> replay_on_peers(
    const bitcoinleveldb::DecodedTrace& trace,
    const std::vector<const Peer*>& peers, std::uint64_t repetitions,
    const std::function<void()>& step);

// How tables show bytes, and a figure over repetitions.
std::string mebibytes(double bytes);
std::string spread_cell(const Spread& spread, int digits);

// Prints them, with what was done otherwise than recorded.
void print_replays(const bitcoinleveldb::DecodedTrace& trace,
                   const std::vector<PeerReplays>& replays);

// Returns the same for machines.
nlohmann::ordered_json json_of(const std::vector<PeerReplays>& replays);
nlohmann::ordered_json json_of(const Spread& spread);
nlohmann::ordered_json json_of(const bitcoinleveldb::TraceCounts& counts);

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_TRACES_PEER_REPLAYS_H_
