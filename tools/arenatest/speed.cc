// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "speed.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/workload.h"
#include "oracle/leveldb_arena.h"

namespace arenatest {

namespace {

using bitcoinleveldb::ArenaRequest;

constexpr std::size_t kMemtableBytes = std::size_t{4} << 20U;
constexpr std::size_t kArenas = 10;
constexpr std::size_t kRounds = 31;

std::vector<ArenaRequest> memtable_requests() {
  bitcoinleveldb::Workload workload("memtable", 301);
  std::vector<ArenaRequest> requests;
  std::size_t bytes = 0;
  while (bytes < kMemtableBytes) {
    requests.push_back(workload.next());
    bytes += requests.back().bytes;
  }
  return requests;
}

void fill(bitcoinleveldb::Arena& arena, const ArenaRequest& request) {
  char* const ptr = request.aligned ? arena.allocate_aligned(request.bytes)
                                    : arena.allocate(request.bytes);
  *static_cast<volatile char*>(ptr) = 1;
}

void fill(leveldb::Arena& arena, const ArenaRequest& request) {
  char* const ptr = request.aligned ? arena.AllocateAligned(request.bytes)
                                    : arena.Allocate(request.bytes);
  *static_cast<volatile char*>(ptr) = 1;
}

// Returns the seconds that kArenas arenas of type A take.
template <class A>
double seconds_of(const std::vector<ArenaRequest>& requests) {
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i != kArenas; ++i) {
    A arena;
    for (const ArenaRequest& request : requests) fill(arena, request);
  }
  const std::chrono::duration<double> taken =
      std::chrono::steady_clock::now() - start;
  return taken.count();
}

double quantile(std::vector<double> values, double share) {
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(
      share * static_cast<double>(values.size() - 1))];
}

}  // namespace

Speed measure_speed() {
  const std::vector<ArenaRequest> requests = memtable_requests();
  std::vector<double> ours;
  std::vector<double> theirs;
  std::vector<double> ratios;
  (void)seconds_of<bitcoinleveldb::Arena>(requests);
  (void)seconds_of<leveldb::Arena>(requests);
  for (std::size_t i = 0; i != kRounds; ++i) {
    // Whoever comes second may find warmer caches, so they swap places.
    if (i % 2 == 0) ours.push_back(seconds_of<bitcoinleveldb::Arena>(requests));
    theirs.push_back(seconds_of<leveldb::Arena>(requests));
    if (i % 2 != 0) ours.push_back(seconds_of<bitcoinleveldb::Arena>(requests));
    ratios.push_back(theirs.back() / ours.back());
  }
  const auto made = static_cast<double>(kArenas * requests.size());
  return {.rounds = kRounds,
          .arenas = kArenas,
          .allocations = requests.size(),
          .ours_per_second = made / quantile(ours, 0.5),
          .leveldb_per_second = made / quantile(theirs, 0.5),
          .ratio = quantile(ratios, 0.5),
          .ratio_low = quantile(ratios, 0.25),
          .ratio_high = quantile(ratios, 0.75)};
}

}  // namespace arenatest
