// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The C interface when memory runs out: operator new fails at each of its calls
// in turn. A program of its own, since it replaces operator new.

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <memory_resource>
#include <new>

#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb_arena.h"
#include "unit/failing_heap.h"
#include "unit/plain_source.h"

namespace bitcoinleveldb {
namespace {

class CInterfaceFailure : public testing::Test {
 private:
  PlainByDefault plain_;
};

// Makes an arena with `options` and allocates once from it. Returns the error
// code of whatever failed.
bitcoinleveldb_arena_error make_and_allocate(
    const bitcoinleveldb_arena_options* options) {
  bitcoinleveldb_arena* arena = nullptr;
  const bitcoinleveldb_arena_error created =
      bitcoinleveldb_arena_create(options, &arena);
  if (created != BITCOINLEVELDB_ARENA_OK) {
    EXPECT_EQ(arena, nullptr);
    return created;
  }
  void* const memory = bitcoinleveldb_arena_allocate(arena, 200'000);
  if (memory != nullptr) {
    std::memset(memory, 1, 200'000);
  } else {
    EXPECT_EQ(bitcoinleveldb_arena_memory_usage(arena), 0U);
    EXPECT_NE(bitcoinleveldb_arena_allocate(arena, 1), nullptr);
  }
  const bitcoinleveldb_arena_error error =
      bitcoinleveldb_arena_last_error(arena);
  bitcoinleveldb_arena_destroy(arena);
  return error;
}

// Lets operator new fail at each of its calls, and returns how many there were.
std::size_t walk(const bitcoinleveldb_arena_options* options) {
  for (std::size_t call = 1;; ++call) {
    const std::size_t live = FailingHeap::live_bytes();
    FailingHeap::fail_at(call);
    const bitcoinleveldb_arena_error error = make_and_allocate(options);
    if (!FailingHeap::disarm()) {
      EXPECT_EQ(error, BITCOINLEVELDB_ARENA_OK);
      return call - 1;
    }
    EXPECT_EQ(error, BITCOINLEVELDB_ARENA_NO_MEMORY) << "at call " << call;
    EXPECT_EQ(FailingHeap::live_bytes(), live) << "at call " << call;
  }
}

void* allocate_in_form(bitcoinleveldb_arena* arena, int form) {
  if (form == 0) return bitcoinleveldb_arena_allocate(arena, 3000);
  if (form == 1) return bitcoinleveldb_arena_allocate_aligned(arena, 3000);
  return bitcoinleveldb_arena_allocate_aligned_to(arena, 3000, 512);
}

// One run of 300 calls in all forms, with a reset in the middle, while operator
// new fails at its call `call`; returns whether it came to that.
bool run_all_forms(std::size_t call) {
  bitcoinleveldb_arena* arena = nullptr;
  EXPECT_EQ(bitcoinleveldb_arena_create(nullptr, &arena),
            BITCOINLEVELDB_ARENA_OK);
  bool failed = false;
  FailingHeap::fail_at(call);
  for (int i = 0; i != 300; ++i) {
    const std::size_t usage = bitcoinleveldb_arena_memory_usage(arena);
    void* memory = allocate_in_form(arena, i % 3);
    if (memory == nullptr) {
      EXPECT_FALSE(failed) << "a second time";
      failed = true;
      EXPECT_EQ(bitcoinleveldb_arena_last_error(arena),
                BITCOINLEVELDB_ARENA_NO_MEMORY);
      EXPECT_EQ(bitcoinleveldb_arena_memory_usage(arena), usage);
      memory = allocate_in_form(arena, i % 3);
    }
    if (memory != nullptr) std::memset(memory, i, 3000);
    EXPECT_NE(memory, nullptr);
    if (i == 150) {
      EXPECT_EQ(bitcoinleveldb_arena_reset(arena, 0), BITCOINLEVELDB_ARENA_OK);
    }
  }
  EXPECT_EQ(FailingHeap::disarm(), failed);
  bitcoinleveldb_arena_destroy(arena);
  return failed;
}

TEST_F(CInterfaceFailure,
       EveryFormThatFailsIsNoMemoryAndLeavesTheArenaAsItWas) {
  std::size_t failures = 0;
  const std::size_t live = FailingHeap::live_bytes();
  while (run_all_forms(failures + 1)) ++failures;
  EXPECT_GT(failures, 10U);
  EXPECT_EQ(FailingHeap::live_bytes(), live);
}

TEST_F(CInterfaceFailure, EveryFailureOfCreatingOrAllocatingIsNoMemory) {
  // The handle and a slab.
  EXPECT_EQ(walk(nullptr), 2U);
}

TEST_F(CInterfaceFailure, EveryFailureOfCreatingWithOptionsIsNoMemory) {
  bitcoinleveldb_arena_options options = BITCOINLEVELDB_ARENA_OPTIONS_INIT;
  options.block_bytes = 8192;
  // The handle, the first slab and that of the large request.
  EXPECT_EQ(walk(&options), 3U);
}

}  // namespace
}  // namespace bitcoinleveldb
