// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <new>
#include <type_traits>

#include "bitcoinleveldb/arena_test.h"
#include "db/memtable.h"

#ifndef STORAGE_LEVELDB_UTIL_ARENA_H_
#error "without LevelDB's guard its own header could be included too"
#endif

namespace leveldb {
namespace {

static_assert(!std::is_copy_constructible_v<Arena> &&
              !std::is_copy_assignable_v<Arena>);
static_assert(sizeof(void*) != 8 || sizeof(Arena) == 48);

// A standard block, and the pointer that it counts.
constexpr std::size_t kOneBlock = 4096 + sizeof(char*);

constexpr std::size_t kTooMuch = std::numeric_limits<std::size_t>::max() / 2;

// Entries of a few bytes and, now and then, of more than a quarter block.
std::string value_of(int record) {
  return std::string(static_cast<std::size_t>(record % 1500), 'v');
}

TEST(LevelDbSourceDropin, MemtableReturnsWhatWasAdded) {
  MemTable table;
  for (int i = 0; i < 5000; ++i) table.Add(std::to_string(i), value_of(i));
  for (int i = 0; i < 5000; ++i) {
    std::string value;
    ASSERT_TRUE(table.Get(std::to_string(i), &value)) << i;
    ASSERT_EQ(value, value_of(i)) << i;
  }
  std::string value;
  EXPECT_FALSE(table.Get("5000", &value));
}

TEST(LevelDbSourceDropin, MemtableIsInTheOrderOfItsKeys) {
  MemTable table;
  for (const char* const key : {"delta", "alpha", "charlie", "bravo"}) {
    table.Add(key, "");
  }
  EXPECT_EQ(table.Keys(), "alpha bravo charlie delta ");
}

// The usage of LevelDB's policy: the head of the skip list takes a standard
// block, an entry above a quarter block that does not fit takes its own.
TEST(LevelDbSourceDropin, UsageOfAMemtableIsLevelDbs) {
  MemTable table;
  EXPECT_EQ(table.ApproximateMemoryUsage(), kOneBlock);
  table.Add("key", std::string(5000 - 11, 'v'));
  EXPECT_EQ(table.ApproximateMemoryUsage(), kOneBlock + 5000 + sizeof(char*));
}

TEST(LevelDbSourceDropin, ArenaPassesTheRandomizedTest) {
  Arena arena;
  const bitcoinleveldb::ArenaTestResult result =
      bitcoinleveldb::ArenaTest{}.run(arena);
  EXPECT_TRUE(result.passed()) << result.faults.front().message;
  EXPECT_TRUE(result.usage_known);
}

TEST(LevelDbSourceDropin, ZeroBytesAreServedAsOne) {
  Arena arena;
  char* const first = arena.Allocate(0);
  EXPECT_EQ(arena.Allocate(1), first + 1);
  char* const aligned = arena.AllocateAligned(0);
  EXPECT_EQ(aligned, first + 8);
  EXPECT_EQ(arena.Allocate(1), aligned + 1);
}

TEST(LevelDbSourceDropin, ExhaustionAbortsWithOneLine) {
  Arena arena;
  EXPECT_DEATH((void)arena.Allocate(kTooMuch),
               "^bitcoinleveldb-arena: out of memory for [0-9]+ bytes of a "
               "LevelDB memtable; aborting, because LevelDB cannot go on\n$");
  EXPECT_DEATH((void)arena.AllocateAligned(kTooMuch),
               "^bitcoinleveldb-arena: out of memory for [0-9]+ bytes of a "
               "LevelDB memtable; aborting, because LevelDB cannot go on\n$");
}

TEST(LevelDbSourceDropin, ExhaustionThrowsOnRequest) {
  ASSERT_EQ(setenv("BITCOINLEVELDB_ARENA_DROPIN_THROW", "1", 1), 0);
  Arena arena;
#ifdef __cpp_exceptions
  EXPECT_THROW((void)arena.Allocate(kTooMuch), std::bad_alloc);
  EXPECT_THROW((void)arena.AllocateAligned(kTooMuch), std::bad_alloc);
#else
  EXPECT_DEATH((void)arena.Allocate(kTooMuch), "built without exceptions");
#endif
  EXPECT_EQ(arena.MemoryUsage(), 0U);
  unsetenv("BITCOINLEVELDB_ARENA_DROPIN_THROW");
}

}  // namespace
}  // namespace leveldb
