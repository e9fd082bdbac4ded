// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/decoded_trace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "replay/trace_maker.h"
#include "trace/random_events.h"

namespace bitcoinleveldb {
namespace {

std::vector<TraceStep> steps_of(const DecodedTrace& trace) {
  std::vector<TraceStep> steps;
  trace.for_each([&](const TraceStep& step) {
    steps.push_back(step);
    return true;
  });
  return steps;
}

TEST(DecodedTrace, HasEveryEventWithItsFigures) {
  constexpr std::size_t kHuge = SIZE_MAX / 3 + 3;
  constexpr std::size_t kHighest = SIZE_MAX / 2 + 1;
  TraceMaker maker;
  const std::uint64_t arena = maker.make(64 * 1024);
  maker.allocate(arena, 1);
  maker.allocate(arena, UINT32_MAX, 4096);
  maker.allocate(arena, kHuge, kHighest);
  maker.resize(arena, kHuge, 7);
  maker.begin_scope(arena);
  maker.rewind(arena, 123);
  maker.end_scope(arena);
  maker.reset(arena, 9);
  maker.run_out(arena, 5);
  maker.end(arena);

  const std::vector<TraceStep> steps = steps_of(maker.decoded());
  ASSERT_EQ(steps.size(), 12U);
  EXPECT_EQ(steps[0].op, TraceOp::kArenaMade);
  EXPECT_EQ(steps[0].bytes, 64U * 1024);
  EXPECT_EQ(steps[1].bytes, 1U);
  EXPECT_EQ(steps[1].alignment, 1U);
  EXPECT_EQ(steps[2].bytes, UINT32_MAX);
  EXPECT_EQ(steps[2].alignment, 4096U);
  EXPECT_EQ(steps[3].bytes, kHuge);
  EXPECT_EQ(steps[3].alignment, kHighest);
  EXPECT_EQ(steps[4].op, TraceOp::kResized);
  EXPECT_EQ(steps[4].old_bytes, kHuge);
  EXPECT_EQ(steps[4].bytes, 7U);
  EXPECT_EQ(steps[6].op, TraceOp::kScopeRewound);
  EXPECT_EQ(steps[6].keep_bytes, 123U);
  EXPECT_EQ(steps[7].keep_bytes, SIZE_MAX);
  EXPECT_EQ(steps[8].op, TraceOp::kScopeEnded);
  EXPECT_EQ(steps[9].op, TraceOp::kReset);
  EXPECT_EQ(steps[9].keep_bytes, 9U);
  EXPECT_EQ(steps[10].op, TraceOp::kOutOfMemory);
  EXPECT_EQ(steps[11].op, TraceOp::kArenaEnded);
}

TEST(DecodedTrace, GivesTheSlotOfAnArenaThatEndedToTheNext) {
  TraceMaker maker;
  for (int i = 0; i != 100; ++i) {
    const std::uint64_t first = maker.make();
    const std::uint64_t second = maker.make();
    maker.allocate(first, 10);
    maker.end(first);
    maker.allocate(second, 20);
    maker.end(second);
  }
  const DecodedTrace trace = maker.decoded();
  EXPECT_EQ(trace.slots(), 2U);
  EXPECT_EQ(trace.counts().arenas, 200U);
  EXPECT_EQ(trace.counts().arenas_at_once, 2U);
  EXPECT_EQ(trace.counts().arenas_ended, 200U);
  EXPECT_EQ(trace.counts().bytes, 3000U);
}

TEST(DecodedTrace, TakesOneWordAnAllocation) {
  TraceMaker maker;
  maker.fill("memtable", 3, 10'000);
  EXPECT_LE(maker.decoded().held_bytes(), 8U * (30'000 + 6));
}

TEST(DecodedTrace, LeavesEndsOfScopesOutThatBeganBeforeTheRecording) {
  TraceMaker maker;
  const std::uint64_t arena = maker.make(4096, true);
  maker.allocate(arena, 10);
  maker.end_scope(arena);
  const DecodedTrace trace = maker.decoded();
  EXPECT_EQ(trace.counts().scopes_cut, 2U);
  EXPECT_EQ(trace.counts().partial_arenas, 1U);
  EXPECT_EQ(steps_of(trace).size(), 2U);
  EXPECT_TRUE(trace.arenas()[0].has_scopes);
}

#ifdef __cpp_exceptions
TEST(DecodedTrace, RefusesBlocksThatNoArenaCanHave) {
  for (const std::uint64_t bytes :
       {std::uint64_t{63}, std::uint64_t{4100}, (std::uint64_t{1} << 30U) + 16,
        std::uint64_t{1} << 40U}) {
    TraceMaker maker;
    maker.make(bytes);
    EXPECT_THROW((void)maker.decoded(), std::invalid_argument) << bytes;
  }
}

// They would be replayed as others, with what lies above 32 bits cut off.
TEST(DecodedTrace, RefusesAllocationsOfLongerWordsThanThisMachineHas) {
  constexpr std::uint64_t kLonger = std::uint64_t{1} << 32U;
  TraceMaker bytes;
  bytes.allocate(bytes.make(), kLonger + 1);
  TraceMaker alignment;
  alignment.allocate(alignment.make(), 1, kLonger);
  TraceMaker resized;
  const std::uint64_t arena = resized.make();
  resized.allocate(arena, 100);
  resized.resize(arena, 100, kLonger + 100);
  for (TraceMaker* const maker : {&bytes, &alignment, &resized}) {
    if (sizeof(void*) == 8) {
      EXPECT_NO_THROW((void)maker->decoded());
    } else {
      EXPECT_THROW((void)maker->decoded(), std::invalid_argument);
    }
  }
}

TEST(DecodedTrace, RefusesAllocationsThatNoObjectCanFill) {
  constexpr std::uint64_t kMost = PTRDIFF_MAX;
  for (const std::uint64_t bytes : {kMost + 1, UINT64_MAX - 2, UINT64_MAX}) {
    TraceMaker allocated;
    allocated.allocate(allocated.make(), bytes);
    EXPECT_THROW((void)allocated.decoded(), std::invalid_argument) << bytes;
    TraceMaker resized;
    const std::uint64_t arena = resized.make();
    resized.allocate(arena, 100);
    resized.resize(arena, 100, bytes);
    EXPECT_THROW((void)resized.decoded(), std::invalid_argument) << bytes;
  }
}

TEST(DecodedTrace, CountsNoMoreBytesThanAWordHolds) {
  TraceMaker maker;
  const std::uint64_t arena = maker.make();
  for (int i = 0; i != 3; ++i) maker.allocate(arena, PTRDIFF_MAX);
  if (sizeof(void*) == 8) {
    EXPECT_EQ(maker.decoded().counts().bytes, UINT64_MAX);
  }
}

TEST(DecodedTrace, KeepsAllWhereALongerWordSaidSo) {
  TraceMaker maker;
  const std::uint64_t arena = maker.make();
  maker.reset(arena);
  maker.run_out(arena, UINT64_MAX);
  const std::vector<TraceStep> steps = steps_of(maker.decoded());
  EXPECT_EQ(steps[1].keep_bytes, Arena::kKeepAll);
  EXPECT_EQ(steps[2].bytes, SIZE_MAX);
}
#endif

TEST(DecodedTrace, OfWhateverIsSoundHasAsManyEventsAsTheFile) {
  for (std::uint64_t seed = 1; seed != 20; ++seed) {
    std::vector<TraceEvent> events = random_events(seed, 2000);
    for (TraceEvent& event : events) {
      constexpr std::uint64_t kMost = PTRDIFF_MAX;
      event.bytes = std::min(event.bytes, kMost);
      event.old_bytes = std::min(event.old_bytes, kMost);
      if (event.op == TraceOp::kArenaMade) event.bytes = 4096;
    }
    const TemporaryPath path;
    write_all(events, path.str());
    TraceReader reader;
    ASSERT_TRUE(reader.open(path.str()));
    const DecodedTrace trace(reader);
    EXPECT_EQ(trace.counts().events, events.size());
    EXPECT_EQ(steps_of(trace).size() + trace.counts().scopes_cut,
              events.size());
  }
}

}  // namespace
}  // namespace bitcoinleveldb
