// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A sample: so many allocations are guarded, all others are left alone, and in
// between the arena serves from its inlined path.

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_guard.h"
#include "bitcoinleveldb/arena_scope.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "sanitizers.h"
#include "seldom.h"

namespace bitcoinleveldb {
namespace {

// How many of `count` allocations were guarded.
int guarded_of(int count, std::size_t bytes, std::size_t sample_bytes,
               bool aligned) {
  Arena arena;
  guard_arena(arena, {sample_bytes, nullptr});
  int guarded = 0;
  for (int i = 0; i != count; ++i) {
    const char* const ptr =
        aligned ? arena.allocate_aligned(bytes) : arena.allocate(bytes);
    guarded += find_guarded(ptr) ? 1 : 0;
  }
  return guarded;
}

// Each allocation is one of the sample with a probability that its bytes give,
// whatever the blocks; so the number is binomial, and five deviations off is
// one in millions. Small ones, some that waste tails, and dedicated ones.
TEST(GuardSample, TakesEachAllocationWithTheProbabilityOfItsBytes) {
  for (const std::size_t bytes : {13U, 120U, 1000U, 3000U}) {
    for (const bool aligned : {false, true}) {
      constexpr int kCount = 4000;
      const double mean_bytes = static_cast<double>(bytes) * 20;
      const double probability =
          1 - std::exp(-static_cast<double>(bytes) / mean_bytes);
      const double expected = kCount * probability;
      const double deviation = std::sqrt(expected * (1 - probability));
      const int guarded = guarded_of(
          kCount, bytes, static_cast<std::size_t>(mean_bytes), aligned);
      EXPECT_NEAR(guarded, expected, 5 * deviation) << bytes << aligned;
    }
  }
}

TEST(GuardSample, LeavesTheRestToTheInlinedPath) {
  const Unchecked unchecked;
  Arena arena;
  guard_arena(arena, {kSeldom, nullptr});
  (void)arena.allocate(1);
  EXPECT_EQ(detail::ArenaInsider::granted(arena),
            detail::ArenaInsider::remaining(arena));
}

TEST(GuardSample, GoesOnAfterScopesAndResets) {
  Arena arena;
  guard_arena(arena, {2000, nullptr});
  int guarded = 0;
  for (int round = 0; round != 400; ++round) {
    const ArenaScope scope(arena);
    for (int i = 0; i != 10; ++i) {
      guarded += find_guarded(arena.allocate(20)) ? 1 : 0;
    }
  }
  for (int round = 0; round != 400; ++round) {
    for (int i = 0; i != 10; ++i) {
      guarded += find_guarded(arena.allocate(20)) ? 1 : 0;
    }
    arena.reset();
  }
  // 79.6 are expected, and 8.9 is the deviation.
  EXPECT_NEAR(guarded, 79.6, 5 * 8.9);
}

}  // namespace
}  // namespace bitcoinleveldb
