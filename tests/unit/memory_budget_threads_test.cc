// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The budget under many threads. The counting upstream sees what is really out,
// so that neither the budget's own figures nor luck decide. Run under
// ThreadSanitizer too.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <new>
#include <thread>
#include <vector>

#include "arena_snapshot.h"
#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/lcg_random.h"
#include "bitcoinleveldb/memory_budget.h"
#include "block_sources.h"

namespace bitcoinleveldb {
namespace {

constexpr std::size_t kThreads = 8;

template <class Work>
void run_threads(Work work) {
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (std::size_t id = 0; id != kThreads; ++id) threads.emplace_back(work, id);
  for (std::thread& thread : threads) thread.join();
}

// Fills arenas until they are refused, and counts those that a refusal changed.
// They are made by the defaults, because one with options takes its first slab
// at once, which may be refused as well.
void fill_to_the_limit(std::size_t id, std::size_t* changed) {
  LcgRandom random(id);
  for (int round = 0; round != 20; ++round) {
    Arena arena;
    for (int refusals = 0; refusals != 3;) {
      const std::size_t bytes = random.uniform(2000);
      const ArenaSnapshot before(arena);
      if (arena.try_allocate(bytes) != nullptr) continue;
      ++refusals;
      if (ArenaSnapshot(arena) != before) ++*changed;
    }
    if (random.one_in(3)) arena.reset(random.uniform(20'000));
  }
}

TEST(MemoryBudgetThreads, LimitIsNeverExceededByAByteAndAllIsCreditedBack) {
  if (kWithoutExceptions && kNullIsChecked)
    GTEST_SKIP() << "a sanitizer ends a program with such a source";
  constexpr std::size_t kLimit = 100'003;
  SharedSource source;
  MemoryBudgetOptions options;
  options.limit_bytes = kLimit;
  options.upstream = &source;
  MemoryBudget budget(options);
  std::array<std::size_t, kThreads> changed{};
  set_default_arena_options(ArenaOptions{64, &budget});
  run_threads([&](std::size_t id) { fill_to_the_limit(id, &changed[id]); });
  set_default_arena_options(ArenaOptions{});
  for (const std::size_t count : changed) EXPECT_EQ(count, 0U);
  EXPECT_LE(source.most_bytes, kLimit);
  EXPECT_GT(source.most_bytes, kLimit - 2000);
  EXPECT_LE(budget.stats().peak_bytes, kLimit);
  EXPECT_GE(budget.stats().refusals, kThreads * 20 * 3);
  EXPECT_EQ(budget.charged_bytes(), 0U);
  EXPECT_EQ(source.live_bytes, 0U);
}

// Charges up to the threshold by all threads at once, round after round; the
// charge falls to 0 only after all have arrived, so each round is one crossing.
TEST(MemoryBudgetThreads, EachRiseAboveTheThresholdCallsOnce) {
  constexpr std::size_t kRounds = 300;
  constexpr std::size_t kBytes = 100;
  SharedSource source;
  std::atomic<std::size_t> calls{0};
  MemoryBudgetOptions options;
  options.threshold_bytes = kBytes * kThreads / 2;
  options.on_threshold = [&calls](std::size_t) { ++calls; };
  options.upstream = &source;
  MemoryBudget budget(options);
  std::atomic<std::size_t> arrived{0};
  std::atomic<std::size_t> left{0};
  std::atomic<std::size_t> miscounts{0};
  run_threads([&](std::size_t id) {
    for (std::size_t round = 1; round <= kRounds; ++round) {
      void* const slab = budget.allocate(kBytes, 16);
      ++arrived;
      while (arrived != round * kThreads) std::this_thread::yield();
      if (id == 0 && calls != round) ++miscounts;
      budget.deallocate(slab, kBytes, 16);
      ++left;
      while (left != round * kThreads) std::this_thread::yield();
    }
  });
  EXPECT_EQ(miscounts, 0U);
  EXPECT_EQ(calls, kRounds);
  EXPECT_EQ(budget.stats().crossings, kRounds);
}

// The threshold moves while threads charge and credit. However they meet, the
// bit must agree with the figures once all are still, and calls with crossings.
TEST(MemoryBudgetThreads, MovingThresholdAgreesWithTheChargeInTheEnd) {
  SharedSource source;
  std::atomic<std::uint64_t> calls{0};
  MemoryBudgetOptions options;
  options.threshold_bytes = 1000;
  options.on_threshold = [&calls](std::size_t) { ++calls; };
  options.upstream = &source;
  MemoryBudget budget(options);
  for (std::size_t round = 0; round != 30; ++round) {
    std::array<void*, kThreads> held{};
    run_threads([&](std::size_t id) {
      for (std::size_t i = 0; i != 50; ++i) {
        if (id == 0) budget.set_threshold(i % 2 == 0 ? 800 : 200 + round * 20);
        void* const slab = budget.allocate(100, 16);
        if (i == 49) {
          held[id] = slab;
        } else {
          budget.deallocate(slab, 100, 16);
        }
      }
    });
    const MemoryBudgetStats stats = budget.stats();
    EXPECT_EQ(stats.charged_bytes, 100 * kThreads);
    EXPECT_EQ(budget.is_over_threshold(),
              stats.charged_bytes >= stats.threshold_bytes);
    EXPECT_EQ(stats.crossings, calls);
    for (void* const slab : held) budget.deallocate(slab, 100, 16);
    EXPECT_FALSE(budget.is_over_threshold());
  }
  EXPECT_GT(calls, 0U);
}

}  // namespace
}  // namespace bitcoinleveldb
