// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bench/bench_run.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "live/child_process.h"
#include "live/interruption.h"
#include "live/scratch_directory.h"
#include "progress.h"

namespace arenatest {

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

// What Google Benchmark writes beside the figures of a row.
bool is_figure(const std::string& key, const ordered_json& value) {
  static const std::vector<std::string> others = {
      "family_index", "per_family_instance_index",
      "repetitions",  "repetition_index",
      "threads",      "iterations",
      "real_time",    "cpu_time"};
  return value.is_number() && std::ranges::find(others, key) == others.end();
}

// "warm/2000/ours/iterations:1/manual_time" begins with the name of the row.
std::string row_and_peer(const std::string& name) {
  return name.substr(0, name.find("/iterations:"));
}

// Google Benchmark's own statistics divide by zero for a row without a time, or
// without page faults, and what it then writes is no JSON.
std::string text_of(const fs::path& path) {
  static constexpr std::array<std::string_view, 4> kNoNumbers = {
      "\": NaN", "\": -NaN", "\": Infinity", "\": -Infinity"};
  std::ifstream file(path);
  std::string text;
  for (std::string line; std::getline(file, line);) {
    for (const std::string_view no_number : kNoNumbers) {
      const std::size_t at = line.find(no_number);
      if (at == std::string::npos) continue;
      line.replace(at, no_number.size(), "\": null");
    }
    text += line + "\n";
  }
  return text;
}

void add_to(BenchRun& run, const fs::path& path) {
  const ordered_json json = ordered_json::parse(text_of(path));
  run.context = json.at("context");
  for (const ordered_json& entry : json.at("benchmarks")) {
    if (entry.at("run_type") != "iteration") continue;
    const std::string name = row_and_peer(entry.at("name"));
    if (entry.value("error_occurred", false)) {
      throw std::runtime_error(name + ": " +
                               entry.value("error_message", "failed"));
    }
    for (const auto& [key, value] : entry.items()) {
      if (is_figure(key, value)) run.runs[name][key].push_back(value);
    }
  }
}

// Follows the lines that arena_bench writes: the number of measurements in a
// repetition, the same in each, every one that begins, and whatever went wrong.
class Follower {
 public:
  explicit Follower(std::uint64_t repetitions) : repetitions_(repetitions) {}

  void line(std::string_view text) {
    constexpr std::string_view kTotal = "total ";
    constexpr std::string_view kRun = "run ";
    if (text.starts_with(kTotal)) {
      if (progress_) return;
      std::uint64_t total = 0;
      text.remove_prefix(kTotal.size());
      std::from_chars(text.data(), text.data() + text.size(), total);
      progress_.emplace("bench", total * repetitions_);
    } else if (text.starts_with(kRun)) {
      if (!progress_) return;
      progress_->relabel("bench " + std::string(text.substr(kRun.size())));
      progress_->advance(1);
    } else {
      last_ = text;
    }
  }

  [[nodiscard]] const std::string& last() const { return last_; }

 private:
  std::uint64_t repetitions_;
  std::optional<Progress> progress_;
  std::string last_;
};

}  // namespace

fs::path bench_program() {
  return fs::read_symlink("/proc/self/exe").parent_path() / "arena_bench";
}

BenchRun run_bench_program(const std::vector<std::string>& arguments,
                           std::uint64_t repetitions) {
  const fs::path program = bench_program();
  if (!fs::exists(program)) {
    throw std::runtime_error(
        "arena_bench is not in " + program.parent_path().string() +
        ": install libbenchmark-dev and the peers (scripts/setup bench) and "
        "build the preset run");
  }
  const bitcoinleveldb::InterruptionWatch watch;
  const bitcoinleveldb::ScratchDirectory scratch(
      std::filesystem::temp_directory_path());
  const fs::path result = scratch.path() / "bench.json";
  std::vector<std::string> all = {program.string(), "--progress", "--shuffle",
                                  "--benchmark_out=" + result.string(),
                                  "--benchmark_out_format=json"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  Follower follower(repetitions);
  BenchRun run;
  for (std::uint64_t i = 0; i != repetitions; ++i) {
    bitcoinleveldb::ChildProcess child(all);
    const bitcoinleveldb::ChildEnd end =
        child.wait([&](std::string_view line) { follower.line(line); });
    if (end.signal != 0 || end.exit_status != 0) {
      throw std::runtime_error("arena_bench failed: " + follower.last());
    }
    add_to(run, result);
  }
  return run;
}

}  // namespace arenatest
