// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "oracle/replay_parity.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "replay/trace_maker.h"

namespace bitcoinleveldb {
namespace {

TEST(ReplayParity, HoldsOnArenasThatLiveAtOnceAndAreReset) {
  for (const WorkloadInfo& info : Workload::all()) {
    TraceMaker maker;
    maker.fill(info.name, 5, 4000);
    const std::uint64_t arena = maker.make();
    for (std::uint64_t i = 0; i != 300; ++i) {
      maker.allocate(arena, 1 + i * 7 % 3000, i % 3 == 0 ? 8 : 1);
      if (i % 50 == 49) maker.reset(arena, i % 100 == 99 ? 0 : UINT64_MAX);
    }
    const ReplayParityResult result = run_replay_parity(maker.decoded());
    EXPECT_FALSE(result.mismatch) << to_string(*result.mismatch);
    EXPECT_EQ(result.arenas, 6U);
    EXPECT_EQ(result.left_out(), 0U);
    EXPECT_EQ(result.allocations, 20'300U) << info.name;
    EXPECT_EQ(result.events, 20'300U + 6 + 5 + 6);
  }
}

// Serves one size a byte further on than it should.
class OneByteFurther final : public OurSubject {
 protected:
  char* serve(ArenaRequest request) override {
    if (request.bytes == 777 && !request.aligned) (void)arena().allocate(1);
    return OurSubject::serve(request);
  }
};

TEST(ReplayParity, NamesTheFirstAllocationThatDiffersExactly) {
  TraceMaker maker;
  const std::uint64_t first = maker.make();
  const std::uint64_t second = maker.make();
  for (int i = 0; i != 1000; ++i) {
    maker.allocate(first, 50);
    maker.allocate(second, 60);
  }
  maker.reset(second);
  maker.allocate(second, 100);
  maker.allocate(second, 777);
  maker.allocate(second, 10);
  const ReplayParityResult result =
      run_replay_parity(maker.decoded(), []() -> std::unique_ptr<OurSubject> {
        return std::make_unique<OneByteFurther>();
      });
  ASSERT_TRUE(result.mismatch);
  const ReplayMismatch& mismatch = *result.mismatch;
  EXPECT_EQ(mismatch.event, 2005U);
  EXPECT_EQ(mismatch.arena, 2U);
  EXPECT_EQ(mismatch.allocation, 1002U);
  EXPECT_EQ(mismatch.request, (ArenaRequest{777, false}));
  EXPECT_EQ(mismatch.theirs.offset, 100U);
  EXPECT_EQ(mismatch.ours.offset, 101U);
  ASSERT_TRUE(mismatch.shortest);
  EXPECT_EQ(mismatch.shortest->requests.size(), 1U);
  const std::string text = to_string(mismatch);
  EXPECT_NE(text.find("event 2005, arena 2, its allocation 1002, "
                      "allocate(777)"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("ours:      block 0 offset 101"), std::string::npos)
      << text;
}

// Has blocks twice as large, which the first allocation does not show.
class LargerBlocks final : public OurSubject {
 public:
  LargerBlocks() : OurSubject(options()) {}

 private:
  static ArenaOptions options() {
    ArenaOptions all;
    all.block_bytes = 8192;
    return all;
  }
};

TEST(ReplayParity, NoticesUsageThatDiffersWhereThePlaceIsTheSame) {
  TraceMaker maker;
  maker.allocate(maker.make(), 10);
  const ReplayParityResult result =
      run_replay_parity(maker.decoded(), []() -> std::unique_ptr<OurSubject> {
        return std::make_unique<LargerBlocks>();
      });
  ASSERT_TRUE(result.mismatch);
  EXPECT_EQ(result.mismatch->ours.offset, result.mismatch->theirs.offset);
  EXPECT_EQ(result.mismatch->ours.usage, 8192 + sizeof(char*));
  EXPECT_EQ(result.mismatch->theirs.usage, 4096 + sizeof(char*));
}

TEST(ReplayParity, CountsTheArenasThatLevelDbHasNothingLike) {
  TraceMaker maker;
  maker.allocate(maker.make(), 10);
  maker.allocate(maker.make(4096, true), 10);
  maker.allocate(maker.make(8192), 10);
  const std::uint64_t scoped = maker.make();
  maker.begin_scope(scoped);
  maker.end_scope(scoped);
  const std::uint64_t resized = maker.make();
  maker.allocate(resized, 10);
  maker.resize(resized, 10, 12);
  maker.allocate(maker.make(), 10, 16);
  const ReplayParityResult result = run_replay_parity(maker.decoded());
  EXPECT_FALSE(result.mismatch);
  EXPECT_EQ(result.arenas, 1U);
  EXPECT_EQ(result.allocations, 1U);
  EXPECT_EQ(result.partial, 1U);
  EXPECT_EQ(result.other_blocks, 1U);
  EXPECT_EQ(result.with_scopes, 1U);
  EXPECT_EQ(result.with_resizes, 1U);
  EXPECT_EQ(result.other_alignments, 1U);
  EXPECT_EQ(result.left_out(), 5U);
}

}  // namespace
}  // namespace bitcoinleveldb
