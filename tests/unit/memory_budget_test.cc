// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The budget on one thread: what it charges, when it refuses, when it calls,
// and that an arena which was refused is as before.

#include "bitcoinleveldb/memory_budget.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <vector>

#include "arena_snapshot.h"
#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/workload.h"
#include "block_sources.h"
#include "expect_failure.h"

namespace bitcoinleveldb {
namespace {

constexpr std::size_t kNone = MemoryBudget::kNone;

MemoryBudgetOptions limited(std::size_t limit,
                            std::pmr::memory_resource* upstream,
                            std::size_t threshold = kNone) {
  MemoryBudgetOptions options;
  options.limit_bytes = limit;
  options.threshold_bytes = threshold;
  options.upstream = upstream;
  return options;
}

// Counts the calls of a budget's callback.
class Crossings {
 public:
  explicit Crossings(std::size_t threshold, std::size_t limit = kNone)
      : budget_(options(threshold, limit)) {}

  MemoryBudget& budget() { return budget_; }
  const std::vector<std::size_t>& calls() const { return calls_; }

  void charge(std::size_t bytes) {
    pieces_.push_back({budget_.allocate(bytes, 16), bytes});
  }
  void credit_newest() {
    budget_.deallocate(pieces_.back().memory, pieces_.back().bytes, 16);
    pieces_.pop_back();
  }
  ~Crossings() {
    while (!pieces_.empty()) credit_newest();
  }
  Crossings(const Crossings&) = delete;
  Crossings& operator=(const Crossings&) = delete;

 private:
  struct Piece {
    void* memory;
    std::size_t bytes;
  };

  MemoryBudgetOptions options(std::size_t threshold, std::size_t limit) {
    MemoryBudgetOptions options = limited(limit, &source_, threshold);
    options.on_threshold = [this](std::size_t charged) {
      calls_.push_back(charged);
    };
    return options;
  }

  CountingSource source_;
  std::vector<std::size_t> calls_;
  MemoryBudget budget_;
  std::vector<Piece> pieces_;
};

TEST(MemoryBudget, ChargesWhatUpstreamHasGivenAndCreditsWhatComesBack) {
  CountingSource source;
  MemoryBudget budget(limited(kNone, &source));
  {
    Arena arena(ArenaOptions{4096, &budget});
    Workload workload("memtable", 301);
    for (int i = 0; i != 2000; ++i) {
      (void)arena.allocate(workload.next().bytes);
      ASSERT_EQ(budget.charged_bytes(), source.live_bytes());
    }
    EXPECT_EQ(budget.charged_bytes(),
              detail::ArenaInsider::reserved_bytes(arena));
    arena.reset(0);
    EXPECT_EQ(budget.charged_bytes(), source.live_bytes());
  }
  EXPECT_EQ(budget.charged_bytes(), 0U);
  EXPECT_EQ(budget.stats().peak_bytes, source.most_bytes());
}

TEST(MemoryBudget, LimitIsReachedToTheByteAndNotExceededByOne) {
  CountingSource source;
  MemoryBudget budget(limited(1000, &source));
  void* const most = budget.allocate(999, 16);
  void* const last = budget.allocate(1, 16);
  EXPECT_EQ(budget.charged_bytes(), 1000U);
  EXPECT_EQ(budget.stats().refusals, 0U);
  budget.deallocate(last, 1, 16);
  if (!kWithoutExceptions) {
    expect_exhausted([&] { (void)budget.allocate(2, 16); });
    EXPECT_EQ(budget.stats().refusals, 1U);
    EXPECT_EQ(source.calls(), 2U);
  }
  EXPECT_EQ(budget.charged_bytes(), 999U);
  budget.deallocate(most, 999, 16);
}

TEST(MemoryBudget, SizeThatWouldOverflowTheSumIsRefused) {
  CountingSource source;
  MemoryBudget budget(limited(kNone, &source));
  Arena arena(ArenaOptions{4096, &budget});
  const std::size_t charged = budget.charged_bytes();
  if (kWithoutExceptions && kNullIsChecked)
    GTEST_SKIP() << "a sanitizer ends a program with such a source";
  EXPECT_EQ(arena.try_allocate(PTRDIFF_MAX - 100), nullptr);
  EXPECT_EQ(budget.charged_bytes(), charged);
  EXPECT_EQ(budget.stats().refusals, 1U);
  EXPECT_EQ(source.calls(), 1U);
}

// Makes a budget the process-wide default, as it reaches LevelDB, and takes
// that back.
class DefaultBudget {
 public:
  explicit DefaultBudget(MemoryBudget& budget) {
    set_default_arena_options({4096, &budget});
  }
  DefaultBudget(const DefaultBudget&) = delete;
  DefaultBudget& operator=(const DefaultBudget&) = delete;
  ~DefaultBudget() { set_default_arena_options({}); }
};

// The limit grows slab by slab, so that the arena is refused at each of them.
TEST(MemoryBudget, ExhaustionAtAnySlabLeavesTheArenaAsItWas) {
  if (kWithoutExceptions && kNullIsChecked)
    GTEST_SKIP() << "a sanitizer ends a program with such a source";
  CountingSource source;
  MemoryBudget budget(limited(1, &source));
  std::uint64_t refused = 0;
  {
    const DefaultBudget default_budget(budget);
    Arena arena;
    Workload workload("leveldb", 301);
    for (int i = 0; i != 4000; ++i) {
      const ArenaRequest request = workload.next();
      const ArenaSnapshot before(arena);
      char* ptr = arena.try_allocate(request.bytes);
      while (ptr == nullptr) {
        ++refused;
        ASSERT_EQ(ArenaSnapshot(arena), before);
        ASSERT_EQ(budget.charged_bytes(), source.live_bytes());
        budget.set_limit(budget.stats().limit_bytes * 2);
        ptr = arena.try_allocate(request.bytes);
      }
    }
    EXPECT_GT(refused, 10U);
    EXPECT_EQ(budget.stats().refusals, refused);
    EXPECT_LE(source.most_bytes(), budget.stats().limit_bytes);
  }
  EXPECT_EQ(budget.charged_bytes(), 0U);
  EXPECT_EQ(source.live_bytes(), 0U);
}

TEST(MemoryBudget, ChargeIsTakenBackWhenUpstreamFails) {
  if (kWithoutExceptions && kNullIsChecked)
    GTEST_SKIP() << "a sanitizer ends a program with such a source";
  CountingSource source(2);
  MemoryBudget budget(limited(kNone, &source));
  Arena arena(ArenaOptions{4096, &budget});
  const std::size_t charged = budget.charged_bytes();
  EXPECT_EQ(arena.try_allocate(50'000), nullptr);
  EXPECT_EQ(budget.charged_bytes(), charged);
  EXPECT_EQ(budget.stats().refusals, 0U);
  EXPECT_NE(arena.try_allocate(50'000), nullptr);
}

TEST(MemoryBudget, BudgetOnABudgetIsHeldByBoth) {
  if (kWithoutExceptions && kNullIsChecked)
    GTEST_SKIP() << "a sanitizer ends a program with such a source";
  CountingSource source;
  MemoryBudget process(limited(20'000, &source));
  MemoryBudget database(limited(kNone, &process));
  Arena arena(ArenaOptions{4096, &database});
  const std::size_t charged = database.charged_bytes();
  EXPECT_EQ(arena.try_allocate(50'000), nullptr);
  EXPECT_EQ(process.stats().refusals, 1U);
  EXPECT_EQ(database.stats().refusals, 0U);
  EXPECT_EQ(database.charged_bytes(), charged);
  EXPECT_EQ(process.charged_bytes(), charged);
}

TEST(MemoryBudget, WithoutUpstreamTheBuiltInSourceServes) {
  MemoryBudget budget(limited(kNone, nullptr));
  {
    Arena arena(ArenaOptions{4096, &budget});
    (void)arena.allocate(3 << 20);
    EXPECT_EQ(budget.charged_bytes(),
              detail::ArenaInsider::reserved_bytes(arena));
  }
  EXPECT_EQ(budget.charged_bytes(), 0U);
}

TEST(MemoryBudget, CallbackIsCalledOnceACrossing) {
  Crossings crossings(100);
  crossings.charge(99);
  EXPECT_TRUE(crossings.calls().empty());
  EXPECT_FALSE(crossings.budget().is_over_threshold());
  crossings.charge(1);
  EXPECT_TRUE(crossings.budget().is_over_threshold());
  crossings.charge(50);
  crossings.credit_newest();  // 100: still over
  crossings.charge(50);
  EXPECT_EQ(crossings.calls(), std::vector<std::size_t>{100});
  crossings.credit_newest();
  crossings.credit_newest();  // 99
  EXPECT_FALSE(crossings.budget().is_over_threshold());
  crossings.charge(7);
  EXPECT_EQ(crossings.calls(), (std::vector<std::size_t>{100, 106}));
  EXPECT_EQ(crossings.budget().stats().crossings, 2U);
}

TEST(MemoryBudget, ThresholdLoweredBelowTheChargeIsACrossing) {
  Crossings crossings(100);
  crossings.charge(60);
  crossings.budget().set_threshold(61);
  EXPECT_TRUE(crossings.calls().empty());
  crossings.budget().set_threshold(60);
  EXPECT_EQ(crossings.calls(), std::vector<std::size_t>{60});
  crossings.budget().set_threshold(50);
  EXPECT_EQ(crossings.calls().size(), 1U);
}

TEST(MemoryBudget, ThresholdRaisedAboveTheChargeCanBeReachedAgain) {
  Crossings crossings(50);
  crossings.charge(60);
  crossings.budget().set_threshold(100);
  EXPECT_FALSE(crossings.budget().is_over_threshold());
  crossings.charge(40);
  EXPECT_EQ(crossings.calls(), (std::vector<std::size_t>{60, 100}));
  crossings.budget().set_threshold(kNone);
  crossings.charge(1000);
  EXPECT_EQ(crossings.calls().size(), 2U);
}

TEST(MemoryBudget, LimitBelowTheChargeRefusesUntilEnoughHasComeBack) {
  if (kWithoutExceptions) GTEST_SKIP() << "a refused charge ends the program";
  Crossings crossings(kNone, 1000);
  crossings.charge(400);
  crossings.charge(500);
  crossings.budget().set_limit(500);
  expect_exhausted([&] { crossings.charge(1); });
  crossings.credit_newest();
  crossings.charge(100);
  EXPECT_EQ(crossings.budget().charged_bytes(), 500U);
}

TEST(MemoryBudget, CallbackMayAllocateFromTheBudgetItself) {
  CountingSource source;
  MemoryBudget* budget = nullptr;
  int calls = 0;
  MemoryBudgetOptions options = limited(kNone, &source, 5000);
  options.on_threshold = [&](std::size_t) {
    ++calls;
    Arena other(ArenaOptions{4096, budget});
    EXPECT_NE(other.try_allocate(100'000), nullptr);
  };
  MemoryBudget made(options);
  budget = &made;
  Arena arena(ArenaOptions{4096, budget});
  (void)arena.allocate(10'000);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(made.charged_bytes(), detail::ArenaInsider::reserved_bytes(arena));
}

TEST(MemoryBudget, ThresholdReachesArenasThatAreMadeWithoutOptions) {
  Crossings crossings(3 << 20);
  {
    const DefaultBudget default_budget(crossings.budget());
    Arena arena;
    while (arena.memory_usage() < (4U << 20U)) (void)arena.allocate(1000);
  }
  EXPECT_EQ(crossings.calls().size(), 1U);
  EXPECT_EQ(crossings.budget().charged_bytes(), 0U);
}

TEST(MemoryBudget, ValuesThatAreNotAllowedAreNamed) {
  const auto make = [](std::size_t limit, std::size_t threshold) {
    return [=] { MemoryBudget budget(limited(limit, nullptr, threshold)); };
  };
  expect_invalid(make(0, kNone),
                 "MemoryBudget: limit_bytes is 0; allowed: 1 or more");
  expect_invalid(make(10, 11),
                 "MemoryBudget: limit_bytes is 10; allowed: threshold_bytes, "
                 "11, or more");
  expect_invalid(make(10, 0),
                 "MemoryBudget: threshold_bytes is 0; allowed: 1 to "
                 "limit_bytes, 10, and kNone");
}

TEST(MemoryBudget, RefusedSettingLeavesTheOneOfBefore) {
  MemoryBudget budget(limited(1000, nullptr, 500));
  expect_invalid([&] { budget.set_limit(0); }, "limit_bytes is 0");
  expect_invalid([&] { budget.set_limit(499); }, "limit_bytes is 499");
  expect_invalid([&] { budget.set_threshold(0); }, "threshold_bytes is 0");
  expect_invalid([&] { budget.set_threshold(1001); },
                 "threshold_bytes is 1001");
  EXPECT_EQ(budget.stats().limit_bytes, 1000U);
  EXPECT_EQ(budget.stats().threshold_bytes, 500U);
  budget.set_threshold(1000);
  budget.set_limit(1000);
  EXPECT_EQ(budget.stats().threshold_bytes, 1000U);
}

}  // namespace
}  // namespace bitcoinleveldb
