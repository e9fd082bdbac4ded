// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What several threads may do at once. ThreadSanitizer is the sharper judge;
// the assertions hold in every build.

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_blocks.h"
#include "bitcoinleveldb/arena_options.h"

namespace bitcoinleveldb {
namespace {

constexpr std::size_t kCounted = 4096 + sizeof(char*);

struct Reading {
  std::size_t decreases = 0;
  std::size_t torn = 0;
  std::size_t last = 0;
};

// Every block is a standard one, so usage is a multiple of what one counts.
void read_until(const Arena& arena, const std::atomic<bool>& done,
                Reading* reading) {
  bool last_round = false;
  while (!last_round) {
    last_round = done.load(std::memory_order_acquire);
    const std::size_t usage = arena.memory_usage();
    if (usage < reading->last) ++reading->decreases;
    if (usage % kCounted != 0) ++reading->torn;
    reading->last = usage;
  }
}

TEST(ArenaThreads, P6UsageIsReadByOthersWhileTheOwnerAllocates) {
  Arena arena;
  std::atomic<bool> done{false};
  std::vector<Reading> readings(2);
  std::vector<std::thread> readers;
  for (Reading& reading : readings) {
    readers.emplace_back(read_until, std::cref(arena), std::cref(done),
                         &reading);
  }
  for (int i = 0; i != 100'000; ++i) (void)arena.allocate(64);
  // Release pairs with the acquire of the readers: their last reading is then
  // of the final usage.
  done.store(true, std::memory_order_release);
  for (std::thread& reader : readers) reader.join();
  for (const Reading& reading : readings) {
    EXPECT_EQ(reading.decreases, 0U);
    EXPECT_EQ(reading.torn, 0U);
    EXPECT_EQ(reading.last, arena.memory_usage());
  }
}

TEST(ArenaThreads, DefaultsAreSetWhileOthersMakeArenas) {
  std::atomic<bool> done{false};
  std::vector<std::size_t> strange(2);
  std::vector<std::thread> makers;
  for (std::size_t& count : strange) {
    makers.emplace_back([&count, &done] {
      while (!done.load(std::memory_order_relaxed)) {
        Arena arena;
        (void)arena.allocate(1);
        const std::size_t bytes = (*ArenaBlocks(arena).begin()).bytes;
        if (bytes != 4096 && bytes != 8192) ++count;
      }
    });
  }
  for (int i = 0; i != 2000; ++i) {
    ArenaOptions options;
    options.block_bytes = i % 2 == 0 ? 8192 : 4096;
    set_default_arena_options(options);
  }
  done.store(true, std::memory_order_relaxed);
  for (std::thread& maker : makers) maker.join();
  EXPECT_EQ(strange, std::vector<std::size_t>(2));
  EXPECT_EQ(default_arena_options().block_bytes, 4096U);
}

TEST(ArenaThreads, DefaultsAreSetBySeveralThreadsAtOnce) {
  std::vector<std::thread> setters;
  for (std::size_t thread = 1; thread <= 3; ++thread) {
    setters.emplace_back([thread] {
      ArenaOptions options;
      options.block_bytes = 1024 * thread;
      for (int i = 0; i != 500; ++i) set_default_arena_options(options);
    });
  }
  for (std::thread& setter : setters) setter.join();
  const std::size_t bytes = default_arena_options().block_bytes;
  EXPECT_TRUE(bytes == 1024 || bytes == 2048 || bytes == 3072) << bytes;
  set_default_arena_options(ArenaOptions{});
}

TEST(ArenaThreads, ArenaIsHandedFromThreadToThread) {
  Arena arena;
  for (int i = 0; i != 8; ++i) {
    std::thread([&arena] {
      for (int k = 0; k != 1000; ++k) (void)arena.allocate_aligned(48);
    }).join();
  }
  EXPECT_EQ(arena.memory_usage(), (8000 / (4096 / 48) + 1) * kCounted);
}

}  // namespace
}  // namespace bitcoinleveldb
