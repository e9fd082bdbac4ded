// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// What the report shows of arenas, seen by observers on real ones.

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_REPORT_PICTURES_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_REPORT_PICTURES_H_

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace arenatest {

struct PicturePlan {
  std::uint64_t seed = 301;
  // Memory over time: memtables filled one after the other.
  std::string memtable_workload = "memtable";
  std::size_t memtable_bytes = std::size_t{16} << 20U;  // usage when it is full
  std::size_t memtables = 4;
  std::size_t points = 240;  // about so many readings
  // What lies where: an arena for each workload.
  std::vector<std::string> map_workloads = {"memtable", "big-entries",
                                            "leveldb"};
  std::size_t map_bytes = std::size_t{4} << 20U;  // usage when it is full
  std::size_t blocks_shown = 300;                 // of each arena
};

// Fills memtables, each until its usage reaches a size. A full one goes when
// the next is half full, as if it had been written to a file by then. Returns
// the points that were noted, and when each was full and gone.
// THROWS: as Workload.
nlohmann::ordered_json memory_over_time(const PicturePlan& plan);

// Fills one arena and returns its blocks, its totals and its sizes.
// THROWS: as Workload.
nlohmann::ordered_json block_map_of(const std::string& workload,
                                    const PicturePlan& plan);

// Returns both: "memory" and a list "maps".
nlohmann::ordered_json take_pictures(const PicturePlan& plan);

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_REPORT_PICTURES_H_
