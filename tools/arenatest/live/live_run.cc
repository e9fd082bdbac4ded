// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "live_run.h"

#include <nlohmann/json.hpp>

namespace bitcoinleveldb {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(UsageSample, batch, usage,
                                   before_first_rotation)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LiveRun, arena, arenas_made, operations,
                                   overwrites, deletes, batches, records_live,
                                   rotations, hash, hash_reopened, mismatches,
                                   first_mismatch, samples, write_seconds,
                                   read_seconds)

nlohmann::json live_run_to_json(const LiveRun& run) { return run; }

LiveRun live_run_from_json(const nlohmann::json& json) {
  return json.get<LiveRun>();
}

}  // namespace bitcoinleveldb
