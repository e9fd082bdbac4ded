// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What the block sources have in common, and a depot that fills up while it is
// filled.

#include <gtest/gtest.h>

#include <cstdint>
#include <memory_resource>

#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/block_depot.h"
#include "bitcoinleveldb/huge_page_source.h"
#include "bitcoinleveldb/memory_budget.h"
#include "bitcoinleveldb/page_source.h"
#include "sizes.h"

namespace bitcoinleveldb {
namespace {

// Memory of one is never given to another, whatever they stand on.
TEST(BlockSources, EachIsEqualToItselfAlone) {
  BlockDepot depot;
  BlockDepot other_depot;
  MemoryBudgetOptions limit;
  limit.limit_bytes = kMib;
  MemoryBudget budget(limit);
  MemoryBudget other_budget(limit);
  std::pmr::memory_resource* const all[] = {
      default_block_source(), huge_page_source(),
      page_source(),          &depot,
      &other_depot,           &budget,
      &other_budget};
  for (std::pmr::memory_resource* const one : all) {
    for (std::pmr::memory_resource* const other : all) {
      EXPECT_EQ(one->is_equal(*other), one == other);
    }
  }
}

// Gives a slab to a depot whenever it is asked for one, as another thread may.
class Meddler final : public std::pmr::memory_resource {
 public:
  BlockDepot* depot = nullptr;
  void* slab = nullptr;
  std::size_t bytes = 0;
  int live = 0;

 private:
  void* do_allocate(std::size_t wanted, std::size_t alignment) override {
    if (slab != nullptr) {
      void* const given = slab;
      slab = nullptr;
      depot->deallocate(given, bytes, kAlignment);
    }
    ++live;
    return std::pmr::new_delete_resource()->allocate(wanted, alignment);
  }
  void do_deallocate(void* memory, std::size_t given,
                     std::size_t alignment) override {
    --live;
    std::pmr::new_delete_resource()->deallocate(memory, given, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }
};

TEST(BlockDepot, PrefillStopsWhereAnotherFillsItUpMeanwhile) {
  constexpr std::size_t kBytes = 64 * kKib;
  Meddler upstream;
  {
    BlockDepot depot(BlockDepotOptions{2 * kBytes, 0, &upstream});
    void* const slab = depot.allocate(kBytes, kAlignment);
    EXPECT_EQ(depot.prefill(kBytes, 1), 1U);
    upstream.depot = &depot;
    upstream.slab = slab;
    upstream.bytes = kBytes;
    EXPECT_EQ(depot.prefill(kBytes, 5), 0U);
    EXPECT_EQ(depot.stats().retained_slabs, 2U);
    EXPECT_EQ(depot.stats().retained_bytes, 2 * kBytes);
    EXPECT_EQ(depot.stats().outstanding_bytes, 0U);
    EXPECT_EQ(upstream.live, 2);
  }
  EXPECT_EQ(upstream.live, 0);
}

}  // namespace
}  // namespace bitcoinleveldb
