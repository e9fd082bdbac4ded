// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What the table of docs/safety.md allows from several threads and no other
// test tries. ThreadSanitizer is the sharper judge; the assertions hold in
// every build.

#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_cursor.h"
#include "bitcoinleveldb/arena_guard.h"
#include "bitcoinleveldb/arena_objects.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/arena_resize.h"
#include "bitcoinleveldb/arena_scope.h"
#include "bitcoinleveldb/arena_stats.h"
#include "bitcoinleveldb/huge_page_source.h"
#include "bitcoinleveldb/lcg_random.h"
#include "bitcoinleveldb/process_memory.h"
#include "block_sources.h"
#include "seldom.h"

namespace bitcoinleveldb {
namespace {

// Runs `work` in `count` threads at once, with the number of each.
template <class Work>
void in_threads(int count, const Work& work) {
  std::vector<std::thread> threads;
  for (int i = 0; i != count; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
}

TEST(Threads, AnyMayChangeWhichArenasAreGuarded) {
  in_threads(3, [](int thread) {
    for (int i = 0; i != 200; ++i) {
      if (thread != 0) {
        guard_new_arenas(1 + static_cast<std::size_t>(i % 3),
                         {kSeldom, "arena"});
      }
      Arena arena;
      (void)arena.allocate(1);
    }
  });
  guard_new_arenas(0);
  EXPECT_EQ(guard_stats().guarded, 0U);
}

TEST(Threads, UsageIsReadWhileTheOwnerDoesWhateverItMay) {
  Arena arena;
  std::atomic<bool> done{false};
  std::size_t strange = 0;
  std::thread reader([&] {
    while (!done) {
      const std::size_t usage = arena.memory_usage();
      // Of one round at most: 200 blocks, and a dedicated one.
      if (usage > 200U * 4104 + 400'000) ++strange;
    }
  });
  for (int round = 0; round != 200; ++round) {
    {
      ArenaScope scope(arena);
      for (int i = 0; i != 50; ++i) (void)arena.allocate(1000);
      scope.rewind();
      ArenaCursor cursor(arena);
      for (int i = 0; i != 50; ++i) (void)cursor.allocate(500);
    }
    char* const newest = arena.allocate(100'000);
    (void)try_resize_newest(arena, newest, 100'000, 50'000);
    (void)make_owned<std::vector<int>>(arena, 10U);
    arena.reset(round % 2 == 0 ? Arena::kKeepAll : 0);
  }
  done = true;
  reader.join();
  EXPECT_EQ(strange, 0U);
  EXPECT_EQ(arena.memory_usage(), 0U);
}

// As LevelDB's writers use a memtable: by turns, under a lock of their own.
TEST(Threads, OwnersMayTakeTurnsUnderALock) {
  Arena arena;
  std::mutex mutex;
  std::vector<std::vector<char*>> places(3);
  in_threads(3, [&](int id) {
    for (int i = 0; i != 1000; ++i) {
      const std::lock_guard lock(mutex);
      char* const place = arena.allocate(10);
      std::memset(place, id, 10);
      places[static_cast<std::size_t>(id)].push_back(place);
    }
  });
  for (int id = 0; id != 3; ++id) {
    for (const char* place : places[static_cast<std::size_t>(id)]) {
      for (int i = 0; i != 10; ++i) ASSERT_EQ(place[i], id);
    }
  }
  EXPECT_EQ(stats(arena).blocks, 8U);  // 409 in a block
}

// What lies in an arena is memory like any other: readers need the program's
// own order with its writer, and nothing of the arena.
TEST(Threads, WhatWasPublishedIsReadWhileTheOwnerAllocates) {
  Arena arena;
  std::atomic<const char*> published{nullptr};
  std::atomic<bool> done{false};
  std::atomic<std::size_t> torn{0};
  std::vector<std::thread> readers;
  for (int i = 0; i != 2; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        const char* const piece = published.load(std::memory_order_acquire);
        if (piece != nullptr && piece[0] != piece[31]) ++torn;
      }
    });
  }
  for (int i = 0; i != 20'000; ++i) {
    char* const piece = arena.allocate(32);
    std::memset(piece, i, 32);
    published.store(piece, std::memory_order_release);
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(torn, 0U);
}

TEST(Threads, ArenasOfThreadsOnOneSourceOfHugePagesDoNotMeet) {
  std::atomic<std::size_t> wrong{0};
  in_threads(3, [&wrong](int id) {
    for (int round = 0; round != 5; ++round) {
      Arena arena(ArenaOptions{4096, huge_page_source()});
      std::vector<char*> places;
      for (int i = 0; i != 60; ++i) {
        places.push_back(arena.allocate(100'000));
        std::memset(places.back(), id, 100'000);
      }
      for (const char* place : places) {
        if (place[0] != id || place[99'999] != id) ++wrong;
      }
    }
  });
  EXPECT_EQ(wrong, 0U);
}

TEST(Threads, BuiltInSourceMayBeTrimmedWhileOthersAllocate) {
  std::atomic<int> running{2};
  std::thread trimmer([&running] {
    while (running != 0) (void)trim_default_block_source();
  });
  in_threads(2, [&running](int id) {
    for (int round = 0; round != 100; ++round) {
      Arena arena;
      for (int i = 0; i != 20; ++i) {
        std::memset(arena.allocate(20'000), id, 20'000);
      }
    }
    --running;
  });
  trimmer.join();
  (void)trim_default_block_source();
  EXPECT_EQ(process_memory().depot_bytes, 0U);
}

TEST(Threads, EachMayDrawFromALcgRandomOfItsOwn) {
  std::vector<std::uint64_t> drawn(3);
  in_threads(3, [&drawn](int id) {
    LcgRandom random(301);
    for (int i = 0; i != 1000; ++i) {
      drawn[static_cast<std::size_t>(id)] += random.uniform(1000);
    }
  });
  EXPECT_EQ(drawn[0], drawn[1]);
  EXPECT_EQ(drawn[0], drawn[2]);
}

// What a thread has made outlives it, whatever the thread's cache of slabs
// held.
TEST(Threads, ArenaCursorAndObjectsOutliveTheirThread) {
  const auto arena = std::make_unique<Arena>();
  std::unique_ptr<ArenaCursor> cursor;
  std::vector<int>* numbers = nullptr;
  std::thread([&] {
    {
      Arena gone;
      (void)gone.allocate(1);
    }  // its slab stays in the cache
    numbers = make_owned<std::vector<int>>(*arena, 1000U, 7);
    cursor = std::make_unique<ArenaCursor>(*arena);
    std::memset(cursor->allocate(3000), 1, 3000);
  }).join();
  for (int i = 0; i != 100; ++i) std::memset(cursor->allocate(3000), 2, 3000);
  cursor.reset();
  EXPECT_EQ(numbers->at(999), 7);
  std::thread([&] { arena->reset(); }).join();
  (void)arena->allocate(1);
  EXPECT_EQ(arena->memory_usage(), 4096 + sizeof(char*));
}

#ifdef __cpp_exceptions
// A thread that is ended between two calls unwinds, and its arenas give back
// what they hold.
TEST(Threads, ThreadThatEndsInAScopeGivesEverythingBack) {
  CountingSource source;
  std::thread([&source] {
    Arena arena(ArenaOptions{4096, &source});
    ArenaScope scope(arena);
    (void)arena.allocate(100'000);
    ArenaCursor cursor(arena);
    (void)cursor.allocate(100'000);
    pthread_exit(nullptr);
  }).join();
  EXPECT_GT(source.calls(), 1U);
  EXPECT_EQ(source.live_bytes(), 0U);
}
#endif

}  // namespace
}  // namespace bitcoinleveldb
