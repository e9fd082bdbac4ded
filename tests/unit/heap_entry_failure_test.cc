// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What takes memory beside slabs, while the global operator new fails at its
// 1st call, at its 2nd, and so on: each failure is std::bad_alloc or what the
// call says instead, loses no byte, and the same call succeeds the next time.

#include <gtest/gtest.h>

#ifdef __cpp_exceptions

#include <functional>
#include <memory>
#include <new>
#include <string>

#include "arena_snapshot.h"
#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_forecast.h"
#include "bitcoinleveldb/arena_name.h"
#include "bitcoinleveldb/arena_objects.h"
#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/arena_profile.h"
#include "bitcoinleveldb/arena_stats.h"
#include "bitcoinleveldb/block_depot.h"
#include "bitcoinleveldb/memory_budget.h"
#include "failing_heap.h"
#include "plain_source.h"

namespace bitcoinleveldb {
namespace {

// Lets operator new fail at each of its calls in `go` and returns how many
// there are. What `go` makes, it gives back.
std::size_t walk(const std::function<void()>& go) {
  go();  // what is made once for the process
  for (std::size_t call = 1;; ++call) {
    const std::size_t live = FailingHeap::live_bytes();
    bool thrown = false;
    FailingHeap::fail_at(call);
    try {
      go();
    } catch (const std::bad_alloc&) {
      thrown = true;
    }
    const bool failed = FailingHeap::disarm();
    EXPECT_EQ(thrown, failed) << "call " << call;
    EXPECT_EQ(FailingHeap::live_bytes(), live) << "call " << call;
    if (!failed) return call - 1;
  }
}

const std::string kLong(100, 'n');

TEST(HeapEntryFailure, NamesOfArenas) {
  const Arena arena;
  EXPECT_EQ(walk([&] {
              const ArenaName name(arena, kLong);
              EXPECT_EQ(named_arenas().size(), 1U);
            }),
            3U);
  EXPECT_TRUE(named_arenas().empty());
}

TEST(HeapEntryFailure, ForecastsAreUnchanged) {
  const Arena arena;
  EXPECT_GE(walk([&] {
              ArenaForecast forecast(arena);
              for (std::size_t i = 0; i != 20; ++i) {
                const std::size_t usage = forecast.usage();
                const std::size_t blocks = forecast.block_count();
                const std::size_t remaining = forecast.remaining();
                try {
                  forecast.add(2000 + i);
                } catch (const std::bad_alloc&) {
                  EXPECT_EQ(forecast.usage(), usage);
                  EXPECT_EQ(forecast.block_count(), blocks);
                  EXPECT_EQ(forecast.remaining(), remaining);
                  throw;
                }
              }
            }),
            4U);
}

TEST(HeapEntryFailure, SummariesOfFigures) {
  Arena arena;
  (void)arena.allocate(1);
  const ArenaStats figures = stats(arena);
  EXPECT_GE(walk([&] { EXPECT_FALSE(summary(figures).empty()); }), 1U);
}

TEST(HeapEntryFailure, BudgetsAndDepotsAndTheirArenas) {
  PlainSource plain;
  EXPECT_GE(walk([&] {
              BlockDepotOptions depot_options;
              depot_options.upstream = &plain;
              BlockDepot depot(depot_options);
              MemoryBudgetOptions options;
              options.upstream = &depot;
              options.on_threshold = [name = kLong](std::size_t) {};
              MemoryBudget budget(options);
              EXPECT_EQ(depot.prefill(5000, 3), 3U);
              Arena arena(ArenaOptions{4096, &budget});
              (void)arena.allocate(100'000);
              (void)arena.allocate(200'000);
            }),
            6U);
}

TEST(HeapEntryFailure, ObserversThatAreAttached) {
  const PlainByDefault plain;
  EXPECT_EQ(walk([] {
              ArenaObserver one;
              ArenaObserver other;
              Arena arena;
              try {
                attach_observer(arena, one);
                attach_observer(arena, other);
              } catch (...) {
                EXPECT_NE(arena.allocate(1), nullptr);
                detach_observer(arena, one);
                throw;
              }
              detach_observer(arena, one);
              detach_observer(arena, other);
            }),
            3U);
}

TEST(HeapEntryFailure, ProfilesThatAreMadeAndRead) {
  // A profile tries itself out on an arena without options.
  const PlainByDefault plain;
  ArenaProfileOptions options;
  options.sample_bytes = 0;
  options.stacks_max = 16;
  options.live_samples_max = 16;
  EXPECT_GE(walk([&] {
              ArenaProfile profile(options);
              EXPECT_FALSE(profile.pprof().empty());
            }),
            3U);
}

// Samples are taken where nothing can be thrown, so there is room for them.
TEST(HeapEntryFailure, ProfileAtWorkNeedsNoMemory) {
  ArenaProfileOptions options;
  options.sample_bytes = 0;
  ArenaProfile profile(options);
  Arena arena(ArenaOptions{std::size_t{1} << 20U});
  attach_observer(arena, profile);
  (void)arena.allocate(1);
  const std::size_t news = FailingHeap::news();
  FailingHeap::fail_at(1);
  for (int i = 0; i != 1000; ++i) (void)arena.allocate(10);
  arena.reset();
  (void)arena.allocate(10);
  EXPECT_FALSE(FailingHeap::disarm());
  EXPECT_EQ(FailingHeap::news(), news);
  EXPECT_EQ(profile.stats().samples, 1002U);
  detach_observer(arena, profile);
}

TEST(HeapEntryFailure, OwnedObjectsThatThrowThemselves) {
  const PlainByDefault plain;
  EXPECT_GE(walk([] {
              Arena arena;
              for (int i = 0; i != 10; ++i) {
                (void)make_owned<std::string>(arena, kLong);
              }
            }),
            11U);
}

}  // namespace
}  // namespace bitcoinleveldb

#endif
