// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The figures for the process as a whole: that they add up, that they follow
// what arenas, threads and depots do, and that they are the kernel's.

#include "bitcoinleveldb/process_memory.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/block_depot.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/huge_page_source.h"
#include "sanitizers.h"
#include "sizes.h"

namespace bitcoinleveldb {
namespace {

// As far as two readings of the same figure may be apart.
constexpr std::size_t kTwoPages = 8 * kKib;

// As the default source does.
constexpr bool kKeeps = !kAddressSanitizer;

void fill(Arena& arena, std::size_t bytes) {
  for (std::size_t filled = 0; filled < bytes; filled += 512) {
    std::memset(arena.allocate(512), 0x5a, 512);
  }
}

std::size_t distance(std::size_t a, std::size_t b) {
  return a > b ? a - b : b - a;
}

void expect_sum(const ProcessMemory& memory) {
  EXPECT_EQ(memory.heap_bytes + memory.mapped_bytes,
            memory.arena_bytes + memory.thread_bytes + memory.depot_bytes);
}

TEST(ProcessMemory, ArenaBytesAreThoseOfTheSlabsOfLiveArenas) {
  trim_default_block_source();
  const ProcessMemory before = process_memory();
  std::vector<Arena> arenas(3);
  fill(arenas[0], 100);
  fill(arenas[1], 300 * kKib);
  fill(arenas[2], 20 * kMib);
  std::size_t reserved = 0;
  for (const Arena& arena : arenas) {
    reserved += detail::ArenaInsider::reserved_bytes(arena);
  }
  const ProcessMemory during = process_memory();
  // Mapped slabs count in whole pages.
  EXPECT_GE(during.arena_bytes - before.arena_bytes, reserved);
  EXPECT_LE(during.arena_bytes - before.arena_bytes, reserved + 20 * 4096);
  EXPECT_GT(during.mapped_bytes, before.mapped_bytes);
  EXPECT_GT(during.heap_bytes, before.heap_bytes);
  expect_sum(during);
  arenas.clear();
  const ProcessMemory after = process_memory();
  EXPECT_EQ(after.arena_bytes, before.arena_bytes);
  expect_sum(after);
}

TEST(ProcessMemory, TrimGivesBackAllThatTheDefaultSourceKeeps) {
  trim_default_block_source();
  const ProcessMemory before = process_memory();
  for (const std::size_t bytes : {kKib, 50 * kKib, 500 * kKib, 6 * kMib}) {
    Arena arena;
    fill(arena, bytes);
  }
  const ProcessMemory kept = process_memory();
  const std::size_t bytes = kept.thread_bytes + kept.depot_bytes -
                            before.thread_bytes - before.depot_bytes;
  if (kKeeps) {
    EXPECT_GT(kept.thread_bytes, before.thread_bytes);
    EXPECT_GT(kept.depot_bytes, before.depot_bytes + 4 * kMib);
  }
  EXPECT_EQ(trim_default_block_source(), bytes);
  const ProcessMemory after = process_memory();
  EXPECT_EQ(after.thread_bytes, before.thread_bytes);
  EXPECT_EQ(after.depot_bytes, before.depot_bytes);
  EXPECT_EQ(after.heap_bytes, before.heap_bytes);
  EXPECT_EQ(after.mapped_bytes, before.mapped_bytes);
}

TEST(ProcessMemory, TrimKeepsUpToWhatItIsTold) {
  if (!kKeeps) GTEST_SKIP() << "nothing is kept under AddressSanitizer";
  {
    Arena arena;
    fill(arena, 6 * kMib);
  }
  trim_default_block_source(3 * kMib);
  const ProcessMemory memory = process_memory();
  EXPECT_LE(memory.depot_bytes, 3 * kMib);
  EXPECT_GT(memory.depot_bytes, 0U);
  trim_default_block_source();
}

TEST(ProcessMemory, WhatAThreadKeepsCountsUntilItEnds) {
  if (!kKeeps) GTEST_SKIP() << "nothing is kept under AddressSanitizer";
  const ProcessMemory before = process_memory();
  std::mutex mutex;
  std::condition_variable changed;
  int step = 0;
  std::thread other([&] {
    {
      Arena arena;
      fill(arena, 3 * kKib);
    }
    std::unique_lock lock(mutex);
    step = 1;
    changed.notify_all();
    changed.wait(lock, [&] { return step == 2; });
  });
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return step == 1; });
    const ProcessMemory during = process_memory();
    EXPECT_GE(during.thread_bytes, before.thread_bytes + 4 * kKib);
    EXPECT_LE(during.thread_bytes, before.thread_bytes + 144 * kKib);
    expect_sum(during);
    step = 2;
    changed.notify_all();
  }
  other.join();
  EXPECT_EQ(process_memory().thread_bytes, before.thread_bytes);
}

TEST(ProcessMemory, DepotsOnBuiltInSourcesCountAndOthersDoNot) {
  const ProcessMemory before = process_memory();
  BlockDepot own;
  BlockDepotOptions on_default;
  on_default.upstream = default_block_source();
  BlockDepot second(on_default);
  BlockDepotOptions on_other;
  on_other.upstream = std::pmr::new_delete_resource();
  BlockDepot third(on_other);
  EXPECT_EQ(own.prefill(4 * kMib, 2), 2U);
  EXPECT_EQ(second.prefill(100 * kKib, 3), 3U);
  EXPECT_EQ(third.prefill(100 * kKib, 3), 3U);
  const ProcessMemory during = process_memory();
  EXPECT_EQ(during.depot_bytes, before.depot_bytes + 8 * kMib + 300 * kKib);
  EXPECT_EQ(during.mapped_bytes, before.mapped_bytes + 8 * kMib);
  expect_sum(during);
}

TEST(ProcessMemory, FiguresMayBeAskedForWhileThreadsWork) {
  constexpr int kRounds = 60;
  std::atomic<int> working{3};
  std::vector<std::thread> threads;
  for (int i = 0; i != 3; ++i) {
    threads.emplace_back([&working] {
      for (int round = 0; round != kRounds; ++round) {
        std::thread([] {
          BlockDepot depot;
          ArenaOptions options;
          options.block_source = &depot;
          Arena on_depot(options);
          fill(on_depot, 100 * kKib);
          Arena arena;
          fill(arena, 3 * kMib);
        }).join();
      }
      --working;
    });
  }
  std::size_t most = 0;
  do {
    most = std::max(most, process_memory().arena_bytes);
    EXPECT_TRUE(process_residency().has_value());
  } while (working != 0);
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(most, 0U);
  EXPECT_LT(most, 100 * kMib);
  expect_sum(process_memory());
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
  fill(arena, 3 * kMib);
  const auto before = process_residency();
  fill(arena, 40 * kMib);
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
