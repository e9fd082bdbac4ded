// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// A peer as the rows see it: a name, and each row's body compiled for it. A
// body is called as a whole, so that within it every allocation is inlined.

#ifndef BITCOINLEVELDB_BENCH_PEER_H_
#define BITCOINLEVELDB_BENCH_PEER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plan.h"

namespace bench {

// What one measurement found, by the names that stand in the JSON.
using Figures = std::vector<std::pair<std::string, double>>;

// Reads figures out of lines of a name and a value.
Figures figures_in(const std::string& text);

// How much a row does.
struct Effort {
  std::size_t warm_up = 0;  // rotations that are not measured
  std::size_t rounds = 1;   // of what is measured
};

struct Peer {
  std::string name;
  std::string meaning;

  // Makes arenas of `per_arena` allocations of these sizes, every second one
  // aligned, and drops them. Both counts are even.
  void (*small)(std::span<const std::uint32_t> sizes, std::size_t per_arena);

  // Fills made and dropped, the memory before each new to the process.
  Figures (*fresh)(const FillPlan& plan, Effort effort);
  // As `fresh`, with nothing done between the fills.
  Figures (*rotate)(const FillPlan& plan, Effort effort);
  Figures (*teardown)(const FillPlan& plan, Effort effort);
  Figures (*tail)(const FillPlan& plan, Effort effort);
  Figures (*faults)(const FillPlan& plan, Effort effort);
  // Resident memory of one filled arena, and of many small ones.
  Figures (*footprint)(const FillPlan& plan, Effort effort);
  Figures (*footprint_many)(std::size_t arenas, std::size_t bytes);
  // Resident memory that stays after `rounds` filled arenas are dropped.
  Figures (*retention)(const FillPlan& plan, Effort effort);
};

// The peers of this build, ours first.
const std::vector<Peer>& peers();

// Names of the peers left out of this build, and why.
std::string left_out();

// Returns the peer of that name, or null.
const Peer* find_peer(std::string_view name);

// Each defined in peers/NAME.cc, which is built where the library is found.
Peer ours_peer();
Peer ours_cursor_peer();
Peer ours_depot_peer();
Peer leveldb_peer();
Peer leveldb_again_peer();
Peer pmr_peer();
Peer malloc_peer();
Peer raw_peer();
Peer raw_object_peer();
Peer raw_blocks_peer();
Peer raw_mapped_peer();
Peer boost_peer();
Peer protobuf_peer();
Peer llvm_peer();
Peer rocksdb_peer();
Peer rocksdb_memtable_peer();
Peer rocksdb_live_peer();

}  // namespace bench

#endif  // BITCOINLEVELDB_BENCH_PEER_H_
