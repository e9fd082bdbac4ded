// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The source of huge pages and the kernel: that huge pages are asked for and
// given, and what it does where mapping or huge pages are refused.

#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/huge_page_source.h"
#include "forked_children.h"
#include "huge_slab.h"
#include "sanitizers.h"
#include "sizes.h"

namespace bitcoinleveldb {
namespace {

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
