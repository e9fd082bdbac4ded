// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A mapping that the system does not take back.

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory_resource>

#include "bitcoinleveldb/huge_page_source.h"
#include "forked_children.h"
#include "sanitizers.h"
#include "sizes.h"

namespace bitcoinleveldb {
namespace {

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
