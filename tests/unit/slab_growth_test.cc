// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// How many bytes a block source is asked for, call by call. The figures stand
// here as they are, not by the rule that makes them: a change of the rule is a
// change of what arenas cost, and has to be seen.

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_forecast.h"
#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/arena_scope.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/memory_checks.h"
#include "block_sources.h"
#include "sizes.h"

namespace bitcoinleveldb {
namespace {

using Sizes = std::vector<std::size_t>;

// Remembers the size of every slab.
class SizesSource final : public CountingSource {
 public:
  Sizes sizes;
  bool shut = false;

 private:
  void* take(std::size_t bytes) override {
    sizes.push_back(bytes);
    if (!shut) return CountingSource::take(bytes);
    forget(bytes);
    return run_dry();
  }
};

// On 32 bits heads are smaller.
class SlabGrowth : public testing::Test {
 protected:
  void SetUp() override {
    if (sizeof(void*) != 8) GTEST_SKIP() << "the figures are of 64 bits";
  }

  // Takes standard blocks until `bytes` bytes are held, and returns the slabs.
  Sizes slabs_up_to(std::size_t bytes, std::size_t block_bytes) {
    Arena arena(ArenaOptions{block_bytes, &source_});
    while (source_.live_bytes() < bytes) (void)arena.allocate(block_bytes / 4);
    return source_.sizes;
  }

  SizesSource source_;
};

// Twice what is held, but a power of two from 64 KiB on and at most 1 MiB. At
// 2 MiB + 192 KiB, with a page to spare, huge pages begin: half of what is
// held, 2 to 32 MiB.
TEST_F(SlabGrowth, DoublesToAMebibyteThenGoesOnInHugePages) {
  EXPECT_EQ(slabs_up_to(200 * kMib, 4096),
            (Sizes{4208,       4208,       8416,       16832,      33664,
                   64 * kKib,  128 * kKib, 256 * kKib, 512 * kKib, kMib,
                   192 * kKib, 2 * kMib,   2 * kMib,   2 * kMib,   4 * kMib,
                   6 * kMib,   8 * kMib,   12 * kMib,  18 * kMib,  28 * kMib,
                   32 * kMib,  32 * kMib,  32 * kMib,  32 * kMib}));
}

TEST_F(SlabGrowth, BeginsAtOneBlockHoweverSmall) {
  EXPECT_EQ(slabs_up_to(3 * kMib, 64),
            (Sizes{176, 176, 352, 704, 1408, 2816, 5632, 11264, 22528, 45056,
                   64 * kKib, 128 * kKib, 256 * kKib, 512 * kKib, kMib,
                   168 * kKib, 2 * kMib}));
}

// The slab before huge pages has whole pages of 4 KiB, and as few as will do.
TEST_F(SlabGrowth, ComesToHugePagesByWholePages) {
  EXPECT_EQ(
      slabs_up_to(3 * kMib, 1024),
      (Sizes{1136, 1136, 2272, 4544, 9088, 18176, 36352, 64 * kKib, 128 * kKib,
             256 * kKib, 512 * kKib, kMib, 188 * kKib, 2 * kMib}));
}

TEST_F(SlabGrowth, IsNeverLessThanOneBlock) {
  EXPECT_EQ(slabs_up_to(6 * kMib, 600'000),
            (Sizes{600'112, 600'032, kMib, 600'032, 2 * kMib, 2 * kMib}));
}

// With this first slab the sum comes to where huge pages begin, exactly.
TEST_F(SlabGrowth, GoesOnInHugePagesWithNothingBetween) {
  EXPECT_EQ(
      slabs_up_to(3 * kMib, 4096 - 112),
      (Sizes{4096, 4096, 8 * kKib, 16 * kKib, 32 * kKib, 64 * kKib, 128 * kKib,
             256 * kKib, 512 * kKib, kMib, 192 * kKib, 2 * kMib}));
}

// What may be lost to the alignment is taken with it, and no more.
TEST_F(SlabGrowth, AllowsForALargeAlignmentOnce) {
  Arena arena(ArenaOptions{4096, &source_});
  (void)arena.allocate_aligned(100'000, 4096);
  EXPECT_EQ(source_.sizes.back(), (32 + 4080 + 100'000) / 16 * 16);
}

// No object is larger than PTRDIFF_MAX, the heads before it included.
TEST_F(SlabGrowth, SourceIsNotAskedForWhatNoObjectCanBe) {
  if (kWithoutExceptions && kNullIsChecked) {
    GTEST_SKIP() << "a sanitizer ends a program with such a source";
  }
  Arena arena(ArenaOptions{4096, &source_});
  source_.shut = true;
  EXPECT_EQ(arena.try_allocate(PTRDIFF_MAX - 46), nullptr);
  EXPECT_EQ(arena.try_allocate_aligned(PTRDIFF_MAX - 46 - 48, 64), nullptr);
  EXPECT_EQ(arena.try_allocate_aligned(1, SIZE_MAX / 2 + 1), nullptr);
  EXPECT_EQ(source_.sizes, Sizes{4208});
  EXPECT_EQ(arena.try_allocate(PTRDIFF_MAX - 47), nullptr);
  EXPECT_EQ(arena.try_allocate_aligned(PTRDIFF_MAX - 47 - 48, 64), nullptr);
  EXPECT_EQ(source_.sizes, (Sizes{4208, PTRDIFF_MAX - 15, PTRDIFF_MAX - 15}));
}

// The next slab has 64 KiB. A block that would take more than a quarter of it,
// with its head and the slab's, gets one of its own.
TEST_F(SlabGrowth, BlockAboveAQuarterOfASlabHasOneOfItsOwn) {
  for (const std::size_t bytes : {16'352U, 16'353U}) {
    SizesSource source;
    Arena arena(ArenaOptions{4096, &source});
    for (int i = 0; i != 4 * 16; ++i) (void)arena.allocate(1024);
    ASSERT_EQ(source.sizes, (Sizes{4208, 4208, 8416, 16832, 33664}));
    const std::size_t room = 16;  // blocks that the five have
    ASSERT_EQ(arena.memory_usage(), room * (4096 + sizeof(char*)));
    (void)arena.allocate(bytes);
    EXPECT_EQ(source.sizes.back(), bytes == 16'352 ? 64 * kKib : 16'400)
        << bytes;
  }
}

class SizesObserver final : public ArenaObserver {
 public:
  SizesObserver() : ArenaObserver(ArenaInterest::none()) {}
  void slab_taken(const ObservedArena& /*arena*/,
                  const ObservedSlab& slab) noexcept override {
    sizes.push_back(slab.bytes);
  }
  Sizes sizes;
};

void fill(Arena& arena, std::size_t bytes) {
  const std::size_t usage = arena.memory_usage();
  while (arena.memory_usage() - usage < bytes) (void)arena.allocate(1024);
}

// On the default source an arena of 128 KiB may have all that is missing to
// where huge pages begin, at once.
class EarlyHugePage : public SlabGrowth {
 protected:
  void SetUp() override {
    SlabGrowth::SetUp();
    if (memory_checker() != nullptr) {
      GTEST_SKIP() << "there is none where something checks accesses";
    }
  }

  static constexpr std::size_t kBegun = 200 * kKib;
  static constexpr std::size_t kHeldBefore = 67'328 + 64 * kKib;
  static constexpr std::size_t kPage = 2 * kMib + 64 * kKib;
  static constexpr std::size_t kHeldWithIt = kHeldBefore + kPage;
  static constexpr std::size_t kHeldWithout = kHeldBefore + 128 * kKib;

  static std::size_t held(const Arena& arena) {
    return detail::ArenaInsider::reserved_bytes(arena);
  }

  static std::unique_ptr<Arena> make_begun() {
    auto arena = std::make_unique<Arena>();
    fill(*arena, kBegun);
    return arena;
  }

  // The first slab is as large as the first block wants it: `first` bytes.
  static void take_two_slabs(Arena& arena, std::size_t first) {
    (void)arena.allocate(first - 112);
    EXPECT_EQ(held(arena), first);
    (void)arena.allocate(64);
  }

  // Begins as many as there may be, and one more, which has none.
  void begin_all() {
    for (int i = 0; i != 4; ++i) {
      arenas_.push_back(make_begun());
      EXPECT_EQ(held(*arenas_.back()), kHeldWithIt) << i;
    }
    expect_none_left();
  }

  static void expect_none_left() {
    EXPECT_EQ(held(*make_begun()), kHeldWithout);
  }
  static void expect_one_left() {
    const std::unique_ptr<Arena> arena = make_begun();
    EXPECT_EQ(held(*arena), kHeldWithIt);
    expect_none_left();
  }

  std::vector<std::unique_ptr<Arena>> arenas_;
};

TEST_F(EarlyHugePage, TakesThePlaceOfWhatIsMissingToHugePages) {
  SizesObserver observer;
  Arena arena;
  attach_observer(arena, observer);
  fill(arena, 10 * kMib);
  EXPECT_EQ(observer.sizes,
            (Sizes{4208, 4208, 8416, 16832, 33664, 64 * kKib, kPage, 2 * kMib,
                   2 * kMib, 2 * kMib, 4 * kMib}));
}

TEST_F(EarlyHugePage, IsTakenByAnArenaOf128To192Kibibytes) {
  const auto second_slab = [](std::size_t first) {
    Arena arena;
    take_two_slabs(arena, first);
    return held(arena) - first;
  };
  EXPECT_EQ(second_slab(128 * kKib - 16), 64 * kKib);
  EXPECT_EQ(second_slab(128 * kKib), kPage);
  EXPECT_EQ(second_slab(128 * kKib + 16), kPage);
  EXPECT_EQ(second_slab(192 * kKib), 2 * kMib);
  EXPECT_EQ(second_slab(192 * kKib + 16), 128 * kKib);
}

TEST_F(EarlyHugePage, IsTakenByAnArenaOfBlocksOfUpTo64Kibibytes) {
  for (const std::size_t block_bytes : {64 * kKib, 64 * kKib + 16}) {
    Arena arena(ArenaOptions{block_bytes, nullptr});
    for (int i = 0; i != 3; ++i) (void)arena.allocate(block_bytes);
    EXPECT_EQ(held(arena) > 2 * kMib, block_bytes == 64 * kKib) << block_bytes;
  }
}

// A block that would take more than a quarter of it has a slab of its own.
TEST_F(EarlyHugePage, ServesBlocksOfUpToAQuarterOfIt) {
  constexpr std::size_t kHeads = 32;
  for (const bool fits : {true, false}) {
    Arena arena;
    while (held(arena) != kHeldBefore) fill(arena, 1);
    const std::size_t bytes = 512 * kKib - kHeads + (fits ? 0 : 1);
    (void)arena.allocate(bytes);
    EXPECT_EQ(held(arena), fits ? kHeldWithIt : kHeldBefore + 512 * kKib + 16);
  }
}

TEST_F(EarlyHugePage, IsHadByNoMoreThanFourArenasAtATime) {
  begin_all();
  for (int i = 0; i != 3; ++i) expect_none_left();
  arenas_.pop_back();
  expect_one_left();
  arenas_.clear();
  begin_all();
}

// A huge page to the byte, where nearly as much is held as may be.
TEST_F(EarlyHugePage, IsCountedWhateverWasHeldBefore) {
  for (int i = 0; i != 4; ++i) {
    arenas_.push_back(std::make_unique<Arena>());
    take_two_slabs(*arenas_.back(), 192 * kKib);
    EXPECT_EQ(held(*arenas_.back()), 192 * kKib + 2 * kMib) << i;
  }
  expect_none_left();
  fill(*arenas_[0], 2 * kMib);
  EXPECT_EQ(held(*arenas_[0]), 192 * kKib + 4 * kMib);
  expect_one_left();
}

TEST_F(EarlyHugePage, IsCountedUntilTheArenaHoldsTwiceAsMuch) {
  begin_all();
  fill(*arenas_[0], kPage - 100 * kKib);
  EXPECT_EQ(held(*arenas_[0]), kHeldWithIt);
  expect_none_left();
  fill(*arenas_[0], 100 * kKib);
  EXPECT_GT(held(*arenas_[0]), kHeldWithIt);
  expect_one_left();
  arenas_.erase(arenas_.begin());
  expect_one_left();
}

TEST_F(EarlyHugePage, IsCountedUntilAResetGivesItBack) {
  begin_all();
  arenas_[0]->reset(Arena::kKeepAll);
  expect_none_left();
  arenas_[0]->reset(kHeldWithIt - 1);
  EXPECT_EQ(held(*arenas_[0]), kHeldBefore);
  expect_one_left();
  fill(*arenas_[0], kBegun);
  EXPECT_EQ(held(*arenas_[0]), kHeldWithIt);
  expect_none_left();
  arenas_[1]->reset(0);
  expect_one_left();
}

// A smaller slab is in use then, and the page waits to be.
TEST_F(EarlyHugePage, IsCountedWhileItIsKeptForTheNextRound) {
  begin_all();
  for (const std::unique_ptr<Arena>& arena : arenas_) {
    arena->reset(Arena::kKeepAll);
    fill(*arena, 10 * kKib);
    EXPECT_EQ(held(*arena), kHeldWithIt);
  }
  expect_none_left();
}

// A slab of its own for what follows takes the place of all spare ones.
TEST_F(EarlyHugePage, IsCountedUntilALargeBlockTakesItsPlace) {
  for (const std::size_t bytes : {2 * kMib + 200 * kKib, 3 * kMib}) {
    for (const bool reserving : {false, true}) {
      begin_all();
      Arena& arena = *arenas_[0];
      arena.reset(Arena::kKeepAll);
      if (reserving) {
        reserve(arena, ArenaForecast(arena).add_many(1, bytes));
      } else {
        (void)arena.allocate(bytes);
      }
      EXPECT_LT(held(arena), kHeldWithIt + kMib);
      expect_one_left();
      arenas_.clear();
    }
  }
}

// What was taken before serves them, or a slab of their own.
TEST_F(EarlyHugePage, IsNotCountedForArenasThatDoNotTakeIt) {
  for (int i = 0; i != 4; ++i) {
    auto arena = std::make_unique<Arena>();
    fill(*arena, 100 * kKib);
    EXPECT_EQ(held(*arena), kHeldBefore);
    arena->reset(Arena::kKeepAll);
    fill(*arena, 100 * kKib);
    (void)arena->allocate(600 * kKib);
    EXPECT_EQ(held(*arena), kHeldBefore + 600 * kKib + 32);
    arenas_.push_back(std::move(arena));
  }
  arenas_.push_back(make_begun());
  EXPECT_EQ(held(*arenas_.back()), kHeldWithIt);
}

TEST_F(EarlyHugePage, IsCountedUntilAScopeGivesItBack) {
  begin_all();
  arenas_.pop_back();
  Arena arena;
  ArenaScope scope(arena);
  fill(arena, kBegun);
  EXPECT_EQ(held(arena), kHeldWithIt);
  expect_none_left();
  scope.rewind(0);
  expect_one_left();
}

TEST_F(EarlyHugePage, GoesAlongWhereAnArenaIsMoved) {
  begin_all();
  Arena moved = std::move(*arenas_[0]);
  arenas_.erase(arenas_.begin());
  expect_none_left();
  moved = Arena();
  expect_one_left();
}

TEST_F(EarlyHugePage, IsForNoArenaOnASourceOfItsOwn) {
  Arena arena(ArenaOptions{4096, &source_});
  fill(arena, kBegun);
  EXPECT_EQ(held(arena), kHeldWithout);
  for (int i = 0; i != 4; ++i) arenas_.push_back(make_begun());
  EXPECT_EQ(held(*arenas_.back()), kHeldWithIt);
}

}  // namespace
}  // namespace bitcoinleveldb
