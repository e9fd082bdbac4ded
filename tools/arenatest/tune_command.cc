// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bitcoinleveldb/arena_options.h"
#include "command.h"
#include "progress.h"
#include "table.h"
#include "traces/load_trace.h"
#include "traces/peer_replays.h"
#include "traces/tuning.h"

namespace arenatest {

namespace {

using bitcoinleveldb::DecodedTrace;
using nlohmann::ordered_json;

constexpr std::size_t kDepotMebibytes[] = {16, 64, 256};

// By SlabSource.
constexpr std::string_view kSourceNames[] = {"default", "huge-pages", "heap",
                                             "depot"};

std::vector<std::string> source_names() {
  return {std::begin(kSourceNames), std::end(kSourceNames)};
}

// REQUIRES: it is the name of one.
SlabSource source_of(std::string_view name) {
  return static_cast<SlabSource>(std::ranges::find(kSourceNames, name) -
                                 std::begin(kSourceNames));
}

// An allowed size of blocks, and no more than what one could want.
std::string block_bytes_allowed(const std::string& text) {
  const char* const wanted = "block sizes are multiples of 16 from 64 to 2^30";
  if (text.empty() || text.size() > 10 ||
      !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
    return wanted;
  }
  const unsigned long long bytes = std::stoull(text);
  return bytes % 16 != 0 || bytes < 64 || bytes > (1ULL << 30U) ? wanted : "";
}

class TuneCommand final : public Command {
 public:
  CLI::App* add_to(CLI::App& app) override {
    CLI::App* const command = app.add_subcommand(
        "tune", "Find the settings of ours that suit a trace");
    command->footer(
        "Slabs grow by themselves; their growth is no option, so it is not\n"
        "tried. Only blocks of 4096 bytes have LevelDB's usage.");
    command->add_option("trace", path_, "The trace, of arenatest record")
        ->required();
    command
        ->add_option("--repetitions", repetitions_,
                     "How often each is replayed, by turns")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1000}))
        ->capture_default_str();
    command
        ->add_option("--block-bytes", block_bytes_,
                     "Sizes of blocks to try beside 4096")
        ->check(block_bytes_allowed)
        ->capture_default_str();
    command
        ->add_option("--source", sources_,
                     "Block sources to try; a depot with bounds of 16, 64 and "
                     "256 MiB")
        ->check(CLI::IsMember(source_names()))
        ->capture_default_str();
    command->add_flag("--partial", partial_,
                      "Take what is whole of a damaged trace");
    return command;
  }

  Outcome run() override {
    const DecodedTrace trace = load_trace(path_, partial_);
    const std::vector<Settings> settings = all_settings();
    std::vector<Tuned> all;
    {
      Progress progress("tune", (settings.size() + 1) * (repetitions_ + 1));
      all = tune(trace, settings, repetitions_, [&] { progress.advance(1); });
    }
    const Advice advice = advise(all);
    print(trace, all);
    print(advice);
    return {true, json(all, advice)};
  }

 private:
  // The defaults first.
  [[nodiscard]] std::vector<Settings> all_settings() const {
    std::vector<Settings> all = {Settings{}};
    std::vector<std::size_t> sizes = block_bytes_;
    sizes.push_back(Settings{}.block_bytes);
    std::ranges::sort(sizes);
    const auto add = [&](const Settings& settings) {
      if (std::ranges::find(all, settings) == all.end()) {
        all.push_back(settings);
      }
    };
    for (const std::string& name : sources_) {
      const SlabSource source = source_of(name);
      for (const std::size_t bytes : sizes) {
        if (source != SlabSource::kDepot) {
          add({bytes, source, 0});
          continue;
        }
        for (const std::size_t bound : kDepotMebibytes) {
          add({bytes, source, bound << 20U});
        }
      }
    }
    return all;
  }

  static void print(const DecodedTrace& trace, const std::vector<Tuned>& all) {
    const auto allocations = static_cast<double>(trace.counts().allocations);
    Table table;
    table.row({"settings", "ns/allocation", "of the defaults' time",
               "page faults", "peak MiB", "reserved MiB", "waste", "front"});
    for (const Tuned& one : all) {
      const bool again = &one == &all.back();
      table.row({again ? "the defaults again, for the noise"
                       : to_string(one.settings),
                 fixed(median(one.seconds) * 1e9 / allocations, 2),
                 spread_cell(one.time_ratio, 3),
                 grouped(static_cast<std::uint64_t>(median(one.faults))),
                 mebibytes(median(one.peak_bytes)),
                 mebibytes(static_cast<double>(one.reserved_peak)),
                 fixed(waste_share(one), 2) + " %", one.on_front ? "*" : ""});
    }
    std::printf(
        "%s allocations; medians over repetitions, with the least and the most"
        "\nof the ratio; waste is slop, tails and what is unused at an arena's "
        "end, of what\nwas asked for; * no other has both less time and a "
        "lower peak\n",
        grouped(trace.counts().allocations).c_str());
    table.print();
  }

  static double waste_share(const Tuned& one) {
    return 100.0 * static_cast<double>(one.blocks.waste_bytes()) /
           static_cast<double>(
               std::max<std::uint64_t>(one.blocks.asked_bytes, 1));
  }

  static void print_choice(const char* what,
                           const std::optional<Settings>& settings) {
    if (!settings) return;
    std::printf("\n%s: %s\n%s", what, to_string(*settings).c_str(),
                lines_for(*settings).c_str());
    if (settings->block_bytes != Settings{}.block_bytes) {
      std::printf(
          "Usage is then not LevelDB's: only blocks of %zu bytes have it, and "
          "a memtable\nwould be full at another number of entries.\n",
          Settings{}.block_bytes);
    }
  }

  static void print(const Advice& advice) {
    print_choice("for the least time", advice.fastest);
    print_choice("for the least memory", advice.leanest);
    if (!advice.reason.empty()) {
      std::printf("\n%s\n", advice.reason.c_str());
    }
    std::fflush(stdout);
  }

  static ordered_json json_of_settings(const Settings& settings) {
    return {{"block_bytes", settings.block_bytes},
            {"source", kSourceNames[static_cast<std::size_t>(settings.source)]},
            {"retained_bytes_max", settings.retained_bytes}};
  }

  ordered_json json(const std::vector<Tuned>& all, const Advice& advice) const {
    ordered_json rows = ordered_json::array();
    for (const Tuned& one : all) {
      ordered_json row = json_of_settings(one.settings);
      row["again"] = &one == &all.back();
      row["seconds"] = json_of(spread_of(one.seconds));
      row["of_the_defaults_time"] = json_of(one.time_ratio);
      row["faults"] = json_of(spread_of(one.faults));
      row["peak_bytes"] = json_of(spread_of(one.peak_bytes));
      row["reserved_peak_bytes"] = one.reserved_peak;
      row["waste_bytes"] = one.blocks.waste_bytes();
      row["asked_bytes"] = one.blocks.asked_bytes;
      row["on_front"] = one.on_front;
      rows.push_back(std::move(row));
    }
    ordered_json result = {{"command", "tune"},
                           {"passed", true},
                           {"repetitions", repetitions_},
                           {"settings", std::move(rows)}};
    result["fastest"] = advice.fastest ? json_of_settings(*advice.fastest)
                                       : ordered_json(nullptr);
    result["leanest"] = advice.leanest ? json_of_settings(*advice.leanest)
                                       : ordered_json(nullptr);
    result["reason"] = advice.reason;
    return result;
  }

  std::string path_;
  std::uint64_t repetitions_ = 5;
  std::vector<std::size_t> block_bytes_ = {1024, 16384, 65536, 1048576};
  std::vector<std::string> sources_ = source_names();
  bool partial_ = false;
};

}  // namespace

std::unique_ptr<Command> make_tune_command() {
  return std::make_unique<TuneCommand>();
}

}  // namespace arenatest
