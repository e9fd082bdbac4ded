// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <memory_resource>
#include <new>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_test.h"
#include "bitcoinleveldb/lcg_random.h"
#include "bitcoinleveldb/leveldb_dropin.h"
#include "bitcoinleveldb/memory_budget.h"
#include "dropin_store.h"
#include "oracle/leveldb_arena.h"

namespace bitcoinleveldb {
namespace {

// A standard block, and the pointer that it counts.
constexpr std::size_t kOneBlock = 4096 + sizeof(char*);

// Counts what it gives and takes back, and has nothing while it is told so.
class FaucetSource final : public std::pmr::memory_resource {
 public:
  bool dry = false;
  std::size_t given = 0;
  std::size_t taken_back = 0;

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    if (dry) {
#ifdef __cpp_exceptions
      throw std::bad_alloc();
#else
      return nullptr;
#endif
    }
    given += bytes;
    return default_block_source()->allocate(bytes, alignment);
  }
  void do_deallocate(void* memory, std::size_t bytes,
                     std::size_t alignment) override {
    taken_back += bytes;
    default_block_source()->deallocate(memory, bytes, alignment);
  }
  bool do_is_equal(
      const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }
};

// Makes a FaucetSource the block source of all arenas while a test runs.
class LevelDbDropin : public testing::Test {
 protected:
  LevelDbDropin() {
    ArenaOptions options;
    options.block_source = &source_;
    set_default_arena_options(options);
  }
  ~LevelDbDropin() override {
    set_default_arena_options(ArenaOptions());
    unsetenv("BITCOINLEVELDB_ARENA_DROPIN_THROW");
  }

  FaucetSource source_;
};

TEST_F(LevelDbDropin, InlinedLevelDbCodeRunsTheRandomizedTest) {
  leveldb::Arena arena;
  const ArenaTestResult result = ArenaTest{}.run(arena);
  EXPECT_TRUE(result.passed()) << result.faults.front().message;
  EXPECT_TRUE(result.usage_known);
}

TEST_F(LevelDbDropin, InlinedLevelDbCodeHasTheUsageOfArenaAfterEveryCall) {
  leveldb::Arena dropin;
  Arena arena;
  LcgRandom random(301);
  for (int i = 0; i < 20'000; ++i) {
    const auto bytes =
        static_cast<std::size_t>(1 + random.uniform(1U << random.uniform(14)));
    if (random.one_in(4)) {
      ASSERT_NE(dropin.AllocateAligned(bytes), nullptr);
      ASSERT_NE(arena.allocate_aligned(bytes), nullptr);
    } else {
      ASSERT_NE(dropin.Allocate(bytes), nullptr);
      ASSERT_NE(arena.allocate(bytes), nullptr);
    }
    ASSERT_EQ(dropin.MemoryUsage(), arena.memory_usage()) << i;
  }
}

TEST_F(LevelDbDropin, ArenasAreCounted) {
  const std::size_t before = leveldb_dropin_arenas();
  leveldb::Arena first;
  leveldb::Arena second;
  EXPECT_EQ(leveldb_dropin_arenas(), before + 2);
}

TEST_F(LevelDbDropin, MemtablesOfADatabaseComeFromTheDefaultSource) {
  const std::string path = testing::TempDir() + "dropin_default_source.db";
  const StoreReport report = fill_store(path);
  EXPECT_EQ(report.fault, "");
  // The records are 2,000 bytes long at most and 1,000 on average.
  EXPECT_GT(source_.given, 2'000'000U);
  EXPECT_EQ(source_.given, source_.taken_back);
}

TEST_F(LevelDbDropin, MemtablesOfADatabaseReachTheThresholdOfABudget) {
  std::atomic<int> crossings{0};
  MemoryBudgetOptions budget_options;
  budget_options.threshold_bytes = 100'000;
  budget_options.on_threshold = [&crossings](std::size_t) { ++crossings; };
  budget_options.upstream = &source_;
  MemoryBudget budget(budget_options);
  ArenaOptions options;
  options.block_source = &budget;
  set_default_arena_options(options);
  const StoreReport report =
      fill_store(testing::TempDir() + "dropin_budget.db");
  EXPECT_EQ(report.fault, "");
  EXPECT_GE(crossings, 1);
  EXPECT_EQ(budget.stats().crossings, static_cast<unsigned>(crossings));
  EXPECT_EQ(budget.charged_bytes(), 0U);
}

TEST_F(LevelDbDropin, ExhaustionAbortsWithOneLine) {
  leveldb::Arena arena;
  source_.dry = true;
  EXPECT_DEATH((void)arena.Allocate(100),
               "^bitcoinleveldb-arena: out of memory for 100 bytes of a "
               "LevelDB memtable; aborting, because LevelDB cannot go on\n$");
  EXPECT_DEATH((void)arena.AllocateAligned(64),
               "^bitcoinleveldb-arena: out of memory for 64 bytes of a LevelDB "
               "memtable; aborting, because LevelDB cannot go on\n$");
}

TEST_F(LevelDbDropin, ExhaustionOfADatabaseAbortsWithOneLine) {
  const std::string path = testing::TempDir() + "dropin_exhausted.db";
  source_.dry = true;
  EXPECT_DEATH((void)fill_store(path),
               "^bitcoinleveldb-arena: out of memory for [0-9]+ bytes of a "
               "LevelDB memtable; aborting, because LevelDB cannot go on\n$");
}

TEST_F(LevelDbDropin, ExhaustionThrowsOnRequestAndLeavesTheArenaAsItWas) {
  ASSERT_EQ(setenv("BITCOINLEVELDB_ARENA_DROPIN_THROW", "1", 1), 0);
  leveldb::Arena arena;
  for (int i = 0; i < 4; ++i) (void)arena.Allocate(1000);
#ifdef __cpp_exceptions
  source_.dry = true;
  EXPECT_THROW((void)arena.Allocate(1U << 20U), std::bad_alloc);
  EXPECT_THROW((void)arena.AllocateAligned(1U << 20U), std::bad_alloc);
  EXPECT_EQ(arena.MemoryUsage(), kOneBlock);
  EXPECT_NE(arena.Allocate(96), nullptr);
  EXPECT_EQ(arena.MemoryUsage(), kOneBlock);
  source_.dry = false;
  EXPECT_NE(arena.Allocate(1), nullptr);
  EXPECT_EQ(arena.MemoryUsage(), 2 * kOneBlock);
#else
  source_.dry = true;
  EXPECT_DEATH((void)arena.Allocate(1U << 20U), "built without exceptions");
#endif
}

TEST_F(LevelDbDropin, ExhaustionAbortsIfThrowingIsNotAskedForWithOne) {
  ASSERT_EQ(setenv("BITCOINLEVELDB_ARENA_DROPIN_THROW", "0", 1), 0);
  leveldb::Arena arena;
  source_.dry = true;
  EXPECT_DEATH((void)arena.Allocate(100), "aborting, because LevelDB");
}

}  // namespace
}  // namespace bitcoinleveldb
