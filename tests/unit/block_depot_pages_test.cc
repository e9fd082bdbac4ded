// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What the depot does to pages, as the system tells of them.

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "bitcoinleveldb/block_depot.h"
#include "block_sources.h"
#include "sizes.h"

namespace bitcoinleveldb {
namespace {

// Hands out fresh mappings from the middle of their first page on, so that no
// page is resident before it is touched.
class MappingSource final : public CountingSource {
 public:
  static constexpr std::size_t kBytes = 64 * kKib;
  static constexpr std::size_t kMapped = 2 * kBytes;
  static constexpr std::size_t kOffset = 2048;

  // Whether every page of the newest slab is resident.
  bool is_resident() const {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    std::vector<unsigned char> pages((kOffset + kBytes + page - 1) / page);
    if (mincore(start_, kOffset + kBytes, pages.data()) != 0) return false;
    return std::all_of(pages.begin(), pages.end(),
                       [](unsigned char state) { return (state & 1) != 0; });
  }

 private:
  void* take(std::size_t /*bytes*/) override {
    start_ = static_cast<char*>(mmap(nullptr, kMapped, PROT_READ | PROT_WRITE,
                                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    madvise(start_, kMapped, MADV_NOHUGEPAGE);
    return start_ + kOffset;
  }
  void give_back(void* memory) override {
    munmap(static_cast<char*>(memory) - kOffset, kMapped);
  }

  char* start_ = nullptr;
};

TEST(BlockDepot, PrefillMakesEveryPageResident) {
  MappingSource source;
  BlockDepot depot({1024 * kKib, 0, &source});
  void* const slab = depot.allocate(MappingSource::kBytes, kAlignment);
  EXPECT_FALSE(source.is_resident());
  EXPECT_EQ(depot.prefill(MappingSource::kBytes, 1), 1U);
  EXPECT_TRUE(source.is_resident());
  depot.deallocate(slab, MappingSource::kBytes, kAlignment);
}

}  // namespace
}  // namespace bitcoinleveldb
