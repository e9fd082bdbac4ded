// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The workload program of `arenatest leveldb`. It is built twice: on stock
// LevelDB, and on the same LevelDB with the drop-in beneath.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "file_records.h"
#include "generated_records.h"
#include "interruption.h"
#include "live_run.h"
#include "live_workload.h"
#include "scratch_directory.h"
#include "which_arena.h"

namespace bitcoinleveldb {
namespace {

struct ProgramOptions {
  std::uint64_t records = 1'000'000;
  std::uint64_t seed = 301;
  std::string input;
  std::string dir;
  std::string result;
  LiveWorkloadOptions workload;
};

void add_options(CLI::App& app, ProgramOptions& options) {
  app.add_option("--records", options.records, "Records to write")
      ->check(CLI::Range(std::uint64_t{1}, UINT64_MAX))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Seed of the records")
      ->capture_default_str();
  app.add_option("--batch", options.workload.batch, "Operations in a batch")
      ->check(CLI::Range(std::uint64_t{1}, UINT64_MAX))
      ->capture_default_str();
  app.add_option("--write-buffer", options.workload.write_buffer_bytes,
                 "Bytes of a memtable before it is rotated")
      ->capture_default_str();
  app.add_option("--input", options.input,
                 "File of lines key<TAB>value, instead of made-up records");
  app.add_option("--dir", options.dir,
                 "Directory in which the database is made and removed");
  app.add_option("--result", options.result, "JSON file to write")->required();
}

// Says about a hundred times a phase how far it is.
class ProgressLines {
 public:
  void operator()(std::string_view phase, const Amount& amount) {
    InterruptionWatch::check();
    const std::uint64_t step = std::max<std::uint64_t>(amount.total / 100, 1);
    if (phase != phase_) {
      phase_ = phase;
      next_ = 0;
    }
    if (amount.done < next_) return;
    next_ = amount.done + step;
    std::cerr << "progress " << phase << ' ' << amount.done << ' '
              << amount.total << std::endl;
  }

 private:
  std::string phase_;
  std::uint64_t next_ = 0;
};

void run(ProgramOptions& options) {
  std::unique_ptr<RecordSource> source;
  if (options.input.empty()) {
    source = std::make_unique<GeneratedRecords>(options.records, options.seed);
  } else {
    source = std::make_unique<FileRecords>(options.input);
  }
  const ScratchDirectory scratch(options.dir);
  options.workload.database = scratch.path() / "database";
  options.workload.progress = ProgressLines();
  const LiveRun result = run_live_workload(*source, options.workload);
  std::ofstream file(options.result);
  file << live_run_to_json(result).dump() << '\n';
  file.close();
  if (!file) {
    throw std::runtime_error(options.result + ": cannot be written");
  }
}

int run_program(int argc, char** argv) {
  CLI::App app("The live workload of arenatest on the arena of " +
               std::string(arena_name()));
  ProgramOptions options;
  try {
    add_options(app, options);
    app.parse(argc, argv);
    const InterruptionWatch watch;
    run(options);
    return 0;
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const Interrupted& interrupted) {
    // The signal again, now that all is removed: it ends the program.
    raise(interrupted.signal());
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << std::endl;
  }
  return 1;
}

}  // namespace
}  // namespace bitcoinleveldb

int main(int argc, char** argv) {
  try {
    return bitcoinleveldb::run_program(argc, argv);
  } catch (...) {
    // Not even the error could be said.
    return 1;
  }
}
