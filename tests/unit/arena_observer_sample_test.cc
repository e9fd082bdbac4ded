// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Sampling without bias. Each allocation of b bytes is in the sample with the
// probability p = 1 - exp(-b / mean), independently, and counts 1/p if it is.
// So the variance of what a sum of v over the sample estimates is that of the
// sum over all of v^2 (1 - p) / p, which a second observer that sees everything
// makes known here, and an estimate further off than five times its root means
// a fault (in one of 1.7 million runs it would not; and the numbers drawn are
// the same in every run). Estimates are made for each kind of request by
// itself, so that one kind cannot make good for another.

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/arena_resize.h"
#include "bitcoinleveldb/arena_scope.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/lcg_random.h"
#include "sanitizers.h"
#include "seldom.h"

namespace bitcoinleveldb {
namespace {

enum Kind : std::size_t {
  kTiny,      // at most 16 bytes
  kSmall,     // bumped or in a new block
  kWithSlop,  // aligned, with bytes skipped before it
  kDedicated,
  kTookBlock,  // and opened a standard block
  kKinds,
};

Kind kind_of(const ObservedAllocation& one) {
  if (one.took_block) return one.bytes > 1024 ? kDedicated : kTookBlock;
  if (one.slop != 0) return kWithSlop;
  return one.bytes <= 16 ? kTiny : kSmall;
}

// What two estimates are checked against.
struct Tally {
  double count = 0;
  double bytes = 0;
  double count_variance = 0;
  double bytes_variance = 0;
};

using Tallies = std::array<Tally, kKinds>;

// Sees everything, and works out what a sample of mean `mean` may stray.
class Census final : public ArenaObserver {
 public:
  explicit Census(double mean) : mean_(mean) {}

  void allocated(const ObservedArena&,
                 const ObservedAllocation& one) noexcept override {
    const auto bytes = static_cast<double>(one.bytes);
    const double unseen = std::exp(-bytes / mean_);
    const double variance = unseen / (1 - unseen);
    Tally& tally = tallies[kind_of(one)];
    tally.count += one.weight;
    tally.bytes += bytes;
    tally.count_variance += variance;
    tally.bytes_variance += bytes * bytes * variance;
  }

  Tallies tallies;

 private:
  double mean_;
};

class Sample : public ArenaObserver {
 public:
  explicit Sample(std::size_t mean)
      : ArenaObserver(ArenaInterest::sample(mean)) {}

  void allocated(const ObservedArena&,
                 const ObservedAllocation& one) noexcept override {
    ++seen;
    if (one.bytes == 100) hundreds += one.weight;
    Tally& tally = tallies[kind_of(one)];
    tally.count += one.weight;
    tally.bytes += one.weight * static_cast<double>(one.bytes);
  }

  Tallies tallies;
  std::size_t seen = 0;
  double hundreds = 0;
};

class SampleWithoutBlocks final : public Sample {
 public:
  explicit SampleWithoutBlocks(std::size_t mean) : Sample(mean) {
    forgo_blocks();
  }
};

void expect_near(double estimate, double truth, double variance,
                 const std::string& what) {
  EXPECT_LE(std::abs(estimate - truth), 5 * std::sqrt(variance) + 1e-6 * truth)
      << what << ": " << estimate << " for " << truth << ", deviation "
      << std::sqrt(variance);
}

void expect_unbiased(const Tallies& sample, const Tallies& truth,
                     const std::string& what) {
  for (std::size_t kind = 0; kind != kKinds; ++kind) {
    const std::string text = what + ", kind " + std::to_string(kind);
    EXPECT_GT(truth[kind].count, 0) << text;
    expect_near(sample[kind].count, truth[kind].count,
                truth[kind].count_variance, text + ", number");
    expect_near(sample[kind].bytes, truth[kind].bytes,
                truth[kind].bytes_variance, text + ", bytes");
  }
}

std::size_t draw_bytes(LcgRandom& random) {
  const std::uint64_t kind = random.uniform(100);
  if (kind < 40) return static_cast<std::size_t>(1 + random.uniform(16));
  if (kind < 98) return static_cast<std::size_t>(17 + random.uniform(500));
  return static_cast<std::size_t>(1025 + random.uniform(5000));
}

char* request(Arena& arena, LcgRandom& random, std::size_t bytes) {
  const std::uint64_t kind = random.uniform(4);
  if (kind == 0) return arena.allocate_aligned(bytes);
  if (kind == 1) return arena.allocate_aligned(bytes, 16);
  return arena.allocate(bytes);
}

void fill(Arena& arena, LcgRandom& random, int requests) {
  for (int i = 0; i != requests; ++i) {
    (void)request(arena, random, draw_bytes(random));
  }
}

// The truth comes from a second arena that is asked the same, for an observer
// that sees all would have the first one make every call out of line.
template <class Sampling = Sample>
void compare(std::size_t mean,
             const std::function<void(Arena&, LcgRandom&)>& use) {
  Sampling sample(mean);
  Census census(static_cast<double>(mean));
  for (ArenaObserver* observer : {static_cast<ArenaObserver*>(&sample),
                                  static_cast<ArenaObserver*>(&census)}) {
    Arena arena;
    attach_observer(arena, *observer);
    LcgRandom random(301);
    use(arena, random);
  }
  expect_unbiased(sample.tallies, census.tallies,
                  "mean " + std::to_string(mean));
  EXPECT_GT(sample.seen, 0U);
}

constexpr std::array<std::size_t, 6> kMeans = {1, 10, 100, 1000, 4096, 60'000};

TEST(ArenaObserverSample, EstimatesBytesAndNumbersOfEachKind) {
  for (const std::size_t mean : kMeans) {
    compare(mean, [](Arena& arena, LcgRandom& random) {
      fill(arena, random, 200'000);
    });
  }
}

// Counts what the allocations of 100 bytes are estimated to come to.
template <class Sampling>
double hundreds_between_resizes(std::size_t mean, int rounds) {
  Sampling sample(mean);
  ArenaOptions options;
  options.block_bytes = 65536;
  Arena arena(options);
  attach_observer(arena, sample);
  for (int i = 0; i != rounds; ++i) {
    char* const dedicated = arena.allocate(17'000);
    (void)try_resize_newest(arena, dedicated, 17'000, 16'900);
    for (int k = 0; k != 100; ++k) (void)arena.allocate(100);
  }
  return sample.hundreds;
}

TEST(ArenaObserverSample, IsAsRightBetweenResizesOfDedicatedBlocks) {
  constexpr int kRounds = 5000;
  constexpr std::size_t kMean = 8192;
  const double truth = kRounds * 100.0;
  const double unseen = std::exp(-100.0 / kMean);
  const double bound = 5 * std::sqrt(truth * unseen / (1 - unseen));
  EXPECT_NEAR(hundreds_between_resizes<Sample>(kMean, kRounds), truth, bound);
  EXPECT_NEAR(hundreds_between_resizes<SampleWithoutBlocks>(kMean, kRounds),
              truth, bound);
}

TEST(ArenaObserverSample, IsAsRightWhereBlocksAreNotTold) {
  for (const std::size_t mean : kMeans) {
    compare<SampleWithoutBlocks>(mean, [](Arena& arena, LcgRandom& random) {
      fill(arena, random, 100'000);
      const ArenaScope scope(arena);
      fill(arena, random, 100'000);
    });
  }
}

TEST(ArenaObserverSample, IsAsRightWithAnObserverBesideThatSeesAll) {
  for (const std::size_t mean : kMeans) {
    Sample sample(mean);
    Census census(static_cast<double>(mean));
    Arena arena;
    attach_observer(arena, census);
    attach_observer(arena, sample);
    LcgRandom random(77);
    fill(arena, random, 200'000);
    expect_unbiased(sample.tallies, census.tallies, std::to_string(mean));
    detach_observer(arena, sample);
    detach_observer(arena, census);
  }
}

// Two samples of different means ask for different counts; neither may see its
// own because of the other.
TEST(ArenaObserverSample, TwoSamplesOfOneArenaDoNotDisturbEachOther) {
  Sample often(200);
  Sample seldom(5000);
  Census for_often(200);
  Census for_seldom(5000);
  for (const bool count : {true, false}) {
    Arena arena;
    if (count) {
      attach_observer(arena, for_often);
      attach_observer(arena, for_seldom);
    } else {
      attach_observer(arena, often);
      attach_observer(arena, seldom);
    }
    LcgRandom random(301);
    fill(arena, random, 200'000);
  }
  expect_unbiased(often.tallies, for_often.tallies, "mean 200");
  expect_unbiased(seldom.tallies, for_seldom.tallies, "mean 5000");
}

TEST(ArenaObserverSample, HoldsThroughScopesAndResets) {
  for (const std::size_t mean : {100U, 3000U, 60'000U}) {
    compare(mean, [](Arena& arena, LcgRandom& random) {
      for (int round = 0; round != 1000; ++round) {
        fill(arena, random, 60);
        {
          const ArenaScope outer(arena);
          fill(arena, random, 70);
          const ArenaScope inner(arena);
          fill(arena, random, 50);
        }
        fill(arena, random, 20);
        if (round % 7 == 0) arena.reset(round % 2 == 0 ? 0 : Arena::kKeepAll);
      }
    });
  }
}

TEST(ArenaObserverSample, HoldsWhereTheNewestAllocationIsResized) {
  for (const std::size_t mean : {100U, 3000U, 60'000U}) {
    compare(mean, [](Arena& arena, LcgRandom& random) {
      for (int i = 0; i != 150'000; ++i) {
        const std::size_t bytes = draw_bytes(random);
        char* const ptr = request(arena, random, bytes);
        if (i % 4 == 0) {
          (void)try_resize_newest(arena, ptr, bytes, draw_bytes(random));
        }
      }
    });
  }
}

TEST(ArenaObserverSample, HoldsOverManySmallArenasAndMoves) {
  for (const std::size_t mean : {100U, 3000U, 60'000U}) {
    Sample sample(mean);
    Census census(static_cast<double>(mean));
    for (ArenaObserver* observer : {static_cast<ArenaObserver*>(&sample),
                                    static_cast<ArenaObserver*>(&census)}) {
      LcgRandom random(301);
      for (int i = 0; i != 3000; ++i) {
        Arena first;
        attach_observer(first, *observer);
        fill(first, random, 30);
        Arena second(std::move(first));
        fill(second, random, 30);
      }
    }
    expect_unbiased(sample.tallies, census.tallies, std::to_string(mean));
  }
}

// One that is attached to an arena only when its sample has something there.
class LateSample final : public Sample {
 public:
  explicit LateSample(std::size_t mean) : Sample(mean) {
    forgo_blocks();
    forgo_unsampled_arenas();
  }

  void attached(const ObservedArena& arena, bool is_new) noexcept override {
    ++arenas;
    Sample::attached(arena, is_new);
  }

  std::size_t arenas = 0;
};

// Has `use` make arenas while a late sample is a default observer, beside one
// that sees all or alone, and compares what the first says with the truth.
void compare_late(std::size_t mean, bool beside_another,
                  const std::function<void(LcgRandom&)>& use) {
  LateSample sample(mean);
  Census census(static_cast<double>(mean));
  Census other(static_cast<double>(mean));
  for (ArenaObserver* observer : {static_cast<ArenaObserver*>(&sample),
                                  static_cast<ArenaObserver*>(&census)}) {
    add_default_observer(*observer);
    if (beside_another) add_default_observer(other);
    LcgRandom random(301);
    use(random);
    remove_default_observer(*observer);
    remove_default_observer(other);
  }
  expect_unbiased(sample.tallies, census.tallies,
                  "mean " + std::to_string(mean));
  EXPECT_GT(sample.seen, 0U);
  EXPECT_GT(sample.arenas, 0U);
}

TEST(ArenaObserverSample, IsAsRightOverArenasThatItIsNotAttachedTo) {
  for (const std::size_t mean : {100U, 3000U, 60'000U}) {
    for (const bool beside_another : {false, true}) {
      compare_late(mean, beside_another, [](LcgRandom& random) {
        for (int i = 0; i != 4000; ++i) {
          Arena arena;
          fill(arena, random, 1 + static_cast<int>(random.uniform(100)));
          if (i % 4 == 0) arena.reset(i % 8 == 0 ? 0 : Arena::kKeepAll);
          fill(arena, random, 1 + static_cast<int>(random.uniform(100)));
          Arena moved(std::move(arena));
          fill(moved, random, 20);
        }
      });
    }
  }
}

// All of it lies in the same few blocks, which are taken once. They are given
// back by scopes, or by scopes and resizes.
TEST(ArenaObserverSample, IsAsRightWhereBytesAreGivenBackAgainAndAgain) {
  for (const std::size_t mean : {100U, 3000U, 60'000U}) {
    for (const bool resizing : {false, true}) {
      compare_late(mean, false, [resizing](LcgRandom& random) {
        for (int i = 0; i != 100; ++i) {
          Arena arena;
          fill(arena, random, 3);
          for (int round = 0; round != 300; ++round) {
            const ArenaScope scope(arena);
            fill(arena, random, 9);
            if (!resizing) continue;
            char* const newest = arena.allocate(200);
            (void)try_resize_newest(arena, newest, 200, 10);
            fill(arena, random, 1);
          }
        }
      });
    }
  }
}

TEST(ArenaObserverSample, ArenasWithoutASampleAreNotAttachedTo) {
  LateSample sample(kSeldom);
  add_default_observer(sample);
  for (int i = 0; i != 100; ++i) {
    Arena arena;
    for (int k = 0; k != 200; ++k) (void)arena.allocate(100);
    if (i % 50 == 0) (void)arena.allocate(5'000'000);
  }
  EXPECT_EQ(sample.arenas, 0U);
  remove_default_observer(sample);
}

TEST(ArenaObserverSample, HoldsWhereTheMeanIsChangedAgainAndAgain) {
  Sample sample(500);
  Census census(500);
  for (ArenaObserver* observer : {static_cast<ArenaObserver*>(&sample),
                                  static_cast<ArenaObserver*>(&census)}) {
    Arena arena;
    attach_observer(arena, *observer);
    LcgRandom random(301);
    for (int i = 0; i != 3000; ++i) {
      if (observer == &sample) {
        observer->set_interest(ArenaInterest::sample(i % 2 == 0 ? 100 : 500));
        if (i % 3 == 0) refresh_observers(arena);
      }
      fill(arena, random, 61);
    }
  }
  // The smaller mean strays less than what is allowed here.
  expect_unbiased(sample.tallies, census.tallies, "100 and 500 in turn");
}

TEST(ArenaObserverSample, SeesAboutOneAllocationInEveryMeanBytes) {
  constexpr std::size_t kMean = 10'000;
  Sample sample(kMean);
  Arena arena;
  attach_observer(arena, sample);
  for (int i = 0; i != 1'000'000; ++i) (void)arena.allocate(100);
  // 10,000 are to be expected; five deviations are 500.
  EXPECT_NEAR(static_cast<double>(sample.seen), 10'000, 500);
  detach_observer(arena, sample);
}

// The calls that no sample asks for remain inline: the count shows it.
TEST(ArenaObserverSample, BetweenSamplesTheCountIsGranted) {
  const Unchecked unchecked;
  Sample sample(kSeldom);
  Arena arena;
  (void)arena.allocate(1);
  attach_observer(arena, sample);
  (void)arena.allocate(1);
  EXPECT_EQ(detail::ArenaInsider::granted(arena),
            detail::ArenaInsider::remaining(arena));
  detach_observer(arena, sample);
}

}  // namespace
}  // namespace bitcoinleveldb
