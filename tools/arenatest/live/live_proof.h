// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The live proof: the same work done on stock LevelDB, on stock LevelDB again,
// and on LevelDB with our arena beneath, each in a process of its own, and the
// three compared. Stock with stock shows that what is compared is the same
// wherever nothing is wrong.

#ifndef ARENATEST_LIVE_LIVE_PROOF_H_
#define ARENATEST_LIVE_LIVE_PROOF_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "live_comparison.h"
#include "live_run.h"

namespace bitcoinleveldb {

struct LiveProofProgress {
  std::string run;    // "stock", "stock again" or "arena"
  std::string phase;  // "write", "read", "iterate" or "reopen"
  std::uint64_t done = 0;
  std::uint64_t total = 0;  // in a unit that depends on the phase
};

struct LiveProofOptions {
  // Records to write; overwrites and deletes come on top. At least 1.
  std::uint64_t records = 1'000'000;
  std::uint64_t seed = 301;

  // Operations in one WriteBatch, at least 1.
  std::uint64_t batch = 1000;

  // Bytes of a memtable before it is rotated. LevelDB allows 64 KiB to 1 GiB.
  std::size_t write_buffer_bytes = std::size_t{4} << 20U;

  // A file of lines `key<TAB>value` to write instead of made-up records;
  // `records` and `seed` are then of no meaning.
  std::filesystem::path input;

  // Where the databases are made and removed; empty is the system's directory
  // for temporary files.
  std::filesystem::path dir;

  // Where the two programs are; empty is beside the running program.
  std::filesystem::path program_dir;

  // Called about a hundred times a phase.
  std::function<void(const LiveProofProgress&)> progress;
};

struct LiveProofResult {
  NamedRun stock;
  NamedRun stock_again;
  NamedRun arena;
  LiveComparison stock_with_stock;
  LiveComparison stock_with_arena;
  std::vector<std::string> faults;  // of single runs

  [[nodiscard]] bool passed() const;

  // Returns the faults and all differences, in words; none if it passed.
  [[nodiscard]] std::vector<std::string> differences() const;

  [[nodiscard]] nlohmann::json to_json() const;
};

// Compares three runs that were made elsewhere.
[[nodiscard]] LiveProofResult judge_live_runs(LiveRun stock,
                                              LiveRun stock_again,
                                              LiveRun arena);

// Runs the three and compares them. While it runs, Ctrl-C and its like end the
// programs and remove everything on the disk before they end this process.
// Throws std::invalid_argument for an option that is not allowed,
// std::runtime_error if a program cannot be run or reports an error, of the
// input file for one; the message is a plain sentence.
[[nodiscard]] LiveProofResult run_live_proof(const LiveProofOptions& options);

// Runs the workload once, on our arena alone, as the run `name`, and has it
// recorded to the file `trace` unless that is empty. Otherwise as above. What
// is wrong with the run by itself is a std::runtime_error too.
[[nodiscard]] LiveRun run_live_arena(const LiveProofOptions& options,
                                     const std::string& name,
                                     const std::filesystem::path& trace);

}  // namespace bitcoinleveldb

#endif  // ARENATEST_LIVE_LIVE_PROOF_H_
