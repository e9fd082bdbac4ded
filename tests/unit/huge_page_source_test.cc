// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The source of huge pages: where its slabs start, that huge pages are asked
// for and given, and what it does where mapping or huge pages are refused.

#include "bitcoinleveldb/huge_page_source.h"

#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <new>
#include <string>

#include "bitcoinleveldb/arena.h"
#include "block_sources.h"
#include "expect_failure.h"
#include "forked_children.h"
#include "sanitizers.h"
#include "sizes.h"

namespace bitcoinleveldb {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20U;

bool starts_huge_page(const void* memory) {
  return reinterpret_cast<std::uintptr_t>(memory) % kHugePage == 0;
}

bool is_aligned(const void* memory, std::size_t alignment) {
  return reinterpret_cast<std::uintptr_t>(memory) % alignment == 0;
}

// A slab of the source.
class HugeSlab {
 public:
  explicit HugeSlab(std::size_t bytes, std::size_t alignment = kAlignment)
      : bytes_(bytes),
        alignment_(alignment),
        memory_(static_cast<char*>(
            huge_page_source()->allocate(bytes, alignment))) {}
  HugeSlab(const HugeSlab&) = delete;
  HugeSlab& operator=(const HugeSlab&) = delete;
  ~HugeSlab() { huge_page_source()->deallocate(memory_, bytes_, alignment_); }

  char* memory() const { return memory_; }

  // Writes every byte and reads them back.
  bool holds_what_is_written() const {
    std::memset(memory_, 0x5a, bytes_);
    for (std::size_t i = 0; i < bytes_; i += 1021) {
      if (memory_[i] != 0x5a) return false;
    }
    return memory_[bytes_ - 1] == 0x5a;
  }

 private:
  std::size_t bytes_;
  std::size_t alignment_;
  char* memory_;
};

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

// What /proc/self/smaps says of the mapping that holds an address.
struct MappingFacts {
  bool found = false;
  bool advised = false;
  std::size_t huge_kib = 0;
};

MappingFacts facts_of(const void* memory) {
  const auto address = reinterpret_cast<std::uintptr_t>(memory);
  MappingFacts facts;
  bool inside = false;
  std::ifstream smaps("/proc/self/smaps");
  for (std::string line; std::getline(smaps, line);) {
    unsigned long from = 0;
    unsigned long to = 0;
    std::size_t kib = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx ", &from, &to) == 2) {
      inside = from <= address && address < to;
      facts.found = facts.found || inside;
    } else if (!inside) {
      continue;
    } else if (std::sscanf(line.c_str(), "AnonHugePages: %zu", &kib) == 1) {
      facts.huge_kib = kib;
    } else if (line.rfind("VmFlags:", 0) == 0) {
      facts.advised = line.find(" hg") != std::string::npos;
    }
  }
  return facts;
}

std::string word_of(const char* file, const std::string& key) {
  std::ifstream in(file);
  for (std::string word; in >> word;) {
    if (key.empty() && word.front() == '[') return word;
    if (word == key && in >> word) return word;
  }
  return "";
}

std::string huge_page_mode() {
  return word_of("/sys/kernel/mm/transparent_hugepage/enabled", "");
}

// How often the kernel had no huge page to give.
std::string refusals() { return word_of("/proc/vmstat", "thp_fault_fallback"); }

TEST(HugePageSource, KernelPutsHugePagesUnderASlab) {
  const std::string mode = huge_page_mode();
  if (mode.empty() || mode == "[never]")
    GTEST_SKIP() << "huge pages are off in this kernel: " << mode;
  const std::string refusals_before = refusals();
  const HugeSlab slab(8 * kHugePage);
  EXPECT_TRUE(slab.holds_what_is_written());
  const MappingFacts facts = facts_of(slab.memory());
  ASSERT_TRUE(facts.found);
  EXPECT_TRUE(facts.advised);
  if (facts.huge_kib == 0 && refusals() != refusals_before)
    GTEST_SKIP() << "the kernel had no huge page free";
  EXPECT_GT(facts.huge_kib, 0U);
}

// Huge pages are refused by a setting of the process, which a child inherits
// to no one. The kernel then still accepts the advice, and nothing comes of it;
// that it refuses the advice itself needs a kernel built without huge pages.
void use_without_huge_pages() {
  check(prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) == 0, 2);
  const HugeSlab slab(8 * kHugePage);
  check(starts_huge_page(slab.memory()), 3);
  check(slab.holds_what_is_written(), 4);
  check(facts_of(slab.memory()).huge_kib == 0, 5);
  {
    Arena arena(ArenaOptions{4096, huge_page_source()});
    for (int i = 0; i != 8000; ++i) std::memset(arena.allocate(1000), i, 1000);
    check(huge_page_stats().mapped_bytes > 8 * kHugePage, 6);
  }
  check(huge_page_stats().mapped_bytes == 8 * kHugePage, 7);
  std::_Exit(0);
}

TEST(HugePageSourceDeathTest, RefusedHugePagesLeaveOrdinaryOnes) {
  EXPECT_EXIT(use_without_huge_pages(), testing::ExitedWithCode(0), "");
}

// Mapping is refused by a limit of the address space at what is in use. The
// heap is told beforehand to keep what it gets back, so that it has memory
// to serve the slabs from that need no mapping; the limit is the child's own.
void refuse_mappings(std::size_t heap_bytes) {
  mallopt(M_MMAP_THRESHOLD, 512 << 20);
  mallopt(M_TRIM_THRESHOLD, 512 << 20);
  void* volatile reserve = std::malloc(heap_bytes);
  std::free(reserve);
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const rlim_t in_use = pages * 4096;
  const rlimit limit{in_use, in_use};
  check(setrlimit(RLIMIT_AS, &limit) == 0, 2);
}

void use_without_mappings() {
  const HugePageStats before = huge_page_stats();
  refuse_mappings(32 * kHugePage);
  for (int i = 0; i != 3; ++i) {
    const HugeSlab one(2 * kHugePage);
    const HugeSlab two(kHugePage + 12345);
    check(is_aligned(one.memory(), kAlignment), 3);
    check(!starts_huge_page(one.memory()), 4);
    check(one.holds_what_is_written() && two.holds_what_is_written(), 5);
  }
  check(huge_page_stats().fallbacks == before.fallbacks + 6, 6);
  {
    Arena arena(ArenaOptions{4096, huge_page_source()});
    for (int i = 0; i != 8000; ++i) std::memset(arena.allocate(1000), i, 1000);
  }
  check(huge_page_stats().mapped_bytes == before.mapped_bytes, 7);
  std::_Exit(0);
}

// Where the heap has nothing either, an arena says so and works on after.
void use_without_any_memory() {
  Arena arena(ArenaOptions{4096, huge_page_source()});
  char* const first = arena.allocate(100);
  refuse_mappings(1);
  const std::size_t usage = arena.memory_usage();
  check(arena.try_allocate(64 * kHugePage) == nullptr, 3);
  check(arena.memory_usage() == usage, 4);
  check(arena.allocate(100) == first + 100, 5);
  std::_Exit(0);
}

// Sanitizers need address space of their own.
constexpr bool kLimitable = !kAddressSanitizer && !kThreadSanitizer;

TEST(HugePageSourceDeathTest, RefusedMappingsLeaveTheHeap) {
  if (!kLimitable) GTEST_SKIP() << "the sanitizer needs address space";
  EXPECT_EXIT(use_without_mappings(), testing::ExitedWithCode(0), "");
}

TEST(HugePageSourceDeathTest, NoMemoryAtAllIsExhaustion) {
  if (!kLimitable) GTEST_SKIP() << "the sanitizer needs address space";
  EXPECT_EXIT(use_without_any_memory(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace bitcoinleveldb
