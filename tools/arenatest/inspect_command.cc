// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <algorithm>
#include <cstdio>
#include <memory>

#include "command.h"
#include "table.h"
#include "traces/block_figures.h"
#include "traces/load_trace.h"
#include "traces/peer_replays.h"
#include "traces/trace_summary.h"

namespace arenatest {

namespace {

using bitcoinleveldb::DecodedTrace;
using bitcoinleveldb::TraceCounts;
using bitcoinleveldb::TraceEndKind;
using bitcoinleveldb::TraceEvent;
using bitcoinleveldb::TraceOp;
using nlohmann::ordered_json;

constexpr const char* kOpNames[TraceSummary::kOps] = {
    "arenas made",  "allocations",    "resizes",
    "scopes begun", "scopes rewound", "scopes ended",
    "resets",       "out of memory",  "arenas ended"};

std::string percent(std::uint64_t part, std::uint64_t whole) {
  return fixed(100.0 * static_cast<double>(part) /
                   static_cast<double>(std::max<std::uint64_t>(whole, 1)),
               2) +
         " %";
}

// In the unit in which it can be read.
std::string duration(std::uint64_t nanoseconds) {
  const auto value = static_cast<double>(nanoseconds);
  if (value < 1e6) return fixed(value / 1e3, 1) + " us";
  if (value < 1e9) return fixed(value / 1e6, 1) + " ms";
  return fixed(value / 1e9, 1) + " s";
}

// What inspect shows, in words and for machines.
class Inspection {
 public:
  Inspection(const DecodedTrace& trace, const TraceSummary& summary,
             const BlockFigures& blocks)
      : trace_(trace), summary_(summary), blocks_(blocks) {}

  void print() const {
    print_events();
    print_arenas();
    print_sizes();
    print_alignments();
    print_blocks();
    std::fflush(stdout);
  }

  [[nodiscard]] ordered_json json() const {
    ordered_json json = {{"counts", arenatest::json_of(trace_.counts())}};
    for (std::size_t i = 0; i != TraceSummary::kOps; ++i) {
      json["events"][kOpNames[i]] = summary_.events(static_cast<TraceOp>(i));
    }
    for (const auto& [thread, events] : summary_.threads()) {
      json["threads"][std::to_string(thread)] = events;
    }
    json["nanoseconds"] = summary_.nanoseconds();
    json["lifetimes_ns"] = json_of(summary_.lifetimes());
    json["allocations_of_arenas"] = json_of(summary_.allocations_of_arenas());
    json["bytes_of_arenas"] = json_of(summary_.bytes_of_arenas());
    json["sizes"] = json_of_sizes();
    for (const auto& [alignment, sizes] : summary_.alignments()) {
      json["alignments"][std::to_string(alignment)] = sizes.allocations;
    }
    for (const auto& [bytes, arenas] : summary_.block_bytes()) {
      json["block_bytes"][std::to_string(bytes)] = arenas;
    }
    json["blocks"] = json_of_blocks();
    return json;
  }

 private:
  using OptionalRange = std::optional<Range>;

  static ordered_json json_of(const OptionalRange& range) {
    if (!range) return nullptr;
    return {{"least", range->least},
            {"median", range->median},
            {"most", range->most}};
  }

  [[nodiscard]] ordered_json json_of_sizes() const {
    ordered_json rows = ordered_json::array();
    for (std::size_t i = 0; i != TraceSummary::kClasses; ++i) {
      const TraceSummary::Sizes& sizes = summary_.sizes()[i];
      if (sizes.allocations == 0) continue;
      rows.push_back({{"from", std::uint64_t{1} << i},
                      {"allocations", sizes.allocations},
                      {"bytes", sizes.bytes}});
    }
    return rows;
  }

  [[nodiscard]] ordered_json json_of_blocks() const {
    return {{"asked_bytes", blocks_.asked_bytes},
            {"slop_bytes", blocks_.slop_bytes},
            {"tail_bytes", blocks_.tail_bytes},
            {"unused_bytes", blocks_.unused_bytes},
            {"dedicated_waste_bytes", blocks_.dedicated_waste_bytes},
            {"pointer_bytes", blocks_.pointer_bytes},
            {"standard_blocks", blocks_.standard_blocks},
            {"standard_bytes", blocks_.standard_bytes},
            {"dedicated_blocks", blocks_.dedicated_blocks},
            {"dedicated_bytes", blocks_.dedicated_bytes},
            {"slabs", blocks_.slabs}};
  }

  void print_events() const {
    std::printf("events\n");
    Table table;
    for (std::size_t i = 0; i != TraceSummary::kOps; ++i) {
      const std::uint64_t events = summary_.events(static_cast<TraceOp>(i));
      if (events != 0) table.row({kOpNames[i], grouped(events)});
    }
    table.row({"together", grouped(trace_.counts().events)});
    table.print();
    std::printf("threads: %s", grouped(summary_.threads().size()).c_str());
    constexpr std::size_t kShown = 8;
    std::size_t shown = 0;
    for (const auto& [thread, events] : summary_.threads()) {
      if (++shown > kShown) break;
      std::printf("%s %s of %llu", shown == 1 ? ";" : ",",
                  grouped(events).c_str(),
                  static_cast<unsigned long long>(thread));
    }
    std::printf("%s\n", shown > kShown ? ", ..." : "");
  }

  void print_arenas() const {
    const TraceCounts& counts = trace_.counts();
    std::printf(
        "\narenas: %s, at most %s at once; %s ended, %s were alive at the end"
        "\n",
        grouped(counts.arenas).c_str(), grouped(counts.arenas_at_once).c_str(),
        grouped(counts.arenas_ended).c_str(),
        grouped(counts.arenas - counts.arenas_ended).c_str());
    if (counts.partial_arenas != 0) {
      std::printf("  %s held allocations when the recording began\n",
                  grouped(counts.partial_arenas).c_str());
    }
    for (const auto& [bytes, arenas] : summary_.block_bytes()) {
      std::printf("  %s with blocks of %s bytes\n", grouped(arenas).c_str(),
                  grouped(bytes).c_str());
    }
    Table table;
    table.row({"of an arena", "least", "median", "most"});
    if (const OptionalRange range = summary_.allocations_of_arenas()) {
      table.row({"allocations", grouped(range->least), grouped(range->median),
                 grouped(range->most)});
    }
    if (const OptionalRange range = summary_.bytes_of_arenas()) {
      table.row({"bytes", grouped(range->least), grouped(range->median),
                 grouped(range->most)});
    }
    if (const OptionalRange range = summary_.lifetimes()) {
      table.row({"lifetime", duration(range->least), duration(range->median),
                 duration(range->most)});
    } else {
      table.row({"lifetime", "-", "-", "-"});
    }
    table.print();
  }

  void print_sizes() const {
    const TraceCounts& counts = trace_.counts();
    std::printf("\nsizes\n");
    Table table;
    table.row({"bytes", "allocations", "", "bytes in all", ""});
    for (std::size_t i = 0; i != TraceSummary::kClasses; ++i) {
      const TraceSummary::Sizes& sizes = summary_.sizes()[i];
      if (sizes.allocations == 0) continue;
      const std::uint64_t from = std::uint64_t{1} << i;
      table.row({grouped(from) + " - " + grouped(from + (from - 1)),
                 grouped(sizes.allocations),
                 percent(sizes.allocations, counts.allocations),
                 grouped(sizes.bytes), percent(sizes.bytes, counts.bytes)});
    }
    table.print();
  }

  void print_alignments() const {
    std::printf("\nalignments\n");
    Table table;
    for (const auto& [alignment, sizes] : summary_.alignments()) {
      table.row({alignment == 1 ? "1, packed" : grouped(alignment),
                 grouped(sizes.allocations),
                 percent(sizes.allocations, trace_.counts().allocations)});
    }
    table.print();
  }

  void print_blocks() const {
    std::printf(
        "\nblocks, by a replay: %s standard of %s bytes, %s dedicated of %s "
        "bytes, in %s slabs\n",
        grouped(blocks_.standard_blocks).c_str(),
        grouped(blocks_.standard_bytes).c_str(),
        grouped(blocks_.dedicated_blocks).c_str(),
        grouped(blocks_.dedicated_bytes).c_str(),
        grouped(blocks_.slabs).c_str());
    Table table;
    table.row({"", "bytes", "of what was asked for"});
    const std::uint64_t asked = blocks_.asked_bytes;
    table.row({"asked for", grouped(asked), percent(asked, asked)});
    const std::pair<const char*, std::uint64_t> causes[] = {
        {"slop, to align", blocks_.slop_bytes},
        {"tails of blocks left behind", blocks_.tail_bytes},
        {"unused at an arena's end", blocks_.unused_bytes},
        {"dedicated blocks, beyond the request", blocks_.dedicated_waste_bytes},
        {"waste together", blocks_.waste_bytes()},
        {"pointers, counted in usage", blocks_.pointer_bytes}};
    for (const auto& [cause, bytes] : causes) {
      table.row({cause, grouped(bytes), percent(bytes, asked)});
    }
    table.print();
  }

  const DecodedTrace& trace_;
  const TraceSummary& summary_;
  const BlockFigures& blocks_;
};

class InspectCommand final : public Command {
 public:
  CLI::App* add_to(CLI::App& app) override {
    CLI::App* const command =
        app.add_subcommand("inspect", "Show what is in a trace");
    command->footer(
        "A damaged trace is shown as far as it is whole; the exit status is "
        "then 1.");
    command->add_option("trace", path_, "The trace, of arenatest record")
        ->required();
    return command;
  }

  Outcome run() override {
    TraceSummary summary;
    const DecodedTrace trace = load_whatever_is_whole(
        path_, [&](const TraceEvent& event) { summary.add(event); });
    const BlockFigures blocks = block_figures_of(trace);
    const Inspection inspection(trace, summary, blocks);
    inspection.print();
    const bool complete = trace.end().kind == TraceEndKind::kComplete;
    if (!complete) {
      std::printf("\nnot complete: %s\n", trace.end().message.c_str());
      std::fflush(stdout);
    }
    Outcome outcome{complete, {{"command", "inspect"}, {"passed", complete}}};
    outcome.json.update(inspection.json());
    if (!complete) {
      outcome.json["damage"] = {{"offset", trace.end().offset},
                                {"message", trace.end().message}};
    }
    return outcome;
  }

 private:
  std::string path_;
};

}  // namespace

std::unique_ptr<Command> make_inspect_command() {
  return std::make_unique<InspectCommand>();
}

}  // namespace arenatest
