// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/page_source.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstring>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/process_memory.h"
#include "expect_failure.h"
#include "guard_helpers.h"

namespace bitcoinleveldb {
namespace {

TEST(PageSource, EverySlabHasWholePagesOfItsOwn) {
  for (const std::size_t bytes : {1U, 4096U, 4208U, 3'000'000U}) {
    const std::size_t mapped = process_memory().mapped_bytes;
    void* const memory = page_source()->allocate(bytes, 16);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % page(), 0U);
    std::memset(memory, 'x', bytes);
    const std::size_t whole = (bytes + page() - 1) / page() * page();
    EXPECT_EQ(process_memory().mapped_bytes, mapped + whole);
    page_source()->deallocate(memory, bytes, 16);
    EXPECT_EQ(process_memory().mapped_bytes, mapped);
  }
}

TEST(PageSource, AlignmentAboveAPageIsKept) {
  const std::size_t alignment = 16 * page();
  void* const memory = page_source()->allocate(100, alignment);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % alignment, 0U);
  page_source()->deallocate(memory, 100, alignment);
}

TEST(PageSource, WhatCannotBeMappedHasRunOut) {
  const ArenaOptions options{4096, page_source()};
  Arena arena(options);
  // With 32 bits a process may have a little less than half of all addresses.
  const std::array sizes =
      sizeof(void*) == 8
          ? std::array{SIZE_MAX / 2, SIZE_MAX / 2 - 3'000'000, SIZE_MAX / 4}
          : std::array{SIZE_MAX / 2, SIZE_MAX / 2 + 3'000'000, SIZE_MAX - 16};
  for (const std::size_t bytes : sizes) {
    EXPECT_EQ(arena.try_allocate(bytes), nullptr);
    expect_exhausted([&] { (void)arena.allocate(bytes); });
  }
  EXPECT_EQ(arena.memory_usage(), 0U);
}

}  // namespace
}  // namespace bitcoinleveldb
