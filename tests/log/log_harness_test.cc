// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Every line that the harness says, word for word, by each logger.

#include <gtest/gtest.h>

#include <algorithm>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_test.h"
#include "bitcoinleveldb/lcg_random.h"
#include "bitcoinleveldb/workload.h"
#include "log_capture.h"

namespace bitcoinleveldb {
namespace {

using LogHarness = LogTest;
INSTANTIATE_TEST_SUITE_P(By, LogHarness, testing::ValuesIn(log_adapters()),
                         adapter_name);

TEST_P(LogHarness, InfoWhenAnArenaTestIsMadeWithItsSeed) {
  set_log_level(LogLevel::kInfo);
  const ArenaTest first;
  ArenaTestOptions options = ArenaTestOptions::specification();
  options.seed = 77;
  const ArenaTest second(options);
  EXPECT_EQ(lines(),
            (Lines{"info: ArenaTest: seed 301, 100000 allocations, sizes of "
                   "LevelDB's test, one in 10 aligned",
                   "info: ArenaTest: seed 77, 10000 allocations, sizes of the "
                   "specification, one in 4 aligned"}));
}

TEST_P(LogHarness, TraceForEveryNumberThatAnArenaTestDraws) {
  ArenaTestOptions options = ArenaTestOptions::specification();
  options.allocations = 2;
  const ArenaTest test(options);
  set_log_level(LogLevel::kTrace);
  Arena arena;
  (void)test.run(arena);
  LcgRandom same(options.seed);
  Lines expected;
  for (int i = 0; i != 2; ++i) {
    const std::uint64_t bytes = same.uniform(256);
    expected.push_back(text("trace: LcgRandom: uniform(256) is %llu",
                            static_cast<unsigned long long>(bytes)));
    expected.push_back(text("trace: LcgRandom: one_in(4) is %s",
                            same.one_in(4) ? "true" : "false"));
  }
  Lines drawn = lines();
  std::erase_if(drawn, [](const std::string& line) {
    return line.find("LcgRandom") == std::string::npos;
  });
  EXPECT_EQ(drawn, expected);
}

TEST_P(LogHarness, TraceForEveryNumberThatAWorkloadDraws) {
  Workload workload("uniform-small", 5);
  set_log_level(LogLevel::kTrace);
  const ArenaRequest request = workload.next();
  EXPECT_EQ(
      lines(),
      (Lines{text("trace: LcgRandom: uniform(64) is %zu", request.bytes - 1),
             text("trace: LcgRandom: one_in(4) is %s",
                  request.aligned ? "true" : "false")}));
}

TEST_P(LogHarness, DrawsAreNotSaidAboveTrace) {
  Workload workload("uniform-small", 5);
  set_log_level(LogLevel::kDebug);
  (void)workload.next();
  EXPECT_EQ(lines(), Lines{});
}

}  // namespace
}  // namespace bitcoinleveldb
