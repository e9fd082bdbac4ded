// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What the block sources have in common, and what happens to each at the edges
// of the system: a depot that fills up while it is filled, a mapping that the
// system does not take back.

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory_resource>

#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/block_depot.h"
#include "bitcoinleveldb/huge_page_source.h"
#include "bitcoinleveldb/memory_budget.h"
#include "forked_children.h"
#include "sanitizers.h"
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
      default_block_source(), huge_page_source(), &depot, &other_depot, &budget,
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

std::size_t mappings_max() {
  std::size_t max = 0;
  std::ifstream("/proc/sys/vm/max_map_count") >> max;
  return max;
}

// Maps `bytes` bytes at `address` as huge_page_source does.
void map_beside(char* address, std::size_t bytes) {
  void* const mapped =
      mmap(address, bytes, PROT_READ | PROT_WRITE,
           MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  check(mapped == address, 3);
  check(madvise(mapped, bytes, MADV_HUGEPAGE) == 0, 4);
}

// The system takes no piece out of a mapping if it has as many as it allows: it
// would have one more. So the slab is made the middle of a larger one, and then
// pages that cannot be of one mapping are mapped until there are no more.
void give_back_what_cannot_be_unmapped() {
  constexpr std::size_t kPage = 4096;
  constexpr std::size_t kBytes = 2 * kMib;
  std::pmr::memory_resource& source = *huge_page_source();
  char* const slab = static_cast<char*>(source.allocate(kBytes, kAlignment));
  map_beside(slab - kPage, kPage);
  map_beside(slab + kBytes, kPage);
  std::memset(slab, 0x5a, kBytes);
  const HugePageStats before = huge_page_stats();
  for (int protection = PROT_READ;;
       protection = protection == PROT_READ ? PROT_NONE : PROT_READ) {
    void* const page =
        mmap(nullptr, kPage, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) break;
  }
  source.deallocate(slab, kBytes, kAlignment);
  check(huge_page_stats().mapped_bytes == before.mapped_bytes, 5);
  // It is still there, and its pages were given back all the same.
  for (std::size_t i = 0; i != kBytes; ++i) check(slab[i] == 0, 6);
  std::_Exit(0);
}

TEST(HugePageSourceDeathTest, MappingThatTheSystemKeepsCountsAndHoldsNoPages) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "maps much itself";
  if (mappings_max() > 300'000) GTEST_SKIP() << "mappings without end";
  EXPECT_EXIT(give_back_what_cannot_be_unmapped(), testing::ExitedWithCode(0),
              "");
}

}  // namespace
}  // namespace bitcoinleveldb
