// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The source of an arena that is given none: what it recycles, what a thread
// and the process keep at most, and that it works in every order in which
// threads and the program end. A program of its own, since it replaces operator
// new.

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <thread>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/huge_page_source.h"
#include "failing_heap.h"
#include "sizes.h"
#include "what_is_kept.h"

namespace bitcoinleveldb {
namespace {

// As arena_options.h says.
constexpr std::size_t kThreadBytesMax = 144 * kKib;
constexpr std::size_t kThreadSlabsMax = 8;
constexpr std::size_t kProcessBytesMax = 9 * kMib;

std::size_t live() { return FailingHeap::news() - FailingHeap::deletes(); }

// All that arenas have kept from the heap and from mappings.
std::size_t held_bytes() {
  return FailingHeap::live_bytes() + huge_page_stats().mapped_bytes;
}

std::size_t mappings_so_far() {
  const HugePageStats stats = huge_page_stats();
  return stats.advised + stats.refused;
}

void fill(Arena& arena, std::size_t bytes) {
  for (std::size_t filled = 0; filled < bytes; filled += 512) {
    std::memset(arena.allocate(512), 0x5a, 512);
  }
}

// Outlives main, and all that the library could have destroyed by then. That
// its memory goes to a source that still lives is what a sanitizer sees.
Arena g_arena;

TEST(DefaultSource, ArenaWithStaticStorageMayGoAfterMain) {
  fill(g_arena, 3 * kMib);
  EXPECT_GT(g_arena.memory_usage(), 3 * kMib);
}

TEST(DefaultSource, RecyclingInOneThreadTakesNoOperatorNewAfterTheFirst) {
  if (!kThreadsKeep) GTEST_SKIP() << "threads keep nothing here";
  for (const std::size_t bytes :
       {std::size_t{1}, 3 * kKib, 10 * kKib, 40 * kKib, 60 * kKib, 100 * kKib,
        500 * kKib, 4 * kMib, 8 * kMib}) {
    for (int i = 0; i != 2; ++i) {
      Arena arena;
      fill(arena, bytes);
    }
    const std::size_t news = FailingHeap::news();
    const std::size_t mapped = mappings_so_far();
    for (int i = 0; i != 20; ++i) {
      Arena arena;
      fill(arena, bytes);
    }
    EXPECT_EQ(FailingHeap::news(), news) << bytes;
    EXPECT_EQ(mappings_so_far(), mapped) << bytes;
  }
}

TEST(DefaultSource, ManyThreadsRecycleThroughTheProcess) {
  const std::size_t mapped = huge_page_stats().mapped_bytes;
  std::thread([] {
    Arena arena;
    fill(arena, 4 * kMib);
  }).join();
  const std::size_t mappings = mappings_so_far();
  std::thread([] {
    Arena arena;
    fill(arena, 4 * kMib);
  }).join();
  if (kKeeps) {
    EXPECT_EQ(mappings_so_far(), mappings);
  }
  EXPECT_LE(huge_page_stats().mapped_bytes, mapped + kProcessBytesMax);
}

TEST(DefaultSource, WhatIsKeptAfterABurstIsBounded) {
  const std::size_t before = held_bytes();
  {
    std::vector<Arena> arenas(200);
    for (std::size_t i = 0; i != arenas.size(); ++i) {
      fill(arenas[i], 1 + i * 3000);
    }
    Arena large;
    fill(large, 64 * kMib);
    EXPECT_GT(held_bytes(), before + 100 * kMib);
  }
  EXPECT_LE(held_bytes(), before + kThreadBytesMax + kProcessBytesMax);
}

// What a thread has kept after it dropped many arenas of that size.
struct Kept {
  std::size_t slabs;
  std::size_t bytes;
};

Kept kept_by_a_thread(std::size_t arena_bytes) {
  std::size_t slabs = 0;
  std::size_t bytes = 0;
  std::thread([&] {
    {
      std::vector<Arena> arenas(100);
      for (Arena& arena : arenas) fill(arena, arena_bytes);
    }
    slabs = live();
    bytes = FailingHeap::live_bytes();
  }).join();
  // The thread is gone and what it kept with it, and the object in which the
  // library keeps what a thread is to run.
  return {slabs - live(), bytes - FailingHeap::live_bytes()};
}

TEST(DefaultSource, WhatAThreadKeepsIsBounded) {
  const Kept none = kept_by_a_thread(0);
  for (const std::size_t arena_bytes :
       {std::size_t{100}, 10 * kKib, 50 * kKib, 100 * kKib}) {
    const Kept kept = kept_by_a_thread(arena_bytes);
    EXPECT_LE(kept.slabs, none.slabs + kThreadSlabsMax);
    EXPECT_LE(kept.bytes, none.bytes + kThreadBytesMax);
    if (kThreadsKeep) {
      EXPECT_GT(kept.slabs, none.slabs + 1);
    } else {
      EXPECT_EQ(kept.slabs, none.slabs);
    }
  }
}

TEST(DefaultSource, EndOfAThreadGivesBackWhatItKept) {
  const std::size_t before = live();
  for (int i = 0; i != 3; ++i) {
    std::thread([] {
      Arena arena;
      fill(arena, 50 * kKib);
    }).join();
    EXPECT_EQ(live(), before);
  }
}

TEST(DefaultSource, ArenaFreedByAnotherThreadIsKeptByThatOne) {
  const std::size_t before = live();
  auto arena = std::make_unique<Arena>();
  fill(*arena, 50 * kKib);
  std::size_t recycled = 0;
  std::thread([&] {
    arena.reset();
    const std::size_t news = FailingHeap::news();
    Arena another;
    fill(another, 50 * kKib);
    recycled = FailingHeap::news() - news;
  }).join();
  if (kThreadsKeep) {
    EXPECT_EQ(recycled, 0U);
    // This thread had kept some of those slabs before.
    EXPECT_LE(live(), before);
  } else {
    EXPECT_EQ(live(), before);
  }
}

// Drops an arena when its thread ends: after what the thread kept was given
// back if it was made before the first arena was dropped, else before that.
struct DropsAtThreadEnd {
  std::optional<Arena> arena;
  ~DropsAtThreadEnd() {
    arena.reset();
    Arena late;
    fill(late, 5 * kKib);
  }
};

TEST(DefaultSource, ArenaMayGoAfterItsThreadGaveBackWhatItKept) {
  const std::size_t before = live();
  std::thread([] {
    static thread_local DropsAtThreadEnd last;
    fill(last.arena.emplace(), 20 * kKib);
    Arena first_dropped;
    fill(first_dropped, 20 * kKib);
  }).join();
  EXPECT_EQ(live(), before);
}

TEST(DefaultSource, ArenaMayGoBeforeItsThreadGivesBackWhatItKept) {
  const std::size_t before = live();
  std::thread([] {
    {
      Arena first_dropped;
      fill(first_dropped, 20 * kKib);
    }
    static thread_local DropsAtThreadEnd last;
    fill(last.arena.emplace(), 20 * kKib);
  }).join();
  EXPECT_EQ(live(), before);
}

// Of which there are four: the arena that asked in vain has none of them.
TEST(DefaultSource, EarlyHugePageThatCouldNotBeHadIsLeftToOthers) {
  if (!kKeeps) GTEST_SKIP() << "there is none under AddressSanitizer";
  (void)trim_default_block_source();
  Arena arena;
  fill(arena, 100 * kKib);
  FailingHeap::fail_at(1);
  while (arena.try_allocate(512) != nullptr) {
  }
  EXPECT_TRUE(FailingHeap::disarm());
  Arena others[4];
  for (Arena& other : others) {
    fill(other, 200 * kKib);
    EXPECT_GT(detail::ArenaInsider::reserved_bytes(other), 2 * kMib);
  }
  Arena one_more;
  fill(one_more, 200 * kKib);
  EXPECT_LT(detail::ArenaInsider::reserved_bytes(one_more), 2 * kMib);
}

// What is mapped is listed on the heap, and without that it is given back.
TEST(HugePageSource, MappingThatCannotBeListedIsExhaustionAndGivenBack) {
  constexpr std::size_t kBytes = 2 * kMib;
  const HugePageStats before = huge_page_stats();
  const std::size_t live_before = live();
  void* volatile slab = nullptr;
  FailingHeap::fail_at(1);
#ifdef __cpp_exceptions
  EXPECT_THROW(slab = huge_page_source()->allocate(kBytes, 16), std::bad_alloc);
#else
  slab = huge_page_source()->allocate(kBytes, 16);
#endif
  EXPECT_TRUE(FailingHeap::disarm());
  EXPECT_EQ(slab, nullptr);
  EXPECT_EQ(huge_page_stats().mapped_bytes, before.mapped_bytes);
  EXPECT_EQ(mappings_so_far(), before.advised + before.refused);
  EXPECT_EQ(live(), live_before);
  slab = huge_page_source()->allocate(kBytes, 16);
  EXPECT_NE(slab, nullptr);
  huge_page_source()->deallocate(slab, kBytes, 16);
}

TEST(DefaultSourceDeathTest, ChildOfAForkUsesWhatItsParentKept) {
  {
    Arena arena;
    fill(arena, 4 * kMib);
  }
  EXPECT_EXIT(
      {
        for (int i = 0; i != 3; ++i) {
          Arena arena;
          fill(arena, 4 * kMib);
        }
        std::_Exit(0);
      },
      testing::ExitedWithCode(0), "");
  Arena arena;
  fill(arena, 4 * kMib);
}

// Large and small: what the process and what a thread would keep.
TEST(DefaultSourceDeathTest, AddressSanitizerSeesAUseAfterTheArena) {
  if (kKeeps) GTEST_SKIP() << "not under AddressSanitizer";
  for (const std::size_t bytes : {kKib, 500 * kKib}) {
    EXPECT_DEATH(
        {
          auto arena = std::make_unique<Arena>();
          char* const last = (fill(*arena, bytes), arena->allocate(8));
          arena.reset();
          *static_cast<volatile char*>(last) = 1;
        },
        "heap-use-after-free");
  }
}

}  // namespace
}  // namespace bitcoinleveldb
