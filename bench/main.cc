// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// arena_bench: every row on every peer, in Google Benchmark's frame. Each
// measurement is made by a process of its own, so that none finds a heap that
// another has left behind.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <random>
#include <stdexcept>

#include "bitcoinleveldb/stream_logger.h"
#include "process.h"
#include "rows.h"

namespace {

using bench::Figures;
using bench::Peer;
using bench::Row;
using bench::Scale;

struct Options {
  Scale scale = Scale::kFull;
  bool full = false;  // with the rows that take long
  // Lines on stderr, of how many measurements a repetition has and of each one
  // that begins, instead of a table on stdout.
  bool progress = false;
  // The rows in random order, and the peers of each, one right after the other:
  // what is compared has met the same weather.
  bool shuffle = false;
  std::vector<std::string> rows;  // "row" or "row/size"; empty: all of them
  std::string measure;            // the name of the one measurement to make
  std::vector<char*> rest;
};

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 0; i != argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--smoke") {
      options.scale = Scale::kSmoke;
    } else if (argument == "--full") {
      options.full = true;
    } else if (argument == "--progress") {
      options.progress = true;
    } else if (argument == "--shuffle") {
      options.shuffle = true;
    } else if (argument.starts_with("--row=")) {
      options.rows.emplace_back(argument.substr(6));
    } else if (argument.starts_with("--measure=")) {
      options.measure = argument.substr(10);
    } else {
      options.rest.push_back(argv[i]);
    }
  }
  return options;
}

// The child: makes one measurement and prints its figures, one a line.
int measure(const Options& options) {
  for (const Row& row : bench::make_rows(options.scale, true)) {
    for (const Peer& peer : bench::peers()) {
      if (row.name(peer.name) != options.measure) continue;
      for (const auto& [name, value] : row.measure(peer)) {
        std::printf("%s %.17g\n", name.c_str(), value);
      }
      return 0;
    }
  }
  std::fprintf(stderr, "arena_bench: no row %s\n", options.measure.c_str());
  return 2;
}

Figures measure_in_child(const std::string& name, Scale scale) {
  std::vector<std::string> arguments = {"--measure=" + name};
  if (scale == Scale::kSmoke) arguments.emplace_back("--smoke");
  return bench::figures_in(bench::run_program("/proc/self/exe", arguments));
}

void run_benchmark(benchmark::State& state, const std::string& name,
                   const Options& options) {
  if (options.progress) std::fprintf(stderr, "run %s\n", name.c_str());
  for (auto _ : state) {
    try {
      for (const auto& [figure, value] :
           measure_in_child(name, options.scale)) {
        state.counters[figure] = value;
        if (figure == "ns") state.SetIterationTime(value * 1e-9);
      }
    } catch (const std::exception& error) {
      state.SkipWithError(error.what());
      break;
    }
  }
}

bool is_wanted(const Row& row, const Options& options) {
  if (options.rows.empty()) return true;
  return std::ranges::any_of(options.rows, [&](const std::string& name) {
    return name == row.row || name == row.row + "/" + row.size;
  });
}

// Returns how many measurements a repetition has.
int register_all(const Options& options) {
  std::mt19937 random{std::random_device{}()};
  std::vector<Row> rows = bench::make_rows(options.scale, options.full);
  if (options.shuffle) std::ranges::shuffle(rows, random);
  int count = 0;
  for (const Row& row : rows) {
    if (!is_wanted(row, options)) continue;
    std::vector<std::string> names;
    for (const Peer& peer : bench::peers()) {
      if (row.has(peer.name)) names.push_back(row.name(peer.name));
    }
    if (options.shuffle) std::ranges::shuffle(names, random);
    for (const std::string& name : names) {
      benchmark::RegisterBenchmark(name.c_str(),
                                   [name, &options](benchmark::State& state) {
                                     run_benchmark(state, name, options);
                                   })
          ->Iterations(1)
          ->UseManualTime();
      ++count;
    }
  }
  return count;
}

class SilentReporter final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>&) override {}
};

std::string first_line_with(const char* path, const std::string& label) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(label)) continue;
    const std::size_t colon = label.empty() ? 0 : line.find(':') + 2;
    return line.substr(std::min(colon, line.size()));
  }
  return "not known";
}

void add_context() {
  benchmark::AddCustomContext(
      "transparent_hugepage",
      first_line_with("/sys/kernel/mm/transparent_hugepage/enabled", ""));
  benchmark::AddCustomContext("cpu",
                              first_line_with("/proc/cpuinfo", "model name"));
  benchmark::AddCustomContext(
      "kernel", first_line_with("/proc/sys/kernel/osrelease", ""));
  benchmark::AddCustomContext("compiler", BENCH_COMPILER);
  benchmark::AddCustomContext("left_out", bench::left_out());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (!bitcoinleveldb::log_from_environment()) return 2;
    Options options = parse(argc, argv);
    if (!options.measure.empty()) return measure(options);
    int count = static_cast<int>(options.rest.size());
    benchmark::Initialize(&count, options.rest.data());
    if (benchmark::ReportUnrecognizedArguments(count, options.rest.data())) {
      return 2;
    }
    add_context();
    const int measurements = register_all(options);
    if (options.progress) {
      std::fprintf(stderr, "total %d\n", measurements);
      SilentReporter silent;
      benchmark::RunSpecifiedBenchmarks(&silent);
    } else {
      benchmark::RunSpecifiedBenchmarks();
    }
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "arena_bench: %s\n", error.what());
    return 2;
  }
}
