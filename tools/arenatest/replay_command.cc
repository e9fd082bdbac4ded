// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <algorithm>
#include <cstdio>
#include <memory>
#include <stdexcept>

#include "command.h"
#include "oracle/replay_parity.h"
#include "progress.h"
#include "table.h"
#include "traces/load_trace.h"
#include "traces/peer_replays.h"

namespace arenatest {

namespace {

using bitcoinleveldb::DecodedTrace;
using bitcoinleveldb::ReplayParityResult;
using nlohmann::ordered_json;

std::vector<std::string> names_of_peers() {
  std::vector<std::string> names;
  for (const Peer& peer : peers()) names.emplace_back(peer.name);
  return names;
}

class ReplayCommand final : public Command {
 public:
  CLI::App* add_to(CLI::App& app) override {
    CLI::App* const command = app.add_subcommand(
        "replay", "Do again what a trace tells, on ours and every peer");
    command->footer(
        "With --parity every pointer and figure is compared with the real\n"
        "LevelDB arena instead, and nothing is measured.");
    command->add_option("trace", path_, "The trace, of arenatest record")
        ->required();
    command
        ->add_option("--repetitions", repetitions_,
                     "How often each replays it, by turns")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1000}))
        ->capture_default_str();
    command
        ->add_option("--peer", names_,
                     "Only these arenas; LevelDB's is measured as well, for "
                     "the ratio (default: all)")
        ->check(CLI::IsMember(names_of_peers()));
    command->add_flag("--parity", parity_,
                      "Compare with the real LevelDB arena, event by event");
    command->add_flag("--partial", partial_,
                      "Replay what is whole of a damaged trace");
    return command;
  }

  Outcome run() override {
    const DecodedTrace trace = load_trace(path_, partial_);
    const std::vector<const Peer*> all = chosen(trace);
    if (trace.end().kind != bitcoinleveldb::TraceEndKind::kComplete) {
      std::printf("not complete: %s\n", trace.end().message.c_str());
    }
    std::printf("%s: %s allocations of %s bytes in %s arenas, %s at once\n",
                path_.c_str(), grouped(trace.counts().allocations).c_str(),
                grouped(trace.counts().bytes).c_str(),
                grouped(trace.counts().arenas).c_str(),
                grouped(trace.counts().arenas_at_once).c_str());
    Outcome outcome = parity_ ? compare(trace) : measure(trace, all);
    outcome.json["trace"] = json_of(trace.counts());
    outcome.json["complete"] =
        trace.end().kind == bitcoinleveldb::TraceEndKind::kComplete;
    return outcome;
  }

 private:
  std::vector<const Peer*> chosen(const DecodedTrace& trace) const {
    std::vector<const Peer*> all;
    for (const Peer& peer : peers()) {
      const bool named = std::ranges::find(names_, peer.name) != names_.end();
      if (named && peer.is_left_out()) {
        throw std::invalid_argument("this build is without " +
                                    std::string(peer.meaning));
      }
      if (named && trace.counts().scopes != 0 && !peer.code.has_scopes) {
        throw std::invalid_argument(
            "the trace has scopes, which " + std::string(peer.name) +
            " has nothing like; only arena can replay it");
      }
      if (named || names_.empty() || peer.name == "leveldb") {
        all.push_back(&peer);
      }
    }
    return all;
  }

  Outcome measure(const DecodedTrace& trace,
                  const std::vector<const Peer*>& all) const {
    Progress progress("replays", all.size() * (repetitions_ + 1));
    const std::vector<PeerReplays> replays =
        replay_on_peers(trace, all, repetitions_, [&] { progress.advance(1); });
    print_replays(trace, replays);
    return {true,
            {{"command", "replay"},
             {"passed", true},
             {"repetitions", repetitions_},
             {"arenas", json_of(replays)}}};
  }

  static Outcome compare(const DecodedTrace& trace) {
    Progress progress("parity", trace.counts().events);
    const ReplayParityResult result = bitcoinleveldb::run_replay_parity(
        trace, [] { return std::make_unique<bitcoinleveldb::OurSubject>(); },
        [&](std::uint64_t events) { progress.reach(events); });
    return report(result);
  }

  static Outcome report(const ReplayParityResult& result) {
    const bool passed = !result.mismatch && result.allocations != 0;
    std::printf(
        "parity with the real LevelDB arena: %s allocations of %s arenas, %s "
        "mismatches\n",
        grouped(result.allocations).c_str(), grouped(result.arenas).c_str(),
        result.mismatch ? "1" : "0");
    const std::pair<std::uint64_t, const char*> reasons[] = {
        {result.partial, "recorded from the middle of their lives"},
        {result.other_blocks, "with blocks of another size than LevelDB's"},
        {result.with_scopes, "with scopes"},
        {result.with_resizes, "with resizes"},
        {result.other_alignments, "with other alignments than 1 and 8"}};
    ordered_json not_compared = ordered_json::array();
    for (const auto& [count, reason] : reasons) {
      if (count == 0) continue;
      std::printf("not compared: %s arenas %s\n", grouped(count).c_str(),
                  reason);
      not_compared.push_back({{"arenas", count}, {"reason", reason}});
    }
    ordered_json json = {{"command", "replay"},
                         {"passed", passed},
                         {"parity", true},
                         {"events", result.events},
                         {"allocations", result.allocations},
                         {"arenas", result.arenas},
                         {"mismatches", result.mismatch ? 1 : 0},
                         {"not_compared", std::move(not_compared)}};
    if (result.mismatch) {
      json["message"] = to_string(*result.mismatch);
      std::printf("mismatch: %s\n", to_string(*result.mismatch).c_str());
    } else if (!passed) {
      std::printf("nothing could be compared\n");
    }
    std::fflush(stdout);
    return {passed, std::move(json)};
  }

  std::string path_;
  std::uint64_t repetitions_ = 7;
  std::vector<std::string> names_;
  bool parity_ = false;
  bool partial_ = false;
};

}  // namespace

std::unique_ptr<Command> make_replay_command() {
  return std::make_unique<ReplayCommand>();
}

}  // namespace arenatest
