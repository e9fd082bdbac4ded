// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <cstdio>

#include "command.h"
#include "live/live_proof.h"
#include "live_progress.h"
#include "table.h"

namespace arenatest {

namespace {

using bitcoinleveldb::LiveComparison;
using bitcoinleveldb::LiveProofOptions;
using bitcoinleveldb::LiveProofProgress;
using bitcoinleveldb::LiveProofResult;
using bitcoinleveldb::NamedRun;

class LevelDbCommand final : public Command {
 public:
  CLI::App* add_to(CLI::App& app) override {
    CLI::App* const command = app.add_subcommand(
        "leveldb", "Run one workload on stock LevelDB and on our arena");
    command->footer(
        "Writes records through leveldb::DB with overwrites and deletes, reads "
        "all back,\nreopens the database, and compares contents and "
        "memory-usage figures: stock with\nstock, to show that the comparison "
        "is sound, and stock with ours.");
    command
        ->add_option("--records", options_.records,
                     "How many records, shaped like Bitcoin's chainstate")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}))
        ->capture_default_str();
    command->add_option("--seed", options_.seed, "Seed of the records")
        ->check(not_negative)
        ->capture_default_str();
    command->add_option("--batch", options_.batch, "Operations in a WriteBatch")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000}))
        ->capture_default_str();
    command
        ->add_option("--write-buffer", options_.write_buffer_bytes,
                     "Bytes of a memtable before it is rotated")
        ->check(CLI::Range(std::size_t{64} << 10U, std::size_t{1} << 30U))
        ->capture_default_str();
    command
        ->add_option("--input", options_.input,
                     "Take the records from a file of key<TAB>value lines")
        ->check(CLI::ExistingFile);
    command
        ->add_option("--dir", options_.dir,
                     "Where the databases are made and removed again")
        ->check(CLI::ExistingDirectory);
    return command;
  }

  Outcome run() override { return run_leveldb(options_); }

 private:
  LiveProofOptions options_;
};

void print_run(Table& table, const NamedRun& named) {
  const auto& run = named.run;
  table.row({named.name, run.arena, grouped(run.arenas_made),
             grouped(run.operations), grouped(run.rotations),
             grouped(run.records_live), run.hash, fixed(run.write_seconds, 1),
             fixed(run.read_seconds, 1)});
}

void print_comparison(const LiveComparison& comparison) {
  std::printf(
      "%s with %s: contents %s; memory usage compared at %s batches (%s after "
      "the first rotation), %s different\n",
      comparison.first.c_str(), comparison.second.c_str(),
      comparison.contents_equal ? "equal" : "DIFFERENT",
      grouped(comparison.samples_compared).c_str(),
      grouped(comparison.samples_compared_after_rotation).c_str(),
      grouped(comparison.samples_different).c_str());
}

}  // namespace

std::unique_ptr<Command> make_leveldb_command() {
  return std::make_unique<LevelDbCommand>();
}

Outcome run_leveldb(LiveProofOptions options) {
  LiveProofResult result;
  {
    LiveProgress progress;
    options.progress = [&](const LiveProofProgress& now) {
      progress.show(now);
    };
    result = bitcoinleveldb::run_live_proof(options);
  }
  Table table;
  table.row({"run", "arena", "arenas made", "operations", "rotations",
             "records", "hash of contents", "write s", "read s"});
  print_run(table, result.stock);
  print_run(table, result.stock_again);
  print_run(table, result.arena);
  table.print();
  print_comparison(result.stock_with_stock);
  print_comparison(result.stock_with_arena);
  const std::vector<std::string> differences = result.differences();
  for (const std::string& difference : differences) {
    std::printf("difference: %s\n", difference.c_str());
  }
  std::fflush(stdout);
  const auto& run = result.arena.run;
  const std::uint64_t written = run.operations - run.overwrites - run.deletes;
  nlohmann::ordered_json json = {
      {"command", "leveldb"},
      {"passed", result.passed()},
      {"records", written},
      {"operations", run.operations},
      {"differences", differences.size()},
      {"usage_compared", result.stock_with_arena.samples_compared},
      {"usage_differences", result.stock_with_arena.samples_different},
      {"proof", result.to_json()}};
  return {result.passed(), std::move(json)};
}

}  // namespace arenatest
