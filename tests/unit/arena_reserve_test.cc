// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Memory taken ahead: after it the sequence cannot fail, shown on a source that
// is shut; if it cannot be had, the arena is as before; and an arena that
// reserves and is reset for ever does not grow for ever.

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "arena_snapshot.h"
#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_forecast.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/arena_stats.h"
#include "bitcoinleveldb/lcg_random.h"
#include "bitcoinleveldb/memory_budget.h"
#include "block_sources.h"
#include "expect_failure.h"
#include "request.h"
#include "spare_slabs.h"

namespace bitcoinleveldb {
namespace {

using detail::ArenaInsider;

using Requests = std::vector<Request>;

Requests random_requests(LcgRandom& random) {
  Requests requests(random.uniform(60));
  for (Request& request : requests) {
    request.bytes = random.uniform(random.one_in(9) ? 30'000 : 600);
    if (random.one_in(40)) request.bytes = random.uniform(2'000'000);
    request.alignment = std::size_t{1} << random.uniform(5);
  }
  return requests;
}

ArenaForecast forecast_of(const Arena& arena, const Requests& requests) {
  ArenaForecast forecast(arena);
  for (const Request& request : requests) {
    forecast.add(request.bytes, request.alignment);
  }
  return forecast;
}

// Makes the requests; false if one fails.
bool make(Arena& arena, const Requests& requests) {
  for (const Request& request : requests) {
    char* const ptr =
        arena.try_allocate_aligned(request.bytes, request.alignment);
    if (ptr == nullptr) return false;
    std::memset(ptr, 0x5a, request.bytes);
  }
  return true;
}

// A source that has nothing while it is shut.
class ShutSource final : public CountingSource {
 public:
  bool shut = false;
  bool returns_null = false;  // where others throw

 private:
  void* take(std::size_t bytes) override {
    if (!shut) return CountingSource::take(bytes);
    forget(bytes);
    return returns_null ? nullptr : run_dry();
  }
};

// Also what a snapshot does not see: the spare slabs.
struct Everything {
  explicit Everything(const Arena& arena)
      : snapshot(arena), figures(summary(stats(arena))) {
    const detail::ArenaRecord* const record = ArenaInsider::record(arena);
    if (record == nullptr) return;
    for (const detail::Slab* slab = record->spare_slabs; slab != nullptr;
         slab = slab->previous) {
      spare.push_back({slab, slab->bytes});
    }
  }
  friend bool operator==(const Everything&, const Everything&) = default;

  ArenaSnapshot snapshot;
  std::string figures;
  std::vector<std::pair<const void*, std::size_t>> spare;
};

TEST(ArenaReserve, ReservedSequenceNeedsNoSourceFromAnyState) {
  ShutSource source;
  LcgRandom random(301);
  for (int arenas = 0; arenas != 40; ++arenas) {
    Arena arena(ArenaOptions{random.one_in(4) ? 256U : 4096U, &source});
    for (int round = 0; round != 60; ++round) {
      if (random.one_in(3)) (void)make(arena, random_requests(random));
      if (random.one_in(4)) arena.reset(random.uniform(3'000'000));
      const Requests requests = random_requests(random);
      const ArenaForecast forecast = forecast_of(arena, requests);
      reserve(arena, forecast);
      const std::size_t calls = source.calls();
      const std::size_t held = source.live_bytes();
      ASSERT_EQ(held, ArenaInsider::reserved_bytes(arena));
      source.shut = true;
      ASSERT_TRUE(make(arena, requests));
      source.shut = false;
      ASSERT_EQ(source.calls(), calls);
      ASSERT_EQ(source.live_bytes(), held);
      ASSERT_EQ(arena.memory_usage(), forecast.usage());
    }
  }
  EXPECT_EQ(source.live_slabs(), 0U);
}

TEST(ArenaReserve, EmptyArenaOnDefaultsIsReservedToo) {
  ShutSource source;
  set_default_arena_options({4096, &source});
  {
    Arena arena;
    const Requests requests = {{2000, 8}, {100, 1}, {50'000, 1}, {4000, 16}};
    reserve(arena, forecast_of(arena, requests));
    EXPECT_EQ(arena.memory_usage(), 0U);
    source.shut = true;
    EXPECT_TRUE(make(arena, requests));
  }
  set_default_arena_options({});
  EXPECT_EQ(source.live_slabs(), 0U);
}

TEST(ArenaReserve, WhatFitsTheCurrentBlockTakesNothing) {
  CountingSource source;
  Arena arena(ArenaOptions{4096, &source});
  (void)arena.allocate(10);
  const Everything before(arena);
  reserve(arena, ArenaForecast(arena).add(1000));
  EXPECT_EQ(Everything(arena), before);
}

TEST(ArenaReserve, TakesTheSlabsThatTheRequestsWouldTake) {
  LcgRandom random(301);
  for (int i = 0; i != 50; ++i) {
    const Requests requests = random_requests(random);
    CountingSource ahead;
    CountingSource by_need;
    Arena reserved(ArenaOptions{4096, &ahead});
    Arena unreserved(ArenaOptions{4096, &by_need});
    reserve(reserved, forecast_of(reserved, requests));
    ASSERT_TRUE(make(unreserved, requests));
    EXPECT_EQ(ahead.live_bytes(), by_need.live_bytes());
    EXPECT_EQ(ahead.live_slabs(), by_need.live_slabs());
  }
}

// What happened before decides on spare slabs, so it is the same each time, and
// the source runs dry at each call of the reservation in turn.
bool reserve_dry_at(std::size_t call, bool with_options) {
  CountingSource source;
  MemoryBudgetOptions budget_options;
  budget_options.upstream = &source;
  MemoryBudget budget(budget_options);
  set_default_arena_options({4096, &budget});
  bool reserved = false;
  {
    Arena arena = with_options ? Arena(ArenaOptions{4096, &budget}) : Arena();
    if (with_options) {
      (void)make(arena, Requests(100, {700, 8}));
      arena.reset();
    }
    const Requests requests = {{3000, 8},      {500, 1},     {40'000, 1},
                               {9000, 16},     {700'000, 1}, {600, 8},
                               {3'000'000, 1}, {900, 8},     {120'000, 1}};
    const ArenaForecast forecast = forecast_of(arena, requests);
    const Everything before(arena);
    budget.set_limit(budget.charged_bytes() + 1 + call * 10'000);
    reserved = try_reserve(arena, forecast);
    if (!reserved) {
      EXPECT_EQ(Everything(arena), before);
      EXPECT_EQ(budget.charged_bytes(), source.live_bytes());
      if (!kWithoutExceptions) {
        expect_exhausted([&] { reserve(arena, forecast); });
        EXPECT_EQ(Everything(arena), before);
      }
    } else {
      budget.set_limit(budget.charged_bytes());
      EXPECT_TRUE(make(arena, requests));
      EXPECT_EQ(budget.stats().refusals, 0U);
    }
  }
  set_default_arena_options({});
  EXPECT_EQ(source.live_slabs(), 0U);
  return reserved;
}

TEST(ArenaReserve, BudgetThatRefusesAnySlabOfItLeavesTheArenaAsItWas) {
  if (kWithoutExceptions && kNullIsChecked)
    GTEST_SKIP() << "a sanitizer ends a program with such a source";
  for (const bool with_options : {true, false}) {
    std::size_t refused = 0;
    for (std::size_t call = 0; !reserve_dry_at(call, with_options); ++call) {
      ++refused;
    }
    EXPECT_GT(refused, 300U);
  }
}

TEST(ArenaReserve, BudgetIsChargedAtOnceAndNotAgain) {
  CountingSource source;
  MemoryBudgetOptions options;
  options.upstream = &source;
  MemoryBudget budget(options);
  Arena arena(ArenaOptions{4096, &budget});
  const Requests requests(1000, {500, 8});
  reserve(arena, forecast_of(arena, requests));
  const std::size_t charged = budget.charged_bytes();
  EXPECT_GT(charged, 500'000U);
  EXPECT_TRUE(make(arena, requests));
  EXPECT_EQ(budget.charged_bytes(), charged);
}

// Each round needs a larger slab than all before it, which are of no use then.
TEST(ArenaReserve, SpareSlabsThatAreTooSmallGoWhenLargerOnesCome) {
  CountingSource source;
  Arena arena(ArenaOptions{4096, &source});
  for (std::size_t bytes = 10'000; bytes < 4'000'000; bytes += bytes / 5) {
    reserve(arena, ArenaForecast(arena).add(bytes));
    ASSERT_NE(arena.try_allocate(bytes), nullptr);
    arena.reset();
    ASSERT_LT(source.live_bytes(), bytes + 20'000);
  }
}

// Spare slabs of equal size: what fits one of them costs none of the others,
// and a block that fits none costs as many bytes of them as its slab has.
TEST(ArenaReserve, SlabsTakeThePlaceOfSpareOnesWithAsManyBytesAndNoMore) {
  ArenaWithSpareSlabs spare;
  Arena& arena = spare.arena;
  reserve(arena, ArenaForecast(arena).add(10'000));
  EXPECT_EQ(spare.source.deallocations(), 0U);
  reserve(arena, ArenaForecast(arena).add(spare.slab + 10'000));
  EXPECT_EQ(spare.source.deallocations(), 2U);
  EXPECT_EQ(spare.source.live_bytes(), spare.held);
}

TEST(ArenaReserve, ReservingAndResettingForEverDoesNotGrowForEver) {
  CountingSource source;
  Arena arena(ArenaOptions{4096, &source});
  LcgRandom random(301);
  for (int round = 0; round != 3000; ++round) {
    const std::size_t bytes = 1 + random.uniform(100'000);
    const Requests requests(1 + 100'000 / bytes, {bytes, 1});
    reserve(arena, forecast_of(arena, requests));
    ASSERT_TRUE(make(arena, requests));
    arena.reset();
  }
  EXPECT_LT(source.most_bytes(), std::size_t{1} << 20U);
}

TEST(ArenaReserve, RoundThatRepeatsNeedsTheSourceOnlyOnce) {
  CountingSource source;
  Arena arena(ArenaOptions{4096, &source});
  const Requests requests = {{3000, 8}, {500, 1}, {40'000, 1}, {600'000, 1}};
  std::size_t calls = 0;
  for (int round = 0; round != 10; ++round) {
    reserve(arena, forecast_of(arena, requests));
    if (round == 0) calls = source.calls();
    ASSERT_EQ(source.calls(), calls);
    ASSERT_TRUE(make(arena, requests));
    arena.reset();
  }
}

TEST(ArenaReserve, ForecastOfAnotherStateIsRefused) {
  Arena arena;
  const ArenaForecast forecast = ArenaForecast(arena).add(5000);
  (void)arena.allocate(1);
  const Everything before(arena);
  EXPECT_FALSE(try_reserve(arena, forecast));
  expect_invalid([&] { reserve(arena, forecast); },
                 "reserve: the arena has changed since the forecast was made");
  EXPECT_EQ(Everything(arena), before);
}

TEST(ArenaReserve, BlockThatNoSlabCanHoldIsRefused) {
  Arena arena;
  const ArenaForecast forecast = ArenaForecast(arena).add(PTRDIFF_MAX - 64);
  EXPECT_FALSE(try_reserve(arena, forecast));
  expect_exhausted([&] { reserve(arena, forecast); });
  EXPECT_EQ(ArenaInsider::reserved_bytes(arena), 0U);
}

TEST(ArenaReserve, SourceThatReturnsNullLeavesTheArenaAsItWas) {
  if (kNullIsChecked) {
    GTEST_SKIP() << "a sanitizer ends a program with such a source";
  }
  ShutSource source;
  Arena arena(ArenaOptions{4096, &source});
  (void)arena.allocate(100);
  const Everything before(arena);
  const ArenaForecast forecast = ArenaForecast(arena).add_many(100, 1000);
  source.shut = source.returns_null = true;
  EXPECT_FALSE(try_reserve(arena, forecast));
  expect_exhausted([&] { reserve(arena, forecast); });
  EXPECT_EQ(Everything(arena), before);
  source.shut = false;
  EXPECT_TRUE(try_reserve(arena, forecast));
}

TEST(ArenaReserve, BlockThatNoSlabCanHoldLeavesAnArenaWithASlabAsItWas) {
  CountingSource source;
  Arena arena(ArenaOptions{4096, &source});
  const Everything before(arena);
  const ArenaForecast forecast = ArenaForecast(arena).add(PTRDIFF_MAX - 16);
  EXPECT_FALSE(try_reserve(arena, forecast));
  expect_exhausted([&] { reserve(arena, forecast); });
  EXPECT_EQ(Everything(arena), before);
  EXPECT_EQ(source.calls(), 1U);
}

}  // namespace
}  // namespace bitcoinleveldb
