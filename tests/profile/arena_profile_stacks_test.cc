// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The stacks of a profile: where they begin and end, that they are told apart,
// and that what is estimated of each is right.

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/arena_profile.h"
#include "pprof_reader.h"
#include "profile_sites.h"

namespace bitcoinleveldb {
namespace {

class ArenaProfileStacks : public testing::Test {
 protected:
  void SetUp() override {
    if (!ArenaProfile::has_stacks()) GTEST_SKIP() << "no stacks here";
  }
};

TEST_F(ArenaProfileStacks, BeginAtTheCallerHoweverItAllocates) {
  ArenaProfile profile(sees_all());
  Arena arena;
  attach_observer(arena, profile);
  for (std::size_t i = 0; i != kSites.size(); ++i) {
    const ReturnAddress address = kSites[i](arena, 50, 100);
    const ReadProfile read_back = read(profile);
    EXPECT_EQ(sum_of(read_back, address, kObjects), 100) << "site " << i;
    EXPECT_EQ(sum_of(read_back, address, kBytes), 5000) << "site " << i;
  }
  detach_observer(arena, profile);
}

TEST_F(ArenaProfileStacks, AreTrimmedInASampleAsWell) {
  ArenaProfileOptions options;
  options.sample_bytes = 1;
  ArenaProfile profile(options);
  Arena arena;
  attach_observer(arena, profile);
  for (const Site site : kSites) {
    const ReturnAddress address = site(arena, 1000, 10);
    EXPECT_EQ(sum_of(read(profile), address, kBytes), 10'000);
  }
  detach_observer(arena, profile);
}

TEST_F(ArenaProfileStacks, LeadToTheProgramAndItsBuild) {
  ArenaProfile profile(sees_all());
  Arena arena;
  attach_observer(arena, profile);
  const ReturnAddress address = site_packed(arena, 1, 1);
  const ReadProfile read_back = read(profile);
  bool found = false;
  for (const auto& [number, location] : read_back.locations) {
    if (location.address + 1 != address) continue;
    const ReadProfile::Mapping& mapping =
        read_back.mappings.at(location.mapping);
    EXPECT_NE(mapping.file.find("profile_test"), std::string::npos);
    EXPECT_EQ(location.mapping, 1U);
    found = true;
  }
  EXPECT_TRUE(found);
  for (const auto& [number, mapping] : read_back.mappings) {
    EXPECT_EQ(mapping.start % 4096, mapping.offset % 4096);
    EXPECT_EQ(mapping.build_id.size() % 2, 0U);
  }
  detach_observer(arena, profile);
}

// Recursion makes stacks of any number and depth.
// NOLINTNEXTLINE(misc-no-recursion)
[[gnu::noinline]] int allocate_at_depth(Arena& arena, int depth) {
  if (depth == 0) {
    (void)arena.allocate(10);
    return 0;
  }
  const int below = allocate_at_depth(arena, depth - 1);
  __asm__ volatile("" ::: "memory");  // or a loop would do the same
  return below + 1;
}

TEST_F(ArenaProfileStacks, KeepTheirInnermostFrames) {
  ArenaProfile profile(sees_all());
  Arena arena;
  attach_observer(arena, profile);
  EXPECT_EQ(allocate_at_depth(arena, 500), 500);
  const ReadProfile read_back = read(profile);
  ASSERT_EQ(read_back.samples.size(), 1U);
  EXPECT_EQ(read_back.samples[0].locations.size(), 64U);
  detach_observer(arena, profile);
}

// Walked stacks are known again; here they are alike but for one frame.
[[gnu::noinline]] void allocate_within(Arena& arena) {
  (void)arena.allocate(10);
  __asm__ volatile("");
}

template <int kNumber>
[[gnu::noinline]] void allocate_far_within(Arena& arena) {
  allocate_within(arena);
  __asm__ volatile("" ::"i"(kNumber));
}

TEST_F(ArenaProfileStacks, ThatDifferInOneOuterFrameAreToldApart) {
  ArenaProfile profile(sees_all());
  Arena arena;
  attach_observer(arena, profile);
  constexpr std::array kOuter = {
      allocate_far_within<0>, allocate_far_within<1>, allocate_far_within<2>,
      allocate_far_within<3>, allocate_far_within<4>, allocate_far_within<5>};
  for (int i = 0; i != 60; ++i) kOuter[static_cast<std::size_t>(i % 6)](arena);
  for (int i = 0; i != 60; ++i) kOuter[static_cast<std::size_t>(i / 10)](arena);
  const ReadProfile read_back = read(profile);
  EXPECT_EQ(read_back.samples.size(), 12U);  // of two loops
  for (const ReadProfile::Sample& sample : read_back.samples) {
    EXPECT_EQ(sample.values.at(kObjects), 10U);
  }
  detach_observer(arena, profile);
}

TEST_F(ArenaProfileStacks, BeyondTheLimitAreCountedTogether) {
  ArenaProfileOptions options = sees_all();
  options.stacks_max = 3;
  ArenaProfile profile(options);
  Arena arena;
  attach_observer(arena, profile);
  for (int depth = 0; depth != 10; ++depth) {
    EXPECT_EQ(allocate_at_depth(arena, depth), depth);
    EXPECT_EQ(allocate_at_depth(arena, depth), depth);
  }
  const ArenaProfileStats stats = profile.stats();
  EXPECT_EQ(stats.stacks, 3U);
  EXPECT_EQ(stats.samples, 20U);
  // The two calls of a round come from different places.
  EXPECT_EQ(stats.stacks_dropped, 17U);
  const ReadProfile read_back = read(profile);
  EXPECT_EQ(read_back.samples.size(), 4U);
  EXPECT_EQ(read_back.sum(kBytes), 200U);
  const ReadProfile::Sample& others = read_back.samples.at(0);
  ASSERT_EQ(others.locations.size(), 1U);
  EXPECT_EQ(read_back.locations.at(others.locations[0]).function,
            "(stacks beyond the limit)");
  EXPECT_EQ(others.values.at(kObjects), 17U);
  EXPECT_EQ(read_back.comments.at(1), "samples without their stack: 17");
  detach_observer(arena, profile);
}

// The known workload: each site has at least 10,000 samples, whose estimate
// has a deviation of about 1 %, so that 5 % are five of them.
TEST_F(ArenaProfileStacks, EstimateBytesOfEachSiteWithinFivePercent) {
  constexpr std::size_t kMean = 3000;
  constexpr double kSiteBytes = 12'000.0 * kMean;
  constexpr std::array<std::size_t, 5> kBytesOfSite = {16, 100, 500, 900, 5000};
  ArenaProfileOptions options;
  options.sample_bytes = kMean;
  ArenaProfile profile(options);
  std::array<ReturnAddress, kSites.size()> addresses{};
  std::array<double, kSites.size()> truth{};
  std::array<double, kSites.size()> samples{};
  Arena arena;
  attach_observer(arena, profile);
  // In turns, so that the sites share blocks.
  for (int round = 0; round != 1000; ++round) {
    for (std::size_t i = 0; i != kSites.size(); ++i) {
      const auto bytes = static_cast<double>(kBytesOfSite[i]);
      // One of 5,000 bytes is seen at most once, whatever points it has.
      const double share = bytes / (kMean * -std::expm1(-bytes / kMean));
      const int count = static_cast<int>(kSiteBytes * share / 1000 / bytes) + 1;
      const std::uint64_t before = profile.stats().samples;
      addresses[i] = kSites[i](arena, kBytesOfSite[i], count);
      truth[i] += bytes * count;
      samples[i] += static_cast<double>(profile.stats().samples - before);
    }
    if (round % 10 == 9) arena.reset();
  }
  const ReadProfile read_back = read(profile);
  for (std::size_t i = 0; i != kSites.size(); ++i) {
    EXPECT_GE(samples[i], 10'000) << "site " << i;
    const double estimate = sum_of(read_back, addresses[i], kBytes);
    EXPECT_NEAR(estimate / truth[i], 1, 0.05) << "site " << i;
    RecordProperty("site_" + std::to_string(i),
                   std::to_string(estimate / truth[i]));
  }
  detach_observer(arena, profile);
}

}  // namespace
}  // namespace bitcoinleveldb
