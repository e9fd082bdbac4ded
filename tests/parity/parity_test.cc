// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Every call on our arena against the same call on the real LevelDB arena:
// usage, block, offset and alignment must be equal after each. That the
// comparison can fail is shown by arenas with planted faults, each one small
// step from the policy.

#include "oracle/parity.h"

#include <gtest/gtest.h>

#include <array>
#include <iostream>
#include <memory>
#include <string>

#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "unit/sanitizers.h"

namespace bitcoinleveldb {
namespace {

constexpr std::array<std::uint64_t, 2> kSeeds = {301, 0x5eed};

constexpr bool kSanitized = kAddressSanitizer || kThreadSanitizer;

// Eight workloads and two seeds make 20.8 million operations. Under a sanitizer
// each takes many times as long.
constexpr std::uint64_t kOperations = kSanitized ? 130'000 : 1'300'000;
constexpr std::uint64_t kObservedOperations = kSanitized ? 20'000 : 200'000;

class ParityOn : public testing::TestWithParam<std::string_view> {};

TEST_P(ParityOn, EveryCallEqualsLevelDbs) {
  for (const std::uint64_t seed : kSeeds) {
    ParityOptions options;
    options.workload = GetParam();
    options.seed = seed;
    options.operations = kOperations;
    const ParityResult result = run_parity(options);
    std::cout << "workload " << GetParam() << ", seed " << seed << ": "
              << result.operations << " operations on " << result.arenas
              << " arenas compared\n";
    ASSERT_FALSE(result.mismatch) << to_string(*result.mismatch);
    EXPECT_EQ(result.operations, kOperations);
  }
}

std::vector<std::string_view> workload_names() {
  std::vector<std::string_view> names;
  for (const WorkloadInfo& info : Workload::all()) names.push_back(info.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Workload, ParityOn,
                         testing::ValuesIn(workload_names()),
                         [](const auto& name) {
                           std::string text(name.param);
                           std::erase(text, '-');
                           return text;
                         });

TEST(Parity, EverySizeFromEveryStateEqualsLevelDbs) {
  const ParityResult result =
      run_every_size([] { return std::make_unique<OurSubject>(); }, {});
  std::cout << result.operations << " operations on " << result.arenas
            << " arenas compared\n";
  ASSERT_FALSE(result.mismatch) << to_string(*result.mismatch);
  EXPECT_GT(result.arenas, 8200U * 2 * 50);
}

// A door that is told of every allocation, or of some.
class CountingDoor final : public detail::ArenaDoor {
 public:
  explicit CountingDoor(std::size_t granted) : granted_(granted) {}
  std::size_t passed(const Arena&,
                     const detail::ColdAllocation&) noexcept override {
    ++calls;
    return granted_;
  }
  std::size_t calls = 0;

 private:
  std::size_t granted_;
};

class WatchedSubject final : public OurSubject {
 public:
  explicit WatchedSubject(std::size_t granted) : door_(granted) {
    detail::ArenaInsider::attach(arena(), door_);
  }
  // The arena is the base's and ends later than the door.
  ~WatchedSubject() override { detail::ArenaInsider::detach(arena(), door_); }
  WatchedSubject(const WatchedSubject&) = delete;
  WatchedSubject& operator=(const WatchedSubject&) = delete;

 private:
  CountingDoor door_;
};

TEST(Parity, HoldsWhileTheCountIsWithheld) {
  for (const std::size_t granted : {0U, 1U, 100U, 3000U}) {
    for (const WorkloadInfo& info : Workload::all()) {
      ParityOptions options;
      options.workload = info.name;
      options.operations = 50'000;
      const ParityResult result = run_parity(options, [granted] {
        return std::make_unique<WatchedSubject>(granted);
      });
      ASSERT_FALSE(result.mismatch)
          << info.name << ", " << granted << " bytes granted, "
          << to_string(*result.mismatch);
    }
  }
}

// Counts what it sees of any number of arenas.
class CountingObserver final : public ArenaObserver {
 public:
  using ArenaObserver::ArenaObserver;
  void allocated(const ObservedArena&,
                 const ObservedAllocation& one) noexcept override {
    weight += one.weight;
  }
  double weight = 0;
};

class ObservedSubject final : public OurSubject {
 public:
  explicit ObservedSubject(ArenaObserver& observer) : observer_(observer) {
    attach_observer(arena(), observer_);
  }
  // The arena is the base's and ends later than this.
  ~ObservedSubject() override { detach_observer(arena(), observer_); }
  ObservedSubject(const ObservedSubject&) = delete;
  ObservedSubject& operator=(const ObservedSubject&) = delete;

 private:
  ArenaObserver& observer_;
};

struct NamedInterest {
  const char* name;
  ArenaInterest interest;
};

class ParityObserved : public testing::TestWithParam<NamedInterest> {};

TEST_P(ParityObserved, EveryCallEqualsLevelDbsOnEveryWorkload) {
  for (const WorkloadInfo& info : Workload::all()) {
    CountingObserver observer(GetParam().interest);
    ParityOptions options;
    options.workload = info.name;
    options.operations = kObservedOperations;
    const ParityResult result = run_parity(options, [&observer] {
      return std::make_unique<ObservedSubject>(observer);
    });
    ASSERT_FALSE(result.mismatch)
        << info.name << ", " << to_string(*result.mismatch);
    // So it was at work. A sample's estimate is taken in its own tests.
    const bool sees = GetParam().name != std::string("None");
    EXPECT_EQ(observer.weight > 0, sees) << info.name;
    if (GetParam().name == std::string("All")) {
      EXPECT_EQ(observer.weight, kObservedOperations) << info.name;
    }
  }
}

TEST_P(ParityObserved, EverySizeFromEveryStateEqualsLevelDbs) {
  if (kSanitized) GTEST_SKIP() << "takes minutes; it is tried unobserved";
  CountingObserver observer(GetParam().interest);
  const ParityResult result = run_every_size(
      [&observer] { return std::make_unique<ObservedSubject>(observer); }, {});
  ASSERT_FALSE(result.mismatch) << to_string(*result.mismatch);
}

INSTANTIATE_TEST_SUITE_P(
    By, ParityObserved,
    testing::Values(NamedInterest{"All", ArenaInterest::all()},
                    NamedInterest{"None", ArenaInterest::none()},
                    NamedInterest{"SampleOfAllBytes", ArenaInterest::sample(1)},
                    NamedInterest{"Sample", ArenaInterest::sample(700)},
                    NamedInterest{"SampleOfFew",
                                  ArenaInterest::sample(20'000)}),
    [](const auto& interest) { return interest.param.name; });

// Ours, but for one planted step off LevelDB's policy.
template <class Change>
class ChangedSubject final : public ParitySubject {
 public:
  Placement place(ArenaRequest request) override {
    return Change::after(subject_.place(Change::before(request)), count_++);
  }

 private:
  OurSubject subject_;
  std::size_t count_ = 0;
};

struct Unchanged {
  static ArenaRequest before(ArenaRequest request) { return request; }
  static Placement after(Placement placement, std::size_t) { return placement; }
};

// The quarter rule off by one byte: 1,025 takes a standard block.
struct LaterQuarter : Unchanged {
  static ArenaRequest before(ArenaRequest request) {
    return {request.bytes == 1025 ? 1024 : request.bytes, request.aligned};
  }
};

struct AlignsPackedRequests : Unchanged {
  static ArenaRequest before(ArenaRequest request) {
    return {request.bytes, true};
  }
};

struct ForgetsAPointerOfUsage : Unchanged {
  static Placement after(Placement placement, std::size_t) {
    if (placement.block > 2) placement.usage -= sizeof(char*);
    return placement;
  }
};

struct WrongOnceIn5000 : Unchanged {
  static Placement after(Placement placement, std::size_t number) {
    if (number == 5000) ++placement.offset;
    return placement;
  }
};

template <class Change>
ParityMismatch expect_found(std::string_view workload) {
  ParityOptions options;
  options.workload = workload;
  const ParityResult result = run_parity(
      options, [] { return std::make_unique<ChangedSubject<Change>>(); });
  EXPECT_TRUE(result.mismatch);
  return result.mismatch.value_or(ParityMismatch{});
}

TEST(ParityComparison, FindsAQuarterRuleOffByOne) {
  const ParityMismatch found = expect_found<LaterQuarter>("edges");
  EXPECT_LE(found.requests.size(), 5U);
  EXPECT_NE(to_string(found).find("(1025)"), std::string::npos);
}

TEST(ParityComparison, FindsPaddingBetweenPackedRequests) {
  EXPECT_EQ(expect_found<AlignsPackedRequests>("uniform-small").requests.size(),
            2U);
}

TEST(ParityComparison, FindsAWrongUsage) {
  const ParityMismatch found = expect_found<ForgetsAPointerOfUsage>("large");
  EXPECT_EQ(found.ours.usage + sizeof(char*), found.theirs.usage);
  EXPECT_EQ(found.requests.size(), 4U);
}

TEST(ParityComparison, FindsAFaultThatDependsOnTheNumberOfTheCall) {
  EXPECT_EQ(expect_found<WrongOnceIn5000>("uniform-small").requests.size(),
            5001U);
}

}  // namespace
}  // namespace bitcoinleveldb
