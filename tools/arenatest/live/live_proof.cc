// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "live_proof.h"

#include <signal.h>
#include <string.h>

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "child_process.h"
#include "interruption.h"
#include "scratch_directory.h"
#include "trace_variable.h"

namespace bitcoinleveldb {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStockProgram = "arenatest-live-stock";
constexpr std::string_view kArenaProgram = "arenatest-live-arena";

void check_options(const LiveProofOptions& options) {
  constexpr std::size_t kBufferMin = std::size_t{64} << 10U;
  constexpr std::size_t kBufferMax = std::size_t{1} << 30U;
  if (options.records == 0) {
    throw std::invalid_argument(
        "the number of records is 0; it must be at least 1");
  }
  if (options.batch == 0) {
    throw std::invalid_argument("the batch size is 0; it must be at least 1");
  }
  if (options.write_buffer_bytes < kBufferMin ||
      options.write_buffer_bytes > kBufferMax) {
    throw std::invalid_argument("the write buffer is " +
                                std::to_string(options.write_buffer_bytes) +
                                " bytes; LevelDB allows 65536 to 1073741824");
  }
}

template <class Run>
auto until_interrupted(Run run) {
  try {
    return run();
  } catch (const Interrupted& interrupted) {
    // The signal again, now that all is removed: it ends the process, unless
    // the process has a mind of its own about it.
    raise(interrupted.signal());
    throw;
  }
}

fs::path find_program(const LiveProofOptions& options, std::string_view name) {
  const fs::path dir = options.program_dir.empty()
                           ? fs::read_symlink("/proc/self/exe").parent_path()
                           : options.program_dir;
  fs::path program = dir / name;
  if (!fs::exists(program)) {
    throw std::runtime_error("the program " + std::string(name) +
                             " is not in " + dir.string() +
                             "; it is built together with arenatest");
  }
  return program;
}

// Reads the lines of one program: its progress, its error, and what else it
// said last, which explains a crash.
class Listener {
 public:
  Listener(const std::string& run, const LiveProofOptions& options)
      : run_(run), options_(options) {}

  void operator()(std::string_view line) {
    constexpr std::string_view kProgress = "progress ";
    constexpr std::string_view kError = "error: ";
    if (line.starts_with(kProgress)) {
      tell_progress(std::string(line.substr(kProgress.size())));
    } else if (line.starts_with(kError)) {
      error_ = line.substr(kError.size());
    } else if (!line.empty()) {
      last_ = line;
    }
  }

  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] const std::string& last() const { return last_; }

 private:
  void tell_progress(const std::string& text) {
    if (!options_.progress) return;
    LiveProofProgress progress;
    progress.run = run_;
    std::istringstream words(text);
    words >> progress.phase >> progress.done >> progress.total;
    if (words) options_.progress(progress);
  }

  const std::string& run_;
  const LiveProofOptions& options_;
  std::string error_;
  std::string last_;
};

void check_end(const fs::path& program, const ChildEnd& end,
               const Listener& listener) {
  if (end.signal == 0 && end.exit_status == 0) return;
  if (!listener.error().empty()) throw std::runtime_error(listener.error());
  std::string words = program.filename().string();
  if (end.signal != 0) {
    words += " was ended by signal " + std::to_string(end.signal) + " (" +
             strsignal(end.signal) + ")";
  } else {
    words += " ended with exit status " + std::to_string(end.exit_status);
  }
  if (!listener.last().empty()) words += "; it last said: " + listener.last();
  throw std::runtime_error(words);
}

LiveRun read_result(const fs::path& program, const fs::path& path) {
  try {
    std::ifstream file(path);
    return live_run_from_json(nlohmann::json::parse(file));
  } catch (const nlohmann::json::exception& error) {
    throw std::runtime_error(
        program.filename().string() +
        " wrote a result that cannot be read: " + error.what());
  }
}

LiveRun run_program(const fs::path& program, const std::string& run,
                    const LiveProofOptions& options, const fs::path& scratch) {
  const fs::path result = scratch / "result.json";
  fs::remove(result);
  std::vector<std::string> arguments = {
      program.string(),
      "--records=" + std::to_string(options.records),
      "--seed=" + std::to_string(options.seed),
      "--batch=" + std::to_string(options.batch),
      "--write-buffer=" + std::to_string(options.write_buffer_bytes),
      "--dir=" + scratch.string(),
      "--result=" + result.string()};
  if (!options.input.empty()) {
    arguments.push_back("--input=" + options.input.string());
  }
  Listener listener(run, options);
  ChildProcess child(std::move(arguments));
  const ChildEnd end = child.wait(std::ref(listener));
  check_end(program, end, listener);
  return read_result(program, result);
}

LiveProofResult run_three(const LiveProofOptions& options) {
  const fs::path stock_program = find_program(options, kStockProgram);
  const fs::path arena_program = find_program(options, kArenaProgram);
  const InterruptionWatch watch;
  // The programs make their databases in here, so that what one leaves behind
  // in a crash goes too.
  const ScratchDirectory scratch(options.dir);
  LiveRun stock = run_program(stock_program, "stock", options, scratch.path());
  LiveRun again =
      run_program(stock_program, "stock again", options, scratch.path());
  LiveRun arena = run_program(arena_program, "arena", options, scratch.path());
  return judge_live_runs(std::move(stock), std::move(again), std::move(arena));
}

LiveRun run_one(const LiveProofOptions& options, const std::string& name,
                const fs::path& trace) {
  const fs::path program = find_program(options, kArenaProgram);
  const InterruptionWatch watch;
  const ScratchDirectory scratch(options.dir);
  const TraceVariable variable(trace);
  NamedRun named = {name, run_program(program, name, options, scratch.path())};
  const std::vector<std::string> faults = find_faults(named, true);
  if (!faults.empty()) throw std::runtime_error(faults.front());
  return std::move(named.run);
}

void append(std::vector<std::string>& to, const std::vector<std::string>& of) {
  to.insert(to.end(), of.begin(), of.end());
}

nlohmann::json comparison_to_json(const LiveComparison& comparison) {
  return {{"first", comparison.first},
          {"second", comparison.second},
          {"contents_equal", comparison.contents_equal},
          {"samples_compared", comparison.samples_compared},
          {"samples_compared_after_rotation",
           comparison.samples_compared_after_rotation},
          {"samples_different", comparison.samples_different},
          {"differences", comparison.differences}};
}

}  // namespace

bool LiveProofResult::passed() const { return differences().empty(); }

std::vector<std::string> LiveProofResult::differences() const {
  std::vector<std::string> all = faults;
  append(all, stock_with_stock.differences);
  append(all, stock_with_arena.differences);
  return all;
}

nlohmann::json LiveProofResult::to_json() const {
  return {{"passed", passed()},
          {"differences", differences()},
          {"comparisons",
           {comparison_to_json(stock_with_stock),
            comparison_to_json(stock_with_arena)}},
          {"runs",
           {{stock.name, live_run_to_json(stock.run)},
            {stock_again.name, live_run_to_json(stock_again.run)},
            {arena.name, live_run_to_json(arena.run)}}}};
}

LiveProofResult judge_live_runs(LiveRun stock, LiveRun stock_again,
                                LiveRun arena) {
  LiveProofResult result;
  result.stock = {"stock", std::move(stock)};
  result.stock_again = {"stock again", std::move(stock_again)};
  result.arena = {"arena", std::move(arena)};
  append(result.faults, find_faults(result.stock, false));
  append(result.faults, find_faults(result.stock_again, false));
  append(result.faults, find_faults(result.arena, true));
  result.stock_with_stock = compare_live_runs(result.stock, result.stock_again);
  result.stock_with_arena = compare_live_runs(result.stock, result.arena);
  return result;
}

LiveProofResult run_live_proof(const LiveProofOptions& options) {
  check_options(options);
  return until_interrupted([&] { return run_three(options); });
}

LiveRun run_live_arena(const LiveProofOptions& options, const std::string& name,
                       const std::filesystem::path& trace) {
  check_options(options);
  return until_interrupted([&] { return run_one(options, name, trace); });
}

}  // namespace bitcoinleveldb
