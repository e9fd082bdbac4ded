// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What one run of one of the two programs came to, and its form on the disk,
// by which the program tells arenatest.

#ifndef ARENATEST_LIVE_LIVE_RUN_H_
#define ARENATEST_LIVE_LIVE_RUN_H_

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace bitcoinleveldb {

// leveldb.approximate-memory-usage after a batch.
struct UsageSample {
  std::uint64_t batch = 0;
  std::uint64_t usage = 0;
  bool before_first_rotation = true;

  friend bool operator==(const UsageSample&, const UsageSample&) = default;
};

struct LiveRun {
  std::string arena;  // "leveldb" or "bitcoinleveldb"
  std::uint64_t arenas_made = 0;
  std::uint64_t operations = 0;
  std::uint64_t overwrites = 0;
  std::uint64_t deletes = 0;
  std::uint64_t batches = 0;
  std::uint64_t records_live = 0;
  std::uint64_t rotations = 0;
  std::string hash;           // of all keys and values in order
  std::string hash_reopened;  // the same, after the database was reopened
  std::uint64_t mismatches = 0;
  std::string first_mismatch;  // in words
  std::vector<UsageSample> samples;
  double write_seconds = 0;
  double read_seconds = 0;

  friend bool operator==(const LiveRun&, const LiveRun&) = default;
};

[[nodiscard]] nlohmann::json live_run_to_json(const LiveRun& run);

// Throws an exception of nlohmann's for what is no run.
[[nodiscard]] LiveRun live_run_from_json(const nlohmann::json& json);

}  // namespace bitcoinleveldb

#endif  // ARENATEST_LIVE_LIVE_RUN_H_
