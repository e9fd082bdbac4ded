// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What the C interface allows from several threads.

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <thread>

#include "bitcoinleveldb_arena.h"

namespace {

TEST(CInterfaceThreads, UsageIsReadByAnotherThread) {
  bitcoinleveldb_arena* arena = nullptr;
  ASSERT_EQ(bitcoinleveldb_arena_create(nullptr, &arena),
            BITCOINLEVELDB_ARENA_OK);
  std::atomic<bool> done{false};
  std::size_t decreases = 0;
  std::thread reader([&] {
    std::size_t last = 0;
    while (!done) {
      const std::size_t usage = bitcoinleveldb_arena_memory_usage(arena);
      if (usage < last) ++decreases;
      last = usage;
    }
  });
  for (int i = 0; i != 20'000; ++i) {
    (void)bitcoinleveldb_arena_allocate(arena, 100);
  }
  done = true;
  reader.join();
  EXPECT_EQ(decreases, 0U);
  EXPECT_EQ(bitcoinleveldb_arena_memory_usage(arena),
            500U * (4096 + sizeof(char*)));
  bitcoinleveldb_arena_destroy(arena);
}

}  // namespace
