// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The depot: what it holds and how much, what it gives up and when, and that
// it loses nothing and hands nothing out twice.

#include "bitcoinleveldb/block_depot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/lcg_random.h"
#include "block_sources.h"
#include "sizes.h"
#include "slab_memory.h"

namespace bitcoinleveldb {
namespace {

void expect_stats(const BlockDepot& depot, std::size_t retained_bytes,
                  std::size_t retained_slabs, std::size_t outstanding_bytes) {
  const BlockDepotStats stats = depot.stats();
  EXPECT_EQ(stats.retained_bytes, retained_bytes);
  EXPECT_EQ(stats.retained_slabs, retained_slabs);
  EXPECT_EQ(stats.outstanding_bytes, outstanding_bytes);
}

// A depot on a source that counts. The depot goes first, so that what the
// source still misses then is lost.
class BlockDepotTest : public testing::Test {
 protected:
  ~BlockDepotTest() override {
    depot_.reset();
    EXPECT_EQ(source_.live_slabs(), 0U);
    EXPECT_EQ(source_.live_bytes(), 0U);
  }

  BlockDepot& make(std::size_t retained_bytes_max,
                   std::uint64_t trim_interval = 0) {
    depot_ = std::make_unique<BlockDepot>(
        BlockDepotOptions{retained_bytes_max, trim_interval, &source_});
    return *depot_;
  }

  std::vector<void*> take(std::size_t bytes, std::size_t slabs) {
    std::vector<void*> taken;
    for (std::size_t i = 0; i != slabs; ++i) {
      taken.push_back(depot_->allocate(bytes, kAlignment));
    }
    return taken;
  }
  void give(const std::vector<void*>& slabs, std::size_t bytes) {
    for (void* slab : slabs) depot_->deallocate(slab, bytes, kAlignment);
  }
  void hold(std::size_t bytes, std::size_t slabs) {
    give(take(bytes, slabs), bytes);
  }

  CountingSource source_;
  std::unique_ptr<BlockDepot> depot_;
};

TEST_F(BlockDepotTest, SlabThatCameBackIsHandedOutAgain) {
  BlockDepot& depot = make(64 * kKib);
  void* const first = take(4 * kKib, 1).front();
  expect_stats(depot, 0, 0, 4 * kKib);
  give({first}, 4 * kKib);
  expect_stats(depot, 4 * kKib, 1, 0);
  void* const second = take(4 * kKib, 1).front();
  EXPECT_EQ(second, first);
  expect_stats(depot, 0, 0, 4 * kKib);
  EXPECT_EQ(depot.stats().taken, 1U);
  EXPECT_EQ(depot.stats().reused, 1U);
  give({second}, 4 * kKib);
  EXPECT_EQ(source_.calls(), 1U);
}

TEST_F(BlockDepotTest, EqualSizesAreReusedLastInFirstOut) {
  make(64 * kKib);
  std::vector<void*> slabs = take(4 * kKib, 5);
  give(slabs, 4 * kKib);
  std::reverse(slabs.begin(), slabs.end());
  const std::vector<void*> again = take(4 * kKib, 5);
  EXPECT_EQ(again, slabs);
  give(again, 4 * kKib);
}

TEST_F(BlockDepotTest, OnlyEqualSizesAreReused) {
  BlockDepot& depot = make(64 * kKib);
  hold(8 * kKib, 1);
  for (const std::size_t bytes : {8 * kKib - 16, 8 * kKib + 16, 16 * kKib}) {
    const std::vector<void*> other = take(bytes, 1);
    EXPECT_EQ(depot.stats().reused, 0U);
    depot.deallocate(other.front(), bytes, kAlignment);
  }
  EXPECT_EQ(depot.stats().retained_slabs, 4U);
}

TEST_F(BlockDepotTest, BoundIsReachedAndNeverExceeded) {
  BlockDepot& depot = make(100'000);
  const std::vector<void*> slabs = take(10'000, 12);
  for (std::size_t i = 0; i != slabs.size(); ++i) {
    give({slabs[i]}, 10'000);
    EXPECT_EQ(depot.stats().retained_bytes,
              std::min<std::size_t>(i + 1, 10) * 10'000);
  }
  EXPECT_EQ(source_.deallocations(), 2U);
}

TEST_F(BlockDepotTest, RandomSizesNeverExceedTheBoundAndStatsAddUp) {
  BlockDepot& depot = make(64 * kKib);
  LcgRandom random(301);
  std::vector<std::pair<void*, std::size_t>> out;
  std::size_t out_bytes = 0;
  for (int i = 0; i != 5000; ++i) {
    if (out.empty() || random.one_in(2)) {
      const std::size_t bytes = 16 + 16 * random.uniform(1000);
      out.emplace_back(take(bytes, 1).front(), bytes);
      out_bytes += bytes;
    } else {
      std::swap(out[random.uniform(out.size())], out.back());
      give({out.back().first}, out.back().second);
      out_bytes -= out.back().second;
      out.pop_back();
    }
    const BlockDepotStats stats = depot.stats();
    ASSERT_LE(stats.retained_bytes, 64 * kKib);
    ASSERT_EQ(stats.outstanding_bytes, out_bytes);
    ASSERT_EQ(stats.retained_bytes + out_bytes, source_.live_bytes());
    ASSERT_EQ(stats.retained_slabs + out.size(), source_.live_slabs());
    ASSERT_EQ(stats.taken, source_.calls());
  }
  EXPECT_GT(depot.stats().reused, 0U);
  for (const auto& [slab, bytes] : out) give({slab}, bytes);
}

TEST_F(BlockDepotTest, BoundOfZeroHoldsNothing) {
  BlockDepot& depot = make(0);
  hold(4 * kKib, 3);
  expect_stats(depot, 0, 0, 0);
  EXPECT_EQ(source_.deallocations(), 3U);
}

TEST_F(BlockDepotTest, MoreSizesThanShelvesGoUpstreamAndWorkAgainAfterATrim) {
  BlockDepot& depot = make(1024 * kKib);
  for (std::size_t i = 1; i <= 100; ++i) hold(i * 16, 1);
  const std::size_t held = depot.stats().retained_slabs;
  EXPECT_GE(held, 20U);
  EXPECT_LT(held, 100U);
  EXPECT_EQ(source_.deallocations(), 100 - held);
  depot.trim();
  hold(100 * 16, 1);
  EXPECT_EQ(depot.stats().retained_slabs, 1U);
}

TEST_F(BlockDepotTest, TooSmallForTheDepotsOwnUsePassesBy) {
  BlockDepot& depot = make(64 * kKib);
  hold(sizeof(void*), 1);
  expect_stats(depot, 0, 0, 0);
  EXPECT_EQ(source_.deallocations(), 1U);
}

TEST(BlockDepot, OverAlignedRequestsPassBy) {
  BlockDepot depot({64 * kKib, 0, std::pmr::new_delete_resource()});
  for (int i = 0; i != 2; ++i) {
    void* const slab = depot.allocate(4 * kKib, 256);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(slab) % 256, 0U);
    expect_stats(depot, 0, 0, 4 * kKib);
    depot.deallocate(slab, 4 * kKib, 256);
    expect_stats(depot, 0, 0, 0);
  }
  EXPECT_EQ(depot.stats().taken, 2U);
}

// Upstream must get back with the alignment it was asked with, whatever the
// owners of a slab asked the depot for.
TEST(BlockDepot, UpstreamSeesOneAlignmentForASlab) {
  class OneAlignment final : public std::pmr::memory_resource {
    void* do_allocate(std::size_t bytes, std::size_t alignment) override {
      EXPECT_EQ(alignment, 16U);
      return take_slab_memory(bytes);
    }
    void do_deallocate(void* memory, std::size_t /*bytes*/,
                       std::size_t alignment) override {
      EXPECT_EQ(alignment, 16U);
      give_slab_memory(memory);
    }
    bool do_is_equal(const memory_resource& other) const noexcept override {
      return this == &other;
    }
  } source;
  BlockDepot depot({4 * kKib, 0, &source});
  for (const std::size_t alignment : {1U, 8U, 16U}) {
    void* const held = depot.allocate(4 * kKib, alignment);
    void* const passed = depot.allocate(2 * kKib, alignment);
    depot.deallocate(held, 4 * kKib, alignment);
    depot.deallocate(passed, 2 * kKib, alignment);
  }
}

TEST_F(BlockDepotTest, SlabAboveTheBoundIsNoReasonToLook) {
  BlockDepot& depot = make(64 * kKib, 128);
  hold(4 * kKib, 4);
  for (int i = 0; i != 4; ++i) hold(128 * kKib, 1);
  EXPECT_EQ(depot.stats().retained_slabs, 4U);
}

TEST_F(BlockDepotTest, TrimGivesUpTheLargestUntilTheRestFits) {
  BlockDepot& depot = make(64 * kKib);
  hold(1 * kKib, 4);
  hold(4 * kKib, 2);
  hold(16 * kKib, 2);  // 44 KiB in all
  EXPECT_EQ(depot.trim(44 * kKib), 0U);
  EXPECT_EQ(depot.trim(44 * kKib - 1), 16 * kKib);
  // Down to the four small ones and none of 4 KiB: 8 KiB are too many.
  EXPECT_EQ(depot.trim(5 * kKib), 24 * kKib);
  EXPECT_EQ(depot.trim(), 4 * kKib);
  expect_stats(depot, 0, 0, 0);
  EXPECT_EQ(source_.live_slabs(), 0U);
}

TEST_F(BlockDepotTest, TrimUnneededGivesUpWhatWasHeldAllTheTime) {
  BlockDepot& depot = make(64 * kKib);
  hold(4 * kKib, 10);
  EXPECT_EQ(depot.trim_unneeded(), 0U);  // all were out since the start
  hold(4 * kKib, 3);
  EXPECT_EQ(depot.trim_unneeded(), 7 * 4 * kKib);
  EXPECT_EQ(depot.stats().retained_slabs, 3U);
  EXPECT_EQ(depot.trim_unneeded(), 3 * 4 * kKib);
  EXPECT_EQ(depot.trim_unneeded(), 0U);
}

TEST_F(BlockDepotTest, TrimUnneededLeavesEverySizeThatIsInUse) {
  BlockDepot& depot = make(1024 * kKib);
  hold(1 * kKib, 32);
  hold(16 * kKib, 2);
  depot.trim_unneeded();
  // As many bytes lie idle in small slabs as swing to and fro in large ones.
  hold(16 * kKib, 2);
  EXPECT_EQ(depot.trim_unneeded(), 32 * kKib);
  const std::uint64_t taken = depot.stats().taken;
  hold(16 * kKib, 2);
  EXPECT_EQ(depot.stats().taken, taken);
}

TEST_F(BlockDepotTest, WhatATrimGaveUpDoesNotCountAsHeld) {
  BlockDepot& depot = make(64 * kKib);
  hold(4 * kKib, 4);
  depot.trim_unneeded();
  depot.trim();
  hold(4 * kKib, 4);
  EXPECT_EQ(depot.trim_unneeded(), 0U);
  EXPECT_EQ(depot.stats().retained_slabs, 4U);
}

TEST_F(BlockDepotTest, DepotLooksByItselfAfterTheInterval) {
  BlockDepot& depot = make(64 * kKib, 10);
  hold(4 * kKib, 10);  // ten came back: the first look
  EXPECT_EQ(depot.stats().retained_slabs, 10U);
  for (int i = 0; i != 9; ++i) hold(4 * kKib, 1);
  EXPECT_EQ(depot.stats().retained_slabs, 10U);
  hold(4 * kKib, 1);
  EXPECT_EQ(depot.stats().retained_slabs, 1U);
}

// What a burst left behind must not keep out for long what is in use now.
TEST_F(BlockDepotTest, FullDepotMakesRoomForWhatKeepsComingBack) {
  BlockDepot& depot = make(64 * kKib, 256);  // two refusals make a look
  hold(4 * kKib, 16);
  for (int i = 0; i != 4; ++i) hold(32 * kKib, 1);
  EXPECT_EQ(depot.stats().retained_bytes, 0U);
  hold(32 * kKib, 1);
  const std::uint64_t taken = depot.stats().taken;
  hold(32 * kKib, 1);
  EXPECT_EQ(depot.stats().taken, taken);
}

TEST_F(BlockDepotTest, IntervalOfZeroNeverLooks) {
  BlockDepot& depot = make(64 * kKib, 0);
  hold(4 * kKib, 10);
  for (int i = 0; i != 10'000; ++i) hold(4 * kKib, 1);
  EXPECT_EQ(depot.stats().retained_slabs, 10U);
}

TEST_F(BlockDepotTest, PrefillHoldsSlabsAheadOfNeed) {
  BlockDepot& depot = make(64 * kKib);
  EXPECT_EQ(depot.prefill(4 * kKib, 5), 5U);
  expect_stats(depot, 20 * kKib, 5, 0);
  EXPECT_EQ(depot.stats().taken, 5U);
  hold(4 * kKib, 5);
  EXPECT_EQ(source_.calls(), 5U);
  EXPECT_EQ(depot.stats().reused, 5U);
}

TEST_F(BlockDepotTest, PrefillEndsAtTheBoundAndTakesNothingBeyondIt) {
  BlockDepot& depot = make(10 * kKib);
  EXPECT_EQ(depot.prefill(4 * kKib, 5), 2U);
  expect_stats(depot, 8 * kKib, 2, 0);
  EXPECT_EQ(source_.calls(), 2U);
  EXPECT_EQ(depot.prefill(SIZE_MAX, 1), 0U);
  EXPECT_EQ(depot.prefill(1, 1), 0U);
  EXPECT_EQ(source_.calls(), 2U);
}

TEST_F(BlockDepotTest, PrefilledSlabsOutliveTheNextLook) {
  BlockDepot& depot = make(64 * kKib);
  hold(4 * kKib, 1);
  depot.trim_unneeded();
  (void)depot.prefill(4 * kKib, 3);
  EXPECT_EQ(depot.trim_unneeded(), 4 * kKib);
  EXPECT_EQ(depot.stats().retained_slabs, 3U);
}

// Runs dry on demand.
class DryingSource final : public CountingSource {
 public:
  enum class Breach { kNone, kDry, kNull, kForeignException };
  struct ForeignException {};
  Breach breach = Breach::kNone;

 private:
  void* take(std::size_t bytes) override {
    if (breach == Breach::kNone) return CountingSource::take(bytes);
    forget(bytes);
    if (breach == Breach::kDry) return run_dry();
#ifdef __cpp_exceptions
    if (breach == Breach::kForeignException) throw ForeignException{};
#endif
    return nullptr;
  }
};

using Breach = DryingSource::Breach;

void expect_unchanged_by(Breach breach) {
  DryingSource source;
  {
    BlockDepot depot({64 * kKib, 0, &source});
    Arena arena(ArenaOptions{4096, &depot});
    (void)depot.prefill(16, 1);
    const BlockDepotStats before = depot.stats();
    source.breach = breach;
    EXPECT_EQ(arena.try_allocate(50'000), nullptr);
    const BlockDepotStats after = depot.stats();
    EXPECT_EQ(after.outstanding_bytes, before.outstanding_bytes);
    EXPECT_EQ(after.retained_bytes, before.retained_bytes);
    EXPECT_EQ(after.taken, before.taken);
    source.breach = Breach::kNone;
    EXPECT_NE(arena.try_allocate(50'000), nullptr);
  }
  EXPECT_EQ(source.live_bytes(), 0U);
}

TEST(BlockDepot, DryUpstreamLeavesTheDepotUnchanged) {
  if (kWithoutExceptions && kNullIsChecked)
    GTEST_SKIP() << "a sanitizer ends a program with such a source";
  expect_unchanged_by(Breach::kDry);
}

TEST(BlockDepot, UpstreamThatReturnsNullLeavesTheDepotUnchanged) {
  if (kNullIsChecked)
    GTEST_SKIP() << "a sanitizer ends a program with such a source";
  expect_unchanged_by(Breach::kNull);
}

TEST(BlockDepot, PrefillFromUpstreamThatReturnsNullHoldsWhatItGot) {
  if (kNullIsChecked)
    GTEST_SKIP() << "a sanitizer ends a program with such a source";
  DryingSource source;
  BlockDepot depot({64 * kKib, 0, &source});
  EXPECT_EQ(depot.prefill(4 * kKib, 2), 2U);
  source.breach = Breach::kNull;
  EXPECT_EQ(depot.prefill(4 * kKib, 2), 0U);
  expect_stats(depot, 8 * kKib, 2, 0);
}

#ifdef __cpp_exceptions
TEST(BlockDepot, UpstreamThatThrowsLeavesTheDepotUnchanged) {
  expect_unchanged_by(Breach::kForeignException);
}

TEST(BlockDepot, ExceptionOfUpstreamPassesThroughPrefillAndWhatWasTakenStays) {
  CountingSource source(3);
  BlockDepot depot({64 * kKib, 0, &source});
  EXPECT_THROW((void)depot.prefill(4 * kKib, 5), std::bad_alloc);
  expect_stats(depot, 8 * kKib, 2, 0);
  EXPECT_EQ(depot.stats().taken, 2U);
}
#endif

constexpr std::array<std::size_t, 3> kSizes = {256, 512, 1040};
constexpr std::size_t kSharedBound = 2 * kKib;

struct Owned {
  unsigned char* slab = nullptr;
  std::size_t bytes = 0;
};

// Takes and returns slabs, and counts those that are not as it left them.
void use_depot(BlockDepot& depot, unsigned char id, std::size_t* faults) {
  LcgRandom random(id);
  std::array<Owned, 4> owned{};
  for (int i = 0; i != 4000 + 4; ++i) {
    Owned& slot = owned[static_cast<std::size_t>(i) % owned.size()];
    if (slot.slab != nullptr) {
      for (std::size_t at = 0; at != slot.bytes; ++at) {
        if (slot.slab[at] != id) ++*faults;
      }
      depot.deallocate(slot.slab, slot.bytes, kAlignment);
    }
    slot = {};
    if (i >= 4000) continue;
    slot.bytes = kSizes[random.uniform(kSizes.size())];
    slot.slab =
        static_cast<unsigned char*>(depot.allocate(slot.bytes, kAlignment));
    std::memset(slot.slab, id, slot.bytes);
    if (depot.stats().retained_bytes > kSharedBound) ++*faults;
    if (random.one_in(500)) depot.trim(kKib);
  }
}

TEST(BlockDepotThreads, NothingIsLostOrHandedOutTwice) {
  SharedSource source;
  std::array<std::size_t, 4> faults{};
  {
    BlockDepot depot({kSharedBound, 64, &source});
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i != faults.size(); ++i) {
      threads.emplace_back(use_depot, std::ref(depot),
                           static_cast<unsigned char>(i + 1), &faults[i]);
    }
    for (std::thread& thread : threads) thread.join();
    const BlockDepotStats stats = depot.stats();
    EXPECT_EQ(stats.outstanding_bytes, 0U);
    EXPECT_EQ(stats.retained_bytes, source.live_bytes);
    EXPECT_EQ(stats.taken + stats.reused, 4U * 4000);
    EXPECT_GT(stats.reused, 0U);
  }
  for (const std::size_t count : faults) EXPECT_EQ(count, 0U);
  EXPECT_EQ(source.live_bytes, 0U);
}

}  // namespace
}  // namespace bitcoinleveldb
