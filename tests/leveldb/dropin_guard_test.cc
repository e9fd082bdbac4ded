// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// BITCOINLEVELDB_ARENA_GUARD guards the arenas of a program that is linked with
// the drop-in and knows nothing of it. What is guarded shows only from within,
// so this program asks, and does itself what the drop-in does at its start.

#include <gtest/gtest.h>
#include <leveldb/db.h>
#include <leveldb/iterator.h>
#include <signal.h>
#include <stdlib.h>

#include <cstdint>
#include <memory>
#include <string>

#include "bitcoinleveldb/arena_guard.h"
#include "dropin_store.h"
#include "unit/sanitizers.h"

namespace bitcoinleveldb {
namespace {

std::string database(const char* name) {
  return testing::TempDir() + "dropin_guard_" + name + ".db";
}

// Sets the environment and does what the drop-in does when a program starts.
void start_with(const char* one_in, const char* bytes) {
  setenv(kGuardVariable, one_in, 1);
  setenv(kGuardBytesVariable, bytes, 1);
  setenv(kGuardQuarantineVariable, "16777216", 1);
  EXPECT_TRUE(guard_arenas_from_environment());
}

std::unique_ptr<leveldb::DB> open(const std::string& path) {
  leveldb::Options options;
  options.create_if_missing = true;
  leveldb::DestroyDB(path, options);
  leveldb::DB* db = nullptr;
  EXPECT_TRUE(leveldb::DB::Open(options, path, &db).ok());
  return std::unique_ptr<leveldb::DB>(db);
}

// A store of 2,000 entries and 2 MB, as the other tests of the drop-in fill it.
TEST(LevelDbDropinGuard, EveryAllocationOfAMemtableIsGuarded) {
  const std::uint64_t before = guard_stats().total;
  start_with("1", "0");
  const StoreReport report = fill_store(database("all"));
  guard_new_arenas(0);
  EXPECT_EQ(report.fault, "");
  EXPECT_EQ(report.memory_usage, std::to_string(4096 + sizeof(char*)));
  EXPECT_GE(guard_stats().total - before, 4000U);
  EXPECT_EQ(guard_stats().refused, 0U);
  EXPECT_EQ(guard_stats().guarded, 0U);
  EXPECT_GT(guard_stats().quarantined, 0U);
  EXPECT_LE(guard_stats().quarantined_bytes, 16'777'216U);
}

TEST(LevelDbDropinGuard, SampleOfTheAllocationsOfAMemtableIsGuarded) {
  const std::uint64_t before = guard_stats().total;
  start_with("1", "100000");
  EXPECT_EQ(fill_store(database("sample")).fault, "");
  guard_new_arenas(0);
  // 2 MB have 20 points; none at all has a probability of 2e-9.
  EXPECT_GT(guard_stats().total, before);
  EXPECT_LT(guard_stats().total - before, 60U);
}

// Sanitizers handle the fault after us and leave by an exit code of theirs.
bool ended_of_a_fault(int status) {
  return testing::KilledBySignal(SIGSEGV)(status) ||
         ((kAddressSanitizer || kThreadSanitizer) &&
          !testing::ExitedWithCode(0)(status));
}

// A key as LevelDB's iterator shows it lies in the memtable, and must not be
// read once that is gone.
TEST(LevelDbDropinGuardDeathTest, UseOfAKeyAfterItsMemtableTrapsWithAReport) {
  EXPECT_EXIT(
      {
        start_with("1", "0");
        auto db = open(database("crime"));
        db->Put(leveldb::WriteOptions(), "a key", "a value");
        std::unique_ptr<leveldb::Iterator> iterator(
            db->NewIterator(leveldb::ReadOptions()));
        iterator->SeekToFirst();
        const leveldb::Slice key = iterator->key();
        EXPECT_TRUE(find_guarded(key.data()));
        iterator.reset();
        db.reset();
        (void)*static_cast<const volatile char*>(key.data());
      },
      ended_of_a_fault,
      "bitcoinleveldb-arena: access to 0x[0-9a-f]+, at offset 1 of allocation "
      "[0-9]+ \\(22 bytes at 0x[0-9a-f]+\\) of guarded arena [0-9]+ \\(at "
      "0x[0-9a-f]+\\), which went with the arena\n");
}

TEST(LevelDbDropinGuard, ValueThatIsNotAllowedIsSaidAndGuardsNothing) {
  for (const char* const value :
       {"often", "", "0", "-1", "1 ", "1e3", "99999999999999999999"}) {
    setenv(kGuardVariable, value, 1);
    testing::internal::CaptureStderr();
    EXPECT_FALSE(guard_arenas_from_environment());
    EXPECT_EQ(testing::internal::GetCapturedStderr(),
              "bitcoinleveldb-arena: BITCOINLEVELDB_ARENA_GUARD is \"" +
                  std::string(value) +
                  "\" and has no effect; allowed: whole numbers from 1 to " +
                  std::to_string(SIZE_MAX) + "\n");
  }
  unsetenv(kGuardVariable);
  EXPECT_FALSE(guard_arenas_from_environment());
}

}  // namespace
}  // namespace bitcoinleveldb
