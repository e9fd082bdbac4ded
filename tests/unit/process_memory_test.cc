// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The figures for the process as a whole: that they add up, and that they
// follow what arenas, threads and depots do.

#include "bitcoinleveldb/process_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/block_depot.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/huge_page_source.h"
#include "sizes.h"
#include "what_is_kept.h"

namespace bitcoinleveldb {
namespace {

void fill(Arena& arena, std::size_t bytes) {
  for (std::size_t filled = 0; filled < bytes; filled += 512) {
    std::memset(arena.allocate(512), 0x5a, 512);
  }
}

void expect_sum(const ProcessMemory& memory) {
  EXPECT_EQ(memory.heap_bytes + memory.mapped_bytes,
            memory.arena_bytes + memory.thread_bytes + memory.depot_bytes);
}

TEST(ProcessMemory, ArenaBytesAreThoseOfTheSlabsOfLiveArenas) {
  trim_default_block_source();
  const ProcessMemory before = process_memory();
  std::vector<Arena> arenas(3);
  fill(arenas[0], 100);
  fill(arenas[1], 300 * kKib);
  fill(arenas[2], 20 * kMib);
  std::size_t reserved = 0;
  for (const Arena& arena : arenas) {
    reserved += detail::ArenaInsider::reserved_bytes(arena);
  }
  const ProcessMemory during = process_memory();
  // Mapped slabs count in whole pages.
  EXPECT_GE(during.arena_bytes - before.arena_bytes, reserved);
  EXPECT_LE(during.arena_bytes - before.arena_bytes, reserved + 20 * 4096);
  EXPECT_GT(during.mapped_bytes, before.mapped_bytes);
  EXPECT_GT(during.heap_bytes, before.heap_bytes);
  expect_sum(during);
  arenas.clear();
  const ProcessMemory after = process_memory();
  EXPECT_EQ(after.arena_bytes, before.arena_bytes);
  expect_sum(after);
}

TEST(ProcessMemory, TrimGivesBackAllThatTheDefaultSourceKeeps) {
  trim_default_block_source();
  const ProcessMemory before = process_memory();
  for (const std::size_t bytes : {kKib, 50 * kKib, 500 * kKib, 6 * kMib}) {
    Arena arena;
    fill(arena, bytes);
  }
  const ProcessMemory kept = process_memory();
  const std::size_t bytes = kept.thread_bytes + kept.depot_bytes -
                            before.thread_bytes - before.depot_bytes;
  if (kThreadsKeep) {
    EXPECT_GT(kept.thread_bytes, before.thread_bytes);
  }
  if (kKeeps) {
    EXPECT_GT(kept.depot_bytes, before.depot_bytes + 4 * kMib);
  }
  EXPECT_EQ(trim_default_block_source(), bytes);
  const ProcessMemory after = process_memory();
  EXPECT_EQ(after.thread_bytes, before.thread_bytes);
  EXPECT_EQ(after.depot_bytes, before.depot_bytes);
  EXPECT_EQ(after.heap_bytes, before.heap_bytes);
  EXPECT_EQ(after.mapped_bytes, before.mapped_bytes);
}

TEST(ProcessMemory, TrimKeepsUpToWhatItIsTold) {
  if (!kKeeps) GTEST_SKIP() << "nothing is kept under AddressSanitizer";
  {
    Arena arena;
    fill(arena, 6 * kMib);
  }
  trim_default_block_source(3 * kMib);
  const ProcessMemory memory = process_memory();
  EXPECT_LE(memory.depot_bytes, 3 * kMib);
  EXPECT_GT(memory.depot_bytes, 0U);
  trim_default_block_source();
}

TEST(ProcessMemory, WhatAThreadKeepsCountsUntilItEnds) {
  if (!kThreadsKeep) GTEST_SKIP() << "threads keep nothing here";
  const ProcessMemory before = process_memory();
  std::mutex mutex;
  std::condition_variable changed;
  int step = 0;
  std::thread other([&] {
    {
      Arena arena;
      fill(arena, 3 * kKib);
    }
    std::unique_lock lock(mutex);
    step = 1;
    changed.notify_all();
    changed.wait(lock, [&] { return step == 2; });
  });
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return step == 1; });
    const ProcessMemory during = process_memory();
    EXPECT_GE(during.thread_bytes, before.thread_bytes + 4 * kKib);
    EXPECT_LE(during.thread_bytes, before.thread_bytes + 144 * kKib);
    expect_sum(during);
    step = 2;
    changed.notify_all();
  }
  other.join();
  EXPECT_EQ(process_memory().thread_bytes, before.thread_bytes);
}

TEST(ProcessMemory, DepotsOnBuiltInSourcesCountAndOthersDoNot) {
  const ProcessMemory before = process_memory();
  BlockDepot own;
  BlockDepotOptions on_default;
  on_default.upstream = default_block_source();
  BlockDepot second(on_default);
  BlockDepotOptions on_other;
  on_other.upstream = std::pmr::new_delete_resource();
  BlockDepot third(on_other);
  EXPECT_EQ(own.prefill(4 * kMib, 2), 2U);
  EXPECT_EQ(second.prefill(100 * kKib, 3), 3U);
  EXPECT_EQ(third.prefill(100 * kKib, 3), 3U);
  const ProcessMemory during = process_memory();
  EXPECT_EQ(during.depot_bytes, before.depot_bytes + 8 * kMib + 300 * kKib);
  EXPECT_EQ(during.mapped_bytes, before.mapped_bytes + 8 * kMib);
  expect_sum(during);
}

TEST(ProcessMemory, FiguresMayBeAskedForWhileThreadsWork) {
  constexpr int kRounds = 60;
  std::atomic<int> working{3};
  std::vector<std::thread> threads;
  for (int i = 0; i != 3; ++i) {
    threads.emplace_back([&working] {
      for (int round = 0; round != kRounds; ++round) {
        std::thread([] {
          BlockDepot depot;
          ArenaOptions options;
          options.block_source = &depot;
          Arena on_depot(options);
          fill(on_depot, 100 * kKib);
          Arena arena;
          fill(arena, 3 * kMib);
        }).join();
      }
      --working;
    });
  }
  std::size_t most = 0;
  const bool residency_is_told = process_residency().has_value();
  do {
    most = std::max(most, process_memory().arena_bytes);
    EXPECT_EQ(process_residency().has_value(), residency_is_told);
  } while (working != 0);
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(most, 0U);
  EXPECT_LT(most, 100 * kMib);
  expect_sum(process_memory());
}

}  // namespace
}  // namespace bitcoinleveldb
