// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "traces/peer_replays.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include "table.h"
#include "traces/in_child.h"

namespace arenatest {

using bitcoinleveldb::DecodedTrace;
using bitcoinleveldb::ReplayCounts;
using bitcoinleveldb::TraceCounts;
using nlohmann::ordered_json;

namespace {

std::string why_left_out(const DecodedTrace& trace, const Peer& peer) {
  if (peer.is_left_out()) return "not in this build";
  if (trace.counts().scopes != 0 && !peer.code.has_scopes) {
    return "the trace has scopes (" + grouped(trace.counts().scopes) +
           "), which it has nothing like";
  }
  return "";
}

// Runs `work` in a child, with the peer's name in what goes wrong.
template <class Work>
auto on(const Peer& peer, Work work) {
  try {
    return in_child(work);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error("the replay on " + std::string(peer.name) +
                             " failed: " + error.what());
  }
}

void replay_once(const DecodedTrace& trace, PeerReplays& replays,
                 std::uint64_t memory_bytes) {
  const Peer& peer = *replays.peer;
  // Memory that a hypervisor took back is got again here, and not by whoever
  // happens to be first.
  hold_and_release(memory_bytes);
  const ReplayFigures figures =
      on(peer, [&] { return peer.code.replay(trace); });
  replays.seconds.push_back(figures.seconds);
  replays.faults.push_back(static_cast<double>(figures.faults));
  replays.peak_bytes.push_back(static_cast<double>(figures.peak_bytes));
  replays.counts = figures.counts;
}

void compare_with_leveldb(std::vector<PeerReplays>& all) {
  const auto leveldb = std::ranges::find_if(all, [](const PeerReplays& one) {
    return one.peer->name == "leveldb" && one.left_out.empty();
  });
  if (leveldb == all.end()) return;
  for (PeerReplays& one : all) {
    if (one.left_out.empty()) {
      one.ratio = ratio_of(one.seconds, leveldb->seconds);
    }
  }
}

void print_otherwise(std::string_view peer, std::uint64_t count,
                     const char* what) {
  if (count == 0) return;
  std::printf("%.*s: %s %s\n", static_cast<int>(peer.size()), peer.data(),
              grouped(count).c_str(), what);
}

void print_notes(const PeerReplays& one) {
  const std::string_view name = one.peer->name;
  if (!one.left_out.empty()) {
    std::printf("%s: left out, %s\n", std::string(name).c_str(),
                one.left_out.c_str());
    return;
  }
  print_otherwise(name, one.counts.lowered_alignments,
                  "alignments above 8 not replayed: served at 8");
  print_otherwise(name, one.counts.moved_resizes,
                  "resizes not replayed: what grew was allocated anew, what "
                  "shrank left as it was");
  print_otherwise(name, one.counts.refused_resizes,
                  "resizes not replayed: there was no room behind the block");
  print_otherwise(name, one.counts.resets_by_new_arenas,
                  "resets not replayed: a fresh arena took the place");
}

void print_trace_notes(const TraceCounts& counts) {
  print_otherwise("all", counts.failures,
                  "requests that failed in the recording were not repeated");
  print_otherwise("all", counts.partial_arenas,
                  "arenas were recorded from the middle of their lives: what "
                  "they held before is missing");
  print_otherwise("all", counts.scopes_cut,
                  "events of scopes that began before the recording were left "
                  "out");
}

}  // namespace

std::string mebibytes(double bytes) {
  return fixed(bytes / (1024.0 * 1024.0), 1);
}

std::string spread_cell(const Spread& spread, int digits) {
  return fixed(spread.median, digits) + " (" + fixed(spread.low, digits) + "-" +
         fixed(spread.high, digits) + ")";
}

std::vector<PeerReplays> replay_on_peers(const DecodedTrace& trace,
                                         const std::vector<const Peer*>& peers,
                                         std::uint64_t repetitions,
                                         const std::function<void()>& step) {
  std::vector<PeerReplays> all;
  std::uint64_t memory_bytes = 0;
  for (const Peer* const peer : peers) {
    PeerReplays& one = all.emplace_back();
    one.peer = peer;
    one.left_out = why_left_out(trace, *peer);
    if (!one.left_out.empty()) continue;
    one.usage = on(*peer, [&] { return peer->code.usage(trace); });
    memory_bytes = std::max(memory_bytes, one.usage.peak);
    step();
  }
  for (std::uint64_t i = 0; i != repetitions; ++i) {
    // Each is first, second and so on about equally often.
    for (std::size_t j = 0; j != all.size(); ++j) {
      PeerReplays& one = all[(i + j) % all.size()];
      if (!one.left_out.empty()) continue;
      replay_once(trace, one, memory_bytes);
      step();
    }
  }
  compare_with_leveldb(all);
  return all;
}

void print_replays(const DecodedTrace& trace,
                   const std::vector<PeerReplays>& replays) {
  const auto allocations = static_cast<double>(trace.counts().allocations);
  Table table;
  table.row({"arena", "ns/allocation", "of LevelDB's time", "page faults",
             "peak MiB", "peak usage", "last usage"});
  for (const PeerReplays& one : replays) {
    if (!one.left_out.empty()) continue;
    std::vector<double> nanoseconds;
    for (const double seconds : one.seconds) {
      nanoseconds.push_back(seconds * 1e9 / std::max(allocations, 1.0));
    }
    const auto usage = [&](std::uint64_t bytes) {
      return one.usage.known ? grouped(bytes) : std::string("-");
    };
    table.row({std::string(one.peer->name),
               spread_cell(spread_of(nanoseconds), 2),
               one.ratio ? spread_cell(*one.ratio, 3) : "-",
               grouped(static_cast<std::uint64_t>(median(one.faults))),
               mebibytes(median(one.peak_bytes)), usage(one.usage.peak),
               usage(one.usage.last)});
  }
  std::printf(
      "median over repetitions (least-most); every page of each allocation is "
      "written to;\none thread replays, in the order of the recording\n");
  table.print();
  for (const PeerReplays& one : replays) print_notes(one);
  print_trace_notes(trace.counts());
  std::fflush(stdout);
}

ordered_json json_of(const Spread& spread) {
  return {
      {"median", spread.median}, {"low", spread.low}, {"high", spread.high}};
}

ordered_json json_of(const TraceCounts& counts) {
  return {{"events", counts.events},
          {"allocations", counts.allocations},
          {"bytes", counts.bytes},
          {"resizes", counts.resizes},
          {"scopes", counts.scopes},
          {"rewinds", counts.rewinds},
          {"resets", counts.resets},
          {"failures", counts.failures},
          {"arenas", counts.arenas},
          {"partial_arenas", counts.partial_arenas},
          {"arenas_ended", counts.arenas_ended},
          {"arenas_at_once", counts.arenas_at_once},
          {"threads", counts.threads},
          {"scopes_cut", counts.scopes_cut}};
}

ordered_json json_of(const std::vector<PeerReplays>& replays) {
  ordered_json rows = ordered_json::array();
  for (const PeerReplays& one : replays) {
    ordered_json row = {{"arena", std::string(one.peer->name)}};
    if (!one.left_out.empty()) {
      row["left_out"] = one.left_out;
      rows.push_back(std::move(row));
      continue;
    }
    row["seconds"] = json_of(spread_of(one.seconds));
    row["of_leveldbs_time"] =
        one.ratio ? json_of(*one.ratio) : ordered_json(nullptr);
    row["faults"] = json_of(spread_of(one.faults));
    row["peak_bytes"] = json_of(spread_of(one.peak_bytes));
    row["usage_peak"] =
        one.usage.known ? ordered_json(one.usage.peak) : ordered_json(nullptr);
    row["usage_last"] =
        one.usage.known ? ordered_json(one.usage.last) : ordered_json(nullptr);
    const ReplayCounts& counts = one.counts;
    row["not_replayed"] = {
        {"lowered_alignments", counts.lowered_alignments},
        {"moved_resizes", counts.moved_resizes},
        {"refused_resizes", counts.refused_resizes},
        {"resets_by_new_arenas", counts.resets_by_new_arenas}};
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace arenatest
