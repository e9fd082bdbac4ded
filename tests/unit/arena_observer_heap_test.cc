// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Not enough memory to attach an observer.

#include <gtest/gtest.h>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_observer.h"
#include "expect_failure.h"
#include "failing_heap.h"

namespace bitcoinleveldb {
namespace {

class Count final : public ArenaObserver {
 public:
  void attached(const ObservedArena&, bool) noexcept override { ++arenas; }
  void allocated(const ObservedArena&,
                 const ObservedAllocation&) noexcept override {
    ++allocations;
  }
  int arenas = 0;
  int allocations = 0;
};

TEST(ArenaObserverHeap, ObserverIsNotAttachedIfThereIsNoMemoryForIt) {
  Count count;
  Arena arena;
  (void)arena.allocate(1);
  expect_exhausted([&] {
    FailingHeap::fail_at(1);
    attach_observer(arena, count);
  });
  FailingHeap::disarm();
  (void)arena.allocate(1);
  EXPECT_EQ(count.arenas, 0);
  EXPECT_EQ(count.allocations, 0);
  attach_observer(arena, count);
  (void)arena.allocate(1);
  EXPECT_EQ(count.arenas, 1);
  EXPECT_EQ(count.allocations, 1);
  detach_observer(arena, count);
}

TEST(ArenaObserverHeap, ArenaForWhichADefaultFindsNoMemoryIsNotObserved) {
  Count count;
  Arena first;  // so that the next takes no slab that was kept
  (void)first.allocate(1);
  add_default_observer(count);
  {
    Arena arena;
    FailingHeap::fail_at(2);  // the slab is the first call
    char* const ptr = arena.try_allocate(1);
    EXPECT_TRUE(FailingHeap::disarm());
    EXPECT_NE(ptr, nullptr);
    (void)arena.allocate(5000);
  }
  remove_default_observer(count);
  EXPECT_EQ(count.arenas, 0);
  EXPECT_EQ(count.allocations, 0);
}

TEST(ArenaObserverHeap, AttachmentsGiveTheirMemoryBack) {
  Count count;
  Arena kept;
  (void)kept.allocate(1);
  const std::size_t before = FailingHeap::live_bytes();
  attach_observer(kept, count);
  EXPECT_GT(FailingHeap::live_bytes(), before);
  detach_observer(kept, count);
  EXPECT_EQ(FailingHeap::live_bytes(), before);
}

}  // namespace
}  // namespace bitcoinleveldb
