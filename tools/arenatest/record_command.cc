// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "bench/quantile.h"
#include "command.h"
#include "record/recording.h"
#include "record/trace_figures.h"
#include "table.h"

namespace arenatest {

namespace {

namespace fs = std::filesystem;

std::string check_output(const std::string& path) {
  if (path.empty()) return "the path is empty";
  if (path.find("%p") == std::string::npos) return "";
  return "the path " + path +
         " has %p in it, so the trace could not be found again";
}

class RecordCommand final : public Command {
 public:
  CLI::App* add_to(CLI::App& app) override {
    CLI::App* const command = app.add_subcommand(
        "record", "Record what a LevelDB on our arena allocates");
    command->footer(
        "Runs the workload of `arenatest leveldb` on our arena, or, behind "
        "--, any program\nthat is linked with the LevelDB drop-in:\n\n"
        "  arenatest record -o app.trace -- ./app --its-option\n\n"
        "Without arenatest the variable BITCOINLEVELDB_ARENA_TRACE=app.trace "
        "does the same.\nThe format is that of docs/trace_format.md.");
    command->add_option("-o,--output", plan_.output, "The trace to be written")
        ->check(check_output)
        ->capture_default_str();
    command
        ->add_option("--compare", plan_.repetitions,
                     "Run it so often with recording and without, by turns, "
                     "and say what recording costs; 0: run it once")
        ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1000}))
        ->capture_default_str();
    add_workload_options(*command);
    command->add_option("program", plan_.program,
                        "A program and its arguments, behind --");
    return command;
  }

  Outcome run() override;

 private:
  void add_workload_options(CLI::App& command) {
    command
        .add_option("--records", plan_.live.records,
                    "How many records our workload writes")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}))
        ->capture_default_str();
    command.add_option("--seed", plan_.live.seed, "Seed of the records")
        ->check(not_negative)
        ->capture_default_str();
    command
        .add_option("--write-buffer", plan_.live.write_buffer_bytes,
                    "Bytes of a memtable before it is rotated")
        ->check(CLI::Range(std::size_t{64} << 10U, std::size_t{1} << 30U))
        ->capture_default_str();
    command
        .add_option("--dir", plan_.live.dir,
                    "Where the database is made and removed again")
        ->check(CLI::ExistingDirectory);
  }

  RecordPlan plan_;
};

void print_figures(const std::string& path, const TraceFigures& figures) {
  std::printf("%s: %s\n", path.c_str(),
              figures.is_complete ? "complete" : figures.end.c_str());
  Table table;
  table.row({"in the trace", ""});
  table.row({"events", grouped(figures.events)});
  table.row({"allocations", grouped(figures.allocations)});
  table.row({"bytes asked for", grouped(figures.requested_bytes)});
  table.row({"arenas", grouped(figures.arenas)});
  table.row({"arenas that ended", grouped(figures.arenas_ended)});
  table.row({"threads", grouped(figures.threads)});
  table.row({"bytes of its file", grouped(figures.file_bytes)});
  table.row({"bytes an allocation", fixed(figures.bytes_an_allocation(), 2)});
  table.print();
}

std::string range(const std::vector<double>& values) {
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  return fixed(*least, 2) + " to " + fixed(*most, 2);
}

double ratio(const std::vector<double>& recorded,
             const std::vector<double>& plain) {
  return median(recorded) / median(plain);
}

void add_times(Table& table, const std::string& what,
               const std::vector<double>& plain,
               const std::vector<double>& recorded) {
  table.row({what, fixed(median(plain), 2), range(plain),
             fixed(median(recorded), 2), range(recorded),
             fixed(ratio(recorded, plain), 3)});
}

void print_times(const RecordPlan& plan, const RunTimes& times) {
  const std::size_t count = times.plain.elapsed.size();
  if (count == 0) return;
  Table table;
  const std::string all = "all " + std::to_string(count);
  table.row({"seconds", "without recording", all, "recording", all, "ratio"});
  add_times(table, plan.program.empty() ? "of writing" : "elapsed",
            times.plain.elapsed, times.recorded.elapsed);
  add_times(table, "of processors, in all", times.plain.of_processors,
            times.recorded.of_processors);
  table.print();
}

nlohmann::ordered_json to_json(const Seconds& seconds) {
  return {{"elapsed", seconds.elapsed},
          {"of_processors", seconds.of_processors}};
}

nlohmann::ordered_json to_json(const RecordPlan& plan,
                               const TraceFigures& figures,
                               const RunTimes& times) {
  nlohmann::ordered_json json = {
      {"command", "record"},
      {"passed", figures.is_complete},
      {"trace", plan.output},
      {"events", figures.events},
      {"allocations", figures.allocations},
      {"requested_bytes", figures.requested_bytes},
      {"arenas", figures.arenas},
      {"arenas_ended", figures.arenas_ended},
      {"threads", figures.threads},
      {"file_bytes", figures.file_bytes},
      {"bytes_an_allocation", figures.bytes_an_allocation()},
      {"recorded_seconds", to_json(times.recorded)}};
  if (!times.plain.elapsed.empty()) {
    json["plain_seconds"] = to_json(times.plain);
    json["slow_down"] = ratio(times.recorded.elapsed, times.plain.elapsed);
    json["slow_down_of_processors"] =
        ratio(times.recorded.of_processors, times.plain.of_processors);
  }
  return json;
}

// Where is recorded until it is known that something was: a trace that is there
// already stays until another takes its place. A pipe or a device is written to
// as it is.
class PartialTrace {
 public:
  explicit PartialTrace(const std::string& output) : output_(output) {
    std::error_code ignored;
    const fs::file_status there = fs::status(output, ignored);
    if (fs::exists(there) && !fs::is_regular_file(there)) return;
    const fs::path real = fs::weakly_canonical(output, ignored);
    if (!real.empty()) output_ = real.string();
    partial_ = output_ + ".part";
  }
  // Of a run that failed after something was recorded, that is kept.
  ~PartialTrace() {
    if (partial_.empty()) return;
    try {
      if (read_trace_figures(partial_).events != 0) take_its_name();
    } catch (const std::exception&) {
      // There is nothing that could be read.
    }
    std::error_code ignored;
    if (!partial_.empty()) fs::remove(partial_, ignored);
  }
  PartialTrace(const PartialTrace&) = delete;
  PartialTrace& operator=(const PartialTrace&) = delete;

  const std::string& path() const {
    return partial_.empty() ? output_ : partial_;
  }
  void take_its_name() {
    if (partial_.empty()) return;
    fs::rename(partial_, output_);
    partial_.clear();
  }

 private:
  std::string output_;
  std::string partial_;  // empty: recorded to where it belongs
};

Outcome RecordCommand::run() {
  PartialTrace partial(plan_.output);
  RecordPlan plan = plan_;
  plan.output = partial.path();
  const RunTimes times = run_recorded(plan);
  const TraceFigures figures = read_trace_figures(plan.output);
  if (figures.events == 0) {
    throw std::runtime_error(
        plan_.output + ": nothing was recorded; is " +
        (plan_.program.empty() ? "the workload" : plan_.program.front()) +
        " linked with the LevelDB drop-in, and does it use a database?");
  }
  partial.take_its_name();
  print_figures(plan_.output, figures);
  print_times(plan_, times);
  return {figures.is_complete, to_json(plan_, figures, times)};
}

}  // namespace

std::unique_ptr<Command> make_record_command() {
  return std::make_unique<RecordCommand>();
}

}  // namespace arenatest
