// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// How many bytes a block source is asked for, call by call. The figures stand
// here as they are, not by the rule that makes them: a change of the rule is a
// change of what arenas cost, and has to be seen.

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_options.h"
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

}  // namespace
}  // namespace bitcoinleveldb
