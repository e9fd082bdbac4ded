// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <cstdio>

#include "bench/bench_run.h"
#include "table.h"

namespace arenatest {

namespace {

using nlohmann::ordered_json;

int digits_of(const Target& target) {
  return target.judged == Judged::kSmaller ? 3 : 2;
}

std::string cell(const std::optional<Spread>& ratio, int digits) {
  if (!ratio) return "-";
  return fixed(ratio->median, digits) + " (" + fixed(ratio->low, digits) + "-" +
         fixed(ratio->high, digits) + ")";
}

// A figure of ours with its unit.
std::string ours_cell(const Target& target, double value) {
  if (target.figure.ends_with("bytes")) {
    return grouped(static_cast<std::uint64_t>(value)) + " B";
  }
  if (target.figure.ends_with("ns")) return fixed(value, 2) + " ns";
  return fixed(value, 2);
}

std::string label_of(const Target& target) {
  std::string label = target.row + " " + target.size;
  if (target.figure != "ns") label += " " + target.figure;
  return label;
}

std::string wanted(const Target& target, double value) {
  switch (target.judged) {
    case Judged::kFaster:
      return ">= " + fixed(value, value < 1.5 ? 2 : 1);
    case Judged::kBelow:
      return "> 1";
    case Judged::kSmaller:
      return "<= " + fixed(value, 2);
    case Judged::kAtMost:
    case Judged::kTold:
      break;
  }
  return "-";
}

std::vector<std::string> cells(const Target& target, const Verdict& verdict) {
  const int digits = digits_of(target);
  std::string ours = ours_cell(target, verdict.ours);
  if (target.judged == Judged::kAtMost) {
    ours += " (<= " + fixed(target.leveldb, 2) + ")";
  }
  const bool others_count = target.others != 0;
  return {label_of(target),
          std::move(ours),
          cell(verdict.leveldb, digits),
          wanted(target, target.leveldb),
          verdict.best_other.empty() ? "-" : verdict.best_other,
          cell(verdict.other, digits),
          others_count ? wanted(target, target.others) : "-",
          target.judged == Judged::kTold ? "-"
          : verdict.reached              ? "yes"
                                         : "NO"};
}

std::vector<std::string> floor_cells(
    const Target& target, const std::map<std::string, Spread>& floors) {
  std::vector<std::string> cells = {label_of(target)};
  for (const char* const floor : kFloors) {
    const auto ratio = floors.find(floor);
    cells.push_back(ratio == floors.end() ? "-" : cell(ratio->second, 2));
  }
  if (target.raw != 0) cells[1] += ", wanted <= " + fixed(target.raw, 1);
  return cells;
}

void print_context(const BenchRun& run) {
  const auto say = [&](const char* label, const char* key) {
    const std::string text = run.context.value(key, "");
    std::printf("%s: %s\n", label, text.empty() ? "none" : text.c_str());
  };
  say("CPU", "cpu");
  say("kernel", "kernel");
  say("compiler", "compiler");
  say("transparent huge pages", "transparent_hugepage");
  say("peers left out", "left_out");
}

void print_winners(const BenchRun& run) {
  bool any = false;
  for (const Target& target : targets()) {
    const auto verdict = judge(target, run.runs);
    if (!verdict || verdict->winners.empty()) continue;
    std::string names;
    for (const std::string& name : verdict->winners) names += " " + name;
    std::printf("%s %s:%s\n", any ? " " : "a peer does better in:\n ",
                label_of(target).c_str(), names.c_str());
    any = true;
  }
  if (!any) std::printf("in no row does a peer do better\n");
}

// What a row does, for those who do not know its name.
std::string work_of(const Target& target) {
  const std::string of = " of " + target.size;
  if (target.row == "cursor")
    return "arenas" + of + " allocations, by a cursor";
  if (target.row == "fresh") return "the first arena" + of + " in a process";
  if (target.row == "rotate") return "memtables" + of + " made and dropped";
  return "arenas" + of + " allocations";
}

ordered_json json_of(const std::optional<Spread>& ratio) {
  if (!ratio) return nullptr;
  return {
      {"median", ratio->median}, {"low", ratio->low}, {"high", ratio->high}};
}

ordered_json json_of(const std::map<std::string, Spread>& ratios) {
  ordered_json json = ordered_json::object();
  for (const auto& [name, ratio] : ratios) {
    json[name] = json_of(std::optional<Spread>(ratio));
  }
  return json;
}

const char* name_of(Judged judged) {
  switch (judged) {
    case Judged::kFaster:
      return "faster";
    case Judged::kSmaller:
      return "smaller";
    case Judged::kBelow:
      return "below";
    case Judged::kAtMost:
      return "at most";
    case Judged::kTold:
      break;
  }
  return "told";
}

}  // namespace

void print_verdicts(const BenchRun& run) {
  print_context(run);
  std::printf(
      "\nA ratio is the peer's figure over ours, in footprint ours over the\n"
      "peer's: its median, and the least and most over the repetitions.\n\n");
  Table table;
  table.row({"row", "ours", "LevelDB's", "wanted", "best other", "its ratio",
             "wanted", "reached"});
  Table floors;
  std::vector<std::string> head = {"ours over"};
  head.insert(head.end(), kFloors.begin(), kFloors.end());
  floors.row(std::move(head));
  for (const Target& target : targets()) {
    const auto verdict = judge(target, run.runs);
    if (!verdict) continue;
    table.row(cells(target, *verdict));
    if (!verdict->over_floors.empty()) {
      floors.row(floor_cells(target, verdict->over_floors));
    }
  }
  table.print();
  std::printf("\n");
  floors.print();
  std::printf("\n");
  print_winners(run);
  std::fflush(stdout);
}

void print_ratios(const BenchRun& run) {
  print_context(run);
  Table table;
  table.row({"", "an allocation", "faster than LevelDB's by",
             "than the best other by", "which is"});
  for (const Target& target : targets()) {
    const auto verdict = judge(target, run.runs);
    if (!verdict) continue;
    table.row({work_of(target), ours_cell(target, verdict->ours),
               cell(verdict->leveldb, 2), cell(verdict->other, 2),
               verdict->best_other});
  }
  std::printf("\n");
  table.print();
  std::printf(
      "\nmedians, and in brackets the least and the most. Where arenas come\n"
      "and go, most of what others pay is malloc's giving memory back to the\n"
      "system; docs/benchmarks.md has the same where it does not, and all\n"
      "rows, where others win too. To run them:\n"
      "scripts/setup run bench, then arenatest bench\n");
  std::fflush(stdout);
}

ordered_json json_of(const BenchRun& run) {
  ordered_json rows = ordered_json::array();
  for (const Target& target : targets()) {
    const auto verdict = judge(target, run.runs);
    if (!verdict) continue;
    rows.push_back({{"row", target.row},
                    {"size", target.size},
                    {"subject", target.ours},
                    {"figure", target.figure},
                    {"ours", verdict->ours},
                    {"leveldb", json_of(verdict->leveldb)},
                    {"leveldb_target", target.leveldb},
                    {"best_other", verdict->best_other},
                    {"other", json_of(verdict->other)},
                    {"other_target", target.others},
                    {"peers", json_of(verdict->peers)},
                    {"over_floors", json_of(verdict->over_floors)},
                    {"raw_target", target.raw},
                    {"judged", name_of(target.judged)},
                    {"has_target", target.judged != Judged::kTold},
                    {"reached", verdict->reached},
                    {"winners", verdict->winners}});
  }
  return {{"context", run.context}, {"rows", rows}, {"runs", run.runs}};
}

}  // namespace arenatest
