// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The default source at the edges of threads and processes: destructors of
// thread-specific data, which run after those of thread_local objects, and a
// child of a fork whose parent was busy in another thread.

#include <gtest/gtest.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <memory>
#include <memory_resource>
#include <thread>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_name.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/block_depot.h"
#include "bitcoinleveldb/huge_page_source.h"
#include "bitcoinleveldb/process_memory.h"
#include "forked_children.h"
#include "sanitizers.h"
#include "sizes.h"

namespace bitcoinleveldb {
namespace {

void fill(Arena& arena, std::size_t bytes) {
  for (std::size_t done = 0; done < bytes; done += kKib) {
    std::memset(arena.allocate(kKib), 1, kKib);
  }
}

// A sanitizer's malloc has other figures, and ThreadSanitizer does not take to
// forks of programs with threads.
constexpr bool kPlain = !kAddressSanitizer && !kThreadSanitizer;

TEST(DefaultSourceProcess, ArenaOfThreadSpecificDataLeavesNothingBehind) {
  if (!kPlain) GTEST_SKIP() << "needs the figures of glibc's malloc";
  pthread_key_t key{};
  ASSERT_EQ(pthread_key_create(
                &key, [](void* arena) { delete static_cast<Arena*>(arena); }),
            0);
  const auto run_threads = [key](int threads) {
    for (int i = 0; i != threads; ++i) {
      std::thread([key] {
        auto arena = std::make_unique<Arena>();
        fill(*arena, 100 * kKib);
        pthread_setspecific(key, arena.release());
      }).join();
    }
  };
  run_threads(10);
  const std::size_t before = mallinfo2().uordblks;
  run_threads(100);
  // A thread could have kept 144 KiB.
  EXPECT_LT(mallinfo2().uordblks, before + 1000 * kKib);
  pthread_key_delete(key);
}

TEST(DefaultSourceProcess, ChildOfAForkIsNotLockedOutByAnotherThread) {
  if (!kPlain) GTEST_SKIP() << "forks while another thread runs";
  std::atomic<bool> ended{false};
  std::thread busy([&ended] {
    // Little else than the lock of the process's depot, taken and let go.
    std::pmr::memory_resource* const source = default_block_source();
    while (!ended) {
      void* const slab = source->allocate(240 * kKib, 16);
      source->deallocate(slab, 240 * kKib, 16);
    }
  });
  const int finished = count_children_that_finish([] {
    Arena arena;
    fill(arena, 240 * kKib);
    return true;
  });
  ended = true;
  busy.join();
  EXPECT_EQ(finished, 300);
}

// All locks that a thread may hold at a fork: those of a depot of one's own and
// of what the figures of the process are read from.
TEST(DefaultSourceProcess, ChildOfAForkMayUseDepotsAndAskForFigures) {
  if (!kPlain) GTEST_SKIP() << "forks while another thread runs";
  BlockDepot depot;
  std::atomic<bool> ended{false};
  std::thread busy([&] {
    while (!ended) {
      depot.deallocate(depot.allocate(4096, 16), 4096, 16);
      const BlockDepot another;
      (void)named_arenas();
      std::pmr::memory_resource* const source = huge_page_source();
      void* const slab = source->allocate(2048 * kKib, 16);
      source->deallocate(slab, 2048 * kKib, 16);
    }
  });
  const int finished = count_children_that_finish([&depot] {
    depot.deallocate(depot.allocate(4096, 16), 4096, 16);
    Arena arena;
    fill(arena, 4096 * kKib);
    const ArenaName name(arena, "of the child");
    return process_memory().arena_bytes >= 4096 * kKib &&
           process_residency()->mapped_bytes != 0;
  });
  ended = true;
  busy.join();
  EXPECT_EQ(finished, 300);
}

// What other threads kept is lost to the child, and it counts as theirs.
TEST(DefaultSourceProcess, WhatOtherThreadsKeptStillCountsInTheChildOfAFork) {
  if (!kPlain) GTEST_SKIP() << "nothing is kept under AddressSanitizer";
  std::atomic<int> step{0};
  std::thread other([&step] {
    {
      Arena arena;
      fill(arena, 10 * kKib);
    }
    step = 1;
    while (step != 2) std::this_thread::yield();
  });
  while (step != 1) std::this_thread::yield();
  const ProcessMemory memory = process_memory();
  EXPECT_GT(memory.thread_bytes, 10 * kKib);
  const pid_t child = fork();
  if (child == 0) {
    const ProcessMemory same = process_memory();
    _exit(same.thread_bytes == memory.thread_bytes &&
                  same.arena_bytes == memory.arena_bytes
              ? 0
              : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  step = 2;
  other.join();
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

// Eight slabs of sizes that no one asks for again must not keep out the others.
TEST(DefaultSourceProcess, StaleSizesMakeRoomInAThread) {
  if (!kPlain) GTEST_SKIP() << "looks at addresses that are reused";
  for (std::size_t i = 0; i != 8; ++i) {
    Arena arena;
    (void)arena.allocate(5000 + 16 * i);
  }
  const auto first_address = [] {
    Arena arena;
    return reinterpret_cast<std::uintptr_t>(arena.allocate(100));
  };
  const std::uintptr_t first = first_address();
  // Whatever else the heap hands out in between, the slab comes back.
  const auto other = std::make_unique<char[]>(4200);
  EXPECT_EQ(first_address(), first);
}

}  // namespace
}  // namespace bitcoinleveldb
