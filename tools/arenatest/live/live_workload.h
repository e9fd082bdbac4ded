// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The work of the two programs: writes every record through leveldb::DB, reads
// all back, reopens the database and reads it again.

#ifndef ARENATEST_LIVE_LIVE_WORKLOAD_H_
#define ARENATEST_LIVE_LIVE_WORKLOAD_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

#include "live_run.h"
#include "record_source.h"

namespace bitcoinleveldb {

struct LiveWorkloadOptions {
  std::filesystem::path database;  // is made; must not hold one
  std::uint64_t batch = 1000;      // operations in a WriteBatch
  std::size_t write_buffer_bytes = std::size_t{4} << 20U;

  // Called often, with what is being done; must not be empty.
  std::function<void(std::string_view phase, const Amount& amount)> progress;
};

// Throws std::runtime_error if LevelDB reports an error. Contents that are not
// as they should be are no error but are in the result.
[[nodiscard]] LiveRun run_live_workload(RecordSource& source,
                                        const LiveWorkloadOptions& options);

}  // namespace bitcoinleveldb

#endif  // ARENATEST_LIVE_LIVE_WORKLOAD_H_
