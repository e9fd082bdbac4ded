// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What an arena asks of the global operator new, and what happens when that
// fails: D3 on a source that is operator new and nothing else, and on the
// built-in one, which recycles; beside LevelDB, which leaks. A program of its
// own, since it replaces operator new. (Valgrind leaves that to it with
// --soname-synonyms=somalloc=nouserintercepts.)

#include <gtest/gtest.h>

#include <cstring>
#include <memory_resource>
#include <new>
#include <vector>

#include "arena_snapshot.h"
#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/page_source.h"
#include "bitcoinleveldb/process_memory.h"
#include "bitcoinleveldb/workload.h"
#include "expect_failure.h"
#include "failing_heap.h"
#include "plain_source.h"
#ifdef TESTS_HAVE_LEVELDB
#include "oracle/leveldb_arena.h"
#endif

namespace bitcoinleveldb {
namespace {

// Live allocations of the program.
std::size_t live() { return FailingHeap::news() - FailingHeap::deletes(); }

TEST(HeapFailure, DefaultConstructionAndDestructionTakeNoMemory) {
  const std::size_t news = FailingHeap::news();
  const std::size_t deletes = FailingHeap::deletes();
  { const Arena arena; }
  EXPECT_EQ(FailingHeap::news(), news);
  EXPECT_EQ(FailingHeap::deletes(), deletes);
}

TEST(HeapFailure, FirstRequestTakesOneSlab) {
  const PlainByDefault plain;
  const std::size_t news = FailingHeap::news();
  const std::size_t deletes = FailingHeap::deletes();
  {
    Arena arena;
    (void)arena.allocate(1);
    EXPECT_EQ(FailingHeap::news(), news + 1);
  }
  EXPECT_EQ(FailingHeap::deletes(), deletes + 1);
}

// Runs 2,000 requests while operator new fails at its call `call`, and returns
// where they came to lie. At most `kept_max` slabs may stay live.
std::vector<Place> run(std::size_t call, std::size_t kept_max, bool* failed) {
  std::vector<Place> places;
  places.reserve(2000);
  Workload workload("big-entries", 301);
  const std::size_t live_before = live();
  {
    Arena arena;
    std::size_t calls_left = call;
    for (int i = 0; i != 2000; ++i) {
      const ArenaRequest request = workload.next();
      const ArenaSnapshot before(arena);
      const std::size_t news = FailingHeap::news();
      FailingHeap::fail_at(calls_left);
      char* ptr = request.aligned ? arena.try_allocate_aligned(request.bytes)
                                  : arena.try_allocate(request.bytes);
      const bool failed_now = FailingHeap::disarm();
      EXPECT_EQ(ptr == nullptr, failed_now);
      if (failed_now) {
        *failed = true;
        calls_left = 0;
        EXPECT_EQ(ArenaSnapshot(arena), before);
        ptr = request.aligned ? arena.allocate_aligned(request.bytes)
                              : arena.allocate(request.bytes);
      } else if (calls_left != 0) {
        calls_left -= FailingHeap::news() - news;
      }
      std::memset(ptr, i, request.bytes);
      places.push_back(place_of(arena, ptr));
    }
  }
  // What the built-in source keeps is live, but no more than it ever keeps.
  EXPECT_LE(live(), live_before + kept_max);
  return places;
}

// Lets every call of operator new fail, one in each run, and returns how many
// there are.
std::size_t walk(std::size_t kept_max) {
  bool failed = false;
  const std::vector<Place> undisturbed = run(0, kept_max, &failed);
  EXPECT_FALSE(failed);
  std::size_t call = 1;
  for (;; ++call) {
    failed = false;
    EXPECT_EQ(run(call, kept_max, &failed), undisturbed)
        << "failed at call " << call;
    if (!failed) break;
  }
  return call - 1;
}

TEST(HeapFailure, D3EveryFailureOfOperatorNewLeavesTheArenaAsItWas) {
  const PlainByDefault plain;
  EXPECT_GT(walk(0), 5U);
}

// Under ASan the built-in source keeps nothing; else what one run gave back
// serves the next, so large blocks of a first arena are held meanwhile.
TEST(HeapFailure, D3HoldsOnTheBuiltInSource) {
  std::vector<Arena> in_use(3);
  for (Arena& arena : in_use) {
    for (int i = 0; i != 3000; ++i) (void)arena.allocate(1000);
  }
  const std::size_t deletes = FailingHeap::deletes();
  (void)walk(64);
  EXPECT_NE(FailingHeap::deletes(), deletes);
}

TEST(HeapFailure, D3FailureOfOperatorNewIsBadAlloc) {
  const PlainByDefault plain;
  Arena arena;
  expect_exhausted([&] {
    FailingHeap::fail_at(1);
    (void)arena.allocate(1);
  });
  FailingHeap::disarm();
  EXPECT_EQ(arena.memory_usage(), 0U);
  EXPECT_NE(arena.allocate(1), nullptr);
}

TEST(HeapFailure, D3FailureToSetDefaultsLeavesThem) {
  ArenaOptions options;
  options.block_bytes = 8192;
  expect_exhausted([&] {
    FailingHeap::fail_at(1);
    set_default_arena_options(options);
  });
  FailingHeap::disarm();
  EXPECT_EQ(default_arena_options().block_bytes, 4096U);
}

TEST(HeapFailure, PagesThatCannotBeNotedAreGivenBack) {
  Arena arena({4096, page_source()});
  const std::size_t mapped = process_memory().mapped_bytes;
  FailingHeap::fail_at(1);
  EXPECT_EQ(arena.try_allocate(100'000), nullptr);
  EXPECT_TRUE(FailingHeap::disarm());
  EXPECT_EQ(process_memory().mapped_bytes, mapped);
  EXPECT_NE(arena.allocate(100'000), nullptr);
}

#if defined(TESTS_HAVE_LEVELDB) && defined(__cpp_exceptions)
// Where LevelDB's table of blocks has to grow, a block has been taken already.
TEST(LevelDbArena, BlockIsLeakedWhenItsTableCannotGrow) {
  const std::size_t live_before = live();
  void* leaked = nullptr;
  {
    leveldb::Arena arena;
    do {
      (void)arena.Allocate(4096);
    } while (arena.blocks.size() != arena.blocks.capacity());
    FailingHeap::fail_at(2);
    EXPECT_THROW((void)arena.Allocate(4096), std::bad_alloc);
    FailingHeap::disarm();
    leaked = FailingHeap::newest();
  }
  EXPECT_EQ(live(), live_before + 1);
  ::operator delete(leaked);
}
#endif

#ifdef TESTS_HAVE_LEVELDB
TEST(LevelDbArena, DestructionDeletesEveryBlock) {
  std::size_t deletes = 0;
  {
    leveldb::Arena arena;
    for (int i = 0; i != 1000; ++i) (void)arena.Allocate(4096);
    deletes = FailingHeap::deletes();
  }
  EXPECT_EQ(FailingHeap::deletes(), deletes + 1000 + 1);
}
#endif

TEST(HeapFailure, D5DestructionDeletesSlabsNotBlocks) {
  const PlainByDefault plain;
  std::size_t deletes = 0;
  {
    Arena arena;
    for (int i = 0; i != 4000; ++i) (void)arena.allocate(1024);
    EXPECT_EQ(ArenaBlocks(arena).size(), 1000U);
    deletes = FailingHeap::deletes();
  }
  EXPECT_LT(FailingHeap::deletes(), deletes + 20);
}

}  // namespace
}  // namespace bitcoinleveldb
