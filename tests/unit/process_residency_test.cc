// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What of arenas is resident: the figures are the kernel's.

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/huge_page_source.h"
#include "bitcoinleveldb/process_memory.h"
#include "sanitizers.h"
#include "sizes.h"

namespace bitcoinleveldb {
namespace {

// As far as two readings of the same figure may be apart.
constexpr std::size_t kTwoPages = 8 * kKib;

void grow(Arena& arena, std::size_t bytes) {
  for (std::size_t filled = 0; filled < bytes; filled += 512) {
    std::memset(arena.allocate(512), 0x5a, 512);
  }
}

std::size_t distance(std::size_t a, std::size_t b) {
  return a > b ? a - b : b - a;
}

// Counts the resident pages of a slab by asking for each.
std::size_t resident_bytes(const char* memory, std::size_t bytes) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  std::vector<unsigned char> resident((bytes + page - 1) / page);
  EXPECT_EQ(mincore(const_cast<char*>(memory), bytes, resident.data()), 0);
  std::size_t sum = 0;
  for (const unsigned char one : resident) sum += (one & 1U) * page;
  return sum;
}

// Reads a figure of the range that holds `address`, or of all where that is
// null, as smaps and smaps_rollup have it.
std::size_t kernel_bytes(const void* address, const std::string& label) {
  std::ifstream file(address == nullptr ? "/proc/self/smaps_rollup"
                                        : "/proc/self/smaps");
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  bool inside = address == nullptr;
  for (std::string line; std::getline(file, line);) {
    std::uintptr_t start = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    std::istringstream range(line);
    if (range >> std::hex >> start >> dash >> end && dash == '-') {
      inside = address == nullptr || (start <= wanted && wanted < end);
    } else if (inside && line.rfind(label, 0) == 0) {
      return std::stoul(line.substr(label.size())) * 1024;
    }
  }
  ADD_FAILURE() << "no " << label;
  return 0;
}

TEST(ProcessResidency, IsWhatTheKernelSays) {
  trim_default_block_source();
  constexpr std::size_t kBytes = 24 * kMib + 12 * kKib;
  const auto before = process_residency();
  ASSERT_TRUE(before.has_value());
  auto* const slab =
      static_cast<char*>(huge_page_source()->allocate(kBytes, 16));
  for (const std::size_t touched :
       {std::size_t{0}, 5 * kMib, 9 * kMib, kBytes}) {
    if (touched != 0) std::memset(slab, 1, touched);
    const auto now = process_residency();
    ASSERT_TRUE(now.has_value());
    EXPECT_LE(distance(now->mapped_bytes - before->mapped_bytes,
                       resident_bytes(slab, kBytes)),
              kTwoPages)
        << touched;
    EXPECT_LE(distance(now->huge_bytes - before->huge_bytes,
                       kernel_bytes(slab, "AnonHugePages:")),
              kTwoPages)
        << touched;
    EXPECT_GE(now->mapped_bytes - before->mapped_bytes, touched);
  }
  huge_page_source()->deallocate(slab, kBytes, 16);
  const auto after = process_residency();
  ASSERT_TRUE(after.has_value());
  EXPECT_EQ(after->mapped_bytes, before->mapped_bytes);
  EXPECT_EQ(after->huge_bytes, before->huge_bytes);
}

// A sanitizer's shadow of what is touched is resident too.
constexpr bool kPlain = !kAddressSanitizer && !kThreadSanitizer;

TEST(ProcessResidency, ExplainsWhatALargeArenaAddsToTheProcess) {
  if (!kPlain) GTEST_SKIP() << "a sanitizer makes more resident";
  // What the reading itself takes is there from now on.
  (void)process_residency();
  (void)kernel_bytes(nullptr, "Rss:");
  EXPECT_LE(distance(process_residency()->process_bytes,
                     kernel_bytes(nullptr, "Rss:")),
            kTwoPages);
  Arena arena;
  grow(arena, 3 * kMib);
  const auto before = process_residency();
  grow(arena, 40 * kMib);
  const auto after = process_residency();
  EXPECT_LE(distance(after->process_bytes, kernel_bytes(nullptr, "Rss:")),
            kTwoPages);
  // All that came was mapped.
  EXPECT_LE(distance(after->process_bytes - before->process_bytes,
                     after->mapped_bytes - before->mapped_bytes),
            kTwoPages);
  EXPECT_GE(after->mapped_bytes - before->mapped_bytes, 38 * kMib);
}

TEST(ProcessResidency, HugePagesThatWereRefusedAreNotCounted) {
  const auto before = process_residency();
  auto* const slab =
      static_cast<char*>(huge_page_source()->allocate(4 * kMib, 16));
  ASSERT_EQ(madvise(slab, 4 * kMib, MADV_NOHUGEPAGE), 0);
  std::memset(slab, 1, 4 * kMib);
  const auto now = process_residency();
  EXPECT_EQ(now->huge_bytes, before->huge_bytes);
  EXPECT_EQ(now->mapped_bytes, before->mapped_bytes + 4 * kMib);
  huge_page_source()->deallocate(slab, 4 * kMib, 16);
}

}  // namespace
}  // namespace bitcoinleveldb
