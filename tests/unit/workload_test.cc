// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/workload.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "expect_failure.h"

namespace bitcoinleveldb {
namespace {

std::vector<ArenaRequest> draw(std::string_view name, std::uint64_t seed,
                               std::size_t count) {
  Workload workload(name, seed);
  std::vector<ArenaRequest> requests;
  for (std::size_t i = 0; i != count; ++i) requests.push_back(workload.next());
  return requests;
}

TEST(Workload, UnknownNameIsRefusedWithAListOfThoseThereAre) {
  std::string names = "no workload is called \"memtables\"; there are:";
  for (const WorkloadInfo& info : Workload::all()) {
    names += ' ';
    names += info.name;
  }
  expect_invalid([] { Workload workload("memtables", 1); }, names);
}

TEST(Workload, ThereAreAtLeastEightWithDistinctNamesAndAMeaning) {
  std::set<std::string_view> names;
  for (const WorkloadInfo& info : Workload::all()) {
    EXPECT_TRUE(names.insert(info.name).second);
    EXPECT_FALSE(info.meaning.empty());
  }
  EXPECT_GE(names.size(), 8U);
}

TEST(Workload, SameSeedGivesTheSameRequestsAndAnotherSeedOthers) {
  for (const WorkloadInfo& info : Workload::all()) {
    const auto requests = draw(info.name, 301, 1000);
    EXPECT_TRUE(draw(info.name, 301, 1000) == requests) << info.name;
    EXPECT_FALSE(draw(info.name, 302, 1000) == requests) << info.name;
  }
}

TEST(Workload, CopiesGoOnAlike) {
  Workload workload("chainstate", 301);
  for (int i = 0; i != 101; ++i) (void)workload.next();
  Workload copy = workload;
  for (int i = 0; i != 1000; ++i) ASSERT_TRUE(copy.next() == workload.next());
}

struct Range {
  std::string name;
  std::size_t smallest;
  std::size_t largest;
  std::size_t reached_below;  // the smallest size drawn is at most this
  std::size_t reached_above;  // the largest size drawn is at least this
};

// Checks the requests of `name` that `which` picks by their number.
void expect_range(const Range& range,
                  const std::function<bool(std::size_t)>& which) {
  std::size_t smallest = SIZE_MAX;
  std::size_t largest = 0;
  const std::vector<ArenaRequest> requests = draw(range.name, 7, 20'000);
  for (std::size_t i = 0; i != requests.size(); ++i) {
    if (!which(i)) continue;
    smallest = std::min(smallest, requests[i].bytes);
    largest = std::max(largest, requests[i].bytes);
  }
  EXPECT_GE(smallest, range.smallest) << range.name;
  EXPECT_LE(largest, range.largest) << range.name;
  EXPECT_LE(smallest, range.reached_below) << range.name;
  EXPECT_GE(largest, range.reached_above) << range.name;
}

TEST(Workload, SizesStayInTheirRangesAndReachTheEnds) {
  const auto every = [](std::size_t) { return true; };
  expect_range({"uniform-small", 1, 64, 1, 64}, every);
  expect_range({"specification", 1, 256, 1, 256}, every);
  expect_range({"leveldb", 1, 90'000, 1, 10'000}, every);
  expect_range({"edges", 1, 12'288, 1, 12'288}, every);
  expect_range({"large", 1, 1U << 20U, 1, 1'000'000}, every);
}

// With entries at even places and skip-list nodes of 1 to 12 levels at odd.
TEST(Workload, EntriesStayInTheirRangesAndReachTheEnds) {
  const auto entry = [](std::size_t i) { return i % 2 == 0; };
  expect_range({"memtable", 20, 219, 20, 219}, entry);
  expect_range({"big-entries", 1100, 2100, 1101, 2099}, entry);
  // The entry of a coin: 1 + 42 or 43 + 1 or 2 + 22 to 260 bytes.
  expect_range({"chainstate", 66, 306, 66, 290}, entry);
}

TEST(Workload, NodesAreAlignedAndHaveOneToTwelveLevels) {
  for (const char* const name : {"memtable", "chainstate", "big-entries"}) {
    const std::vector<ArenaRequest> requests = draw(name, 7, 20'000);
    std::size_t single = 0;
    for (std::size_t i = 0; i != requests.size(); ++i) {
      ASSERT_EQ(requests[i].aligned, i % 2 == 1) << name;
      if (i % 2 == 0) continue;
      ASSERT_EQ(requests[i].bytes % sizeof(char*), 0U);
      ASSERT_GE(requests[i].bytes, 2 * sizeof(char*));
      ASSERT_LE(requests[i].bytes, 13 * sizeof(char*));
      if (requests[i].bytes == 2 * sizeof(char*)) ++single;
    }
    EXPECT_NEAR(static_cast<double>(single), 7'500, 300) << name;
  }
}

TEST(Workload, LevelDbMixHasTenLargeRequestsInAHundredThousand) {
  const std::vector<ArenaRequest> requests = draw("leveldb", 301, 100'000);
  std::size_t below_20 = 0;
  std::size_t large = 0;
  for (const ArenaRequest& request : requests) {
    if (request.bytes < 20) ++below_20;
    if (request.bytes >= 6000) ++large;
  }
  EXPECT_EQ(large, 9U);  // the first of the ten is as large as its number, 0
  EXPECT_NEAR(static_cast<double>(below_20), 92'000, 1'000);
  EXPECT_EQ(requests[90'000].bytes, 90'000U);
}

}  // namespace
}  // namespace bitcoinleveldb
