// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The source of huge pages: where its slabs start, and what it counts.

#include "bitcoinleveldb/huge_page_source.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <new>

#include "huge_slab.h"
#include "sizes.h"

namespace bitcoinleveldb {
namespace {

TEST(HugePageSource, SlabsOfAHugePageAndMoreStartAtOne) {
  for (const std::size_t bytes :
       {kHugePage, kHugePage + 1, kHugePage + 4096, 5 * kHugePage - 16}) {
    const HugeSlab slab(bytes);
    EXPECT_TRUE(starts_huge_page(slab.memory())) << bytes;
    EXPECT_TRUE(slab.holds_what_is_written());
  }
}

TEST(HugePageSource, SmallerSlabsAndLargerAlignmentsComeFromTheHeap) {
  const std::size_t mapped = huge_page_stats().mapped_bytes;
  for (const std::size_t bytes : {std::size_t{1}, kHugePage - 1}) {
    const HugeSlab slab(bytes);
    EXPECT_TRUE(is_aligned(slab.memory(), kAlignment));
    EXPECT_TRUE(slab.holds_what_is_written());
  }
  const HugeSlab slab(kHugePage, 4096);
  EXPECT_TRUE(is_aligned(slab.memory(), 4096));
  EXPECT_EQ(huge_page_stats().mapped_bytes, mapped);
}

TEST(HugePageSource, StatsCountWhatIsMappedAndAllOfItComesBack) {
  const HugePageStats before = huge_page_stats();
  {
    const HugeSlab one(kHugePage);
    EXPECT_EQ(huge_page_stats().mapped_bytes, before.mapped_bytes + kHugePage);
    const HugeSlab two(kHugePage + 1);
    const HugePageStats after = huge_page_stats();
    EXPECT_GT(after.mapped_bytes, before.mapped_bytes + 2 * kHugePage);
    EXPECT_LE(after.mapped_bytes, before.mapped_bytes + 3 * kHugePage);
    EXPECT_EQ(after.advised + after.refused,
              before.advised + before.refused + 2);
    EXPECT_EQ(after.fallbacks, before.fallbacks);
  }
  EXPECT_EQ(huge_page_stats().mapped_bytes, before.mapped_bytes);
}

TEST(HugePageSource, SizesThatNoMemoryHasAreExhaustion) {
  const std::size_t mapped = huge_page_stats().mapped_bytes;
  for (const std::size_t bytes :
       {SIZE_MAX, SIZE_MAX - 4096, SIZE_MAX - kHugePage,
        static_cast<std::size_t>(PTRDIFF_MAX) + 1}) {
    // Read back from a volatile, nothing is known of it to the compiler.
    void* volatile memory = nullptr;
#ifdef __cpp_exceptions
    EXPECT_THROW(memory = huge_page_source()->allocate(bytes, kAlignment),
                 std::bad_alloc);
#else
    memory = huge_page_source()->allocate(bytes, kAlignment);
#endif
    EXPECT_EQ(memory, nullptr) << bytes;
  }
  EXPECT_EQ(huge_page_stats().mapped_bytes, mapped);
}

}  // namespace
}  // namespace bitcoinleveldb
