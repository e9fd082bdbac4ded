// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What arenas do is what the trace says.

#include "bitcoinleveldb/trace_recorder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/arena_resize.h"
#include "bitcoinleveldb/arena_scope.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/lcg_random.h"
#include "sanitizers.h"
#include "trace_files.h"

namespace bitcoinleveldb {
namespace {

// Without the time, which no test can know.
std::vector<TraceEvent> timeless(std::vector<TraceEvent> events) {
  for (TraceEvent& event : events) event.nanoseconds = 0;
  return events;
}

TraceEvent arena_event(TraceOp op, std::uint64_t arena, std::uint64_t bytes = 0,
                       std::uint64_t alignment = 1) {
  TraceEvent event;
  event.op = op;
  event.arena = arena;
  event.thread = 1;
  event.bytes = bytes;
  event.alignment = alignment;
  return event;
}

TraceEvent partial(TraceEvent event) {
  event.is_partial = true;
  return event;
}

TraceEvent keeping(TraceEvent event, std::uint64_t keep_bytes) {
  event.keep_bytes = keep_bytes;
  return event;
}

TEST(TraceRecorder, WritesAllThatAnArenaDoesInOrder) {
  const TemporaryPath path;
  TraceRecorder recorder;
  ASSERT_TRUE(recorder.start(path.str())) << recorder.error();
  {
    Arena arena;
    attach_observer(arena, recorder);
    (void)arena.allocate(100);
    char* const newest = arena.allocate_aligned(20);
    EXPECT_TRUE(try_resize_newest(arena, newest, 20, 24));
    {
      ArenaScope scope(arena);
      (void)arena.allocate_aligned(5000, 64);
      scope.rewind(8192);
    }
    EXPECT_EQ(arena.try_allocate(SIZE_MAX), nullptr);
    arena.reset(0);
  }
  ASSERT_TRUE(recorder.stop()) << recorder.error();
  TraceEvent resized = arena_event(TraceOp::kResized, 1, 24);
  resized.old_bytes = 20;
  const std::vector<TraceEvent> expected = {
      arena_event(TraceOp::kArenaMade, 1, 4096),
      arena_event(TraceOp::kAllocated, 1, 100),
      arena_event(TraceOp::kAllocated, 1, 20, 8),
      resized,
      arena_event(TraceOp::kScopeBegun, 1),
      arena_event(TraceOp::kAllocated, 1, 5000, 64),
      keeping(arena_event(TraceOp::kScopeRewound, 1), 8192),
      keeping(arena_event(TraceOp::kScopeRewound, 1), UINT64_MAX),
      arena_event(TraceOp::kScopeEnded, 1),
      arena_event(TraceOp::kOutOfMemory, 1, SIZE_MAX),
      keeping(arena_event(TraceOp::kReset, 1), 0),
      arena_event(TraceOp::kArenaEnded, 1)};
  EXPECT_EQ(timeless(events_in(path.str())), expected);
}

// Requests of random sizes in several arenas by turns, some of which end.
TEST(TraceRecorder, OfSeveralArenasByTurnsLosesNothing) {
  const TemporaryPath path;
  TraceRecorder recorder;
  ASSERT_TRUE(recorder.start(path.str()));
  add_default_observer(recorder);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> expected;
  {
    std::optional<Arena> arenas[4];
    std::uint64_t numbers[4] = {};
    std::uint64_t made = 0;
    LcgRandom random(301);
    for (int i = 0; i != 20'000; ++i) {
      const std::size_t which = random.uniform(4);
      if (!arenas[which]) {
        arenas[which].emplace();
        numbers[which] = ++made;
      }
      const std::size_t bytes = 1 + random.uniform(2000);
      (void)arenas[which]->allocate(bytes);
      expected.emplace_back(numbers[which], bytes);
      if (random.one_in(500)) arenas[which].reset();
    }
  }
  remove_default_observer(recorder);
  ASSERT_TRUE(recorder.stop());
  std::vector<std::pair<std::uint64_t, std::uint64_t>> seen;
  std::size_t made = 0;
  std::size_t ended = 0;
  for (const TraceEvent& event : events_in(path.str())) {
    if (event.op == TraceOp::kAllocated) {
      seen.emplace_back(event.arena, event.bytes);
    }
    made += event.op == TraceOp::kArenaMade ? 1U : 0U;
    ended += event.op == TraceOp::kArenaEnded ? 1U : 0U;
  }
  EXPECT_EQ(seen, expected);
  EXPECT_GT(made, 20U);
  EXPECT_EQ(made, ended);
  EXPECT_EQ(recorder.totals().allocations, expected.size());
  EXPECT_EQ(recorder.totals().arenas, made);
  EXPECT_EQ(recorder.totals().bytes, path.bytes().size());
}

TEST(TraceRecorder, ArenaThatIsAliveAtTheEndHasNoEnd) {
  const TemporaryPath path;
  TraceRecorder recorder;
  Arena arena;
  ASSERT_TRUE(recorder.start(path.str()));
  attach_observer(arena, recorder);
  (void)arena.allocate(1);
  ASSERT_TRUE(recorder.stop());
  const std::vector<TraceEvent> events = events_in(path.str());
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].op, TraceOp::kAllocated);
  detach_observer(arena, recorder);
}

TEST(TraceRecorder, ArenaThatHeldSomethingBeforeIsPartial) {
  const TemporaryPath path;
  TraceRecorder recorder;
  Arena arena;
  (void)arena.allocate(100);
  ASSERT_TRUE(recorder.start(path.str()));
  attach_observer(arena, recorder);
  (void)arena.allocate(7);
  detach_observer(arena, recorder);
  ASSERT_TRUE(recorder.stop());
  const std::vector<TraceEvent> expected = {
      partial(arena_event(TraceOp::kArenaMade, 1, 4096)),
      arena_event(TraceOp::kAllocated, 1, 7)};
  EXPECT_EQ(timeless(events_in(path.str())), expected);
}

// Each recording is a file of its own, and what happens between them is in
// neither.
TEST(TraceRecorder, StoppedAndStartedAgainInTheMiddleOfARun) {
  const TemporaryPath first;
  const TemporaryPath second;
  TraceRecorder recorder;
  Arena arena;
  attach_observer(arena, recorder);
  (void)arena.allocate(10);
  ASSERT_TRUE(recorder.start(first.str()));
  refresh_observers(arena);
  (void)arena.allocate(11);
  ASSERT_TRUE(recorder.stop());
  (void)arena.allocate(12);
  (void)arena.allocate(13);
  ASSERT_TRUE(recorder.start(second.str()));
  refresh_observers(arena);
  (void)arena.allocate(14);
  ASSERT_TRUE(recorder.stop());
  EXPECT_FALSE(recorder.stop()) << "it was not recording";
  detach_observer(arena, recorder);
  const TraceEvent made = partial(arena_event(TraceOp::kArenaMade, 1, 4096));
  EXPECT_EQ(
      timeless(events_in(first.str())),
      (std::vector<TraceEvent>{made, arena_event(TraceOp::kAllocated, 1, 11)}));
  EXPECT_EQ(
      timeless(events_in(second.str())),
      (std::vector<TraceEvent>{made, arena_event(TraceOp::kAllocated, 1, 14)}));
}

TEST(TraceRecorder, WhileItIsNotRecordingTheFastPathServes) {
  const Unchecked unchecked;
  TraceRecorder recorder;
  Arena arena;
  attach_observer(arena, recorder);
  (void)arena.allocate(16);
  EXPECT_EQ(detail::ArenaInsider::granted(arena), 4080U);
  detach_observer(arena, recorder);
}

// The arena was empty when the scope began, so its end is a reset.
TEST(TraceRecorder, ScopeFromBeforeOnAnEmptyArenaEndsAsAReset) {
  const TemporaryPath path;
  TraceRecorder recorder;
  Arena arena;
  ASSERT_TRUE(recorder.start(path.str()));
  {
    const ArenaScope scope(arena);
    attach_observer(arena, recorder);
    (void)arena.allocate(100);
  }
  (void)arena.allocate(5);
  EXPECT_EQ(arena.memory_usage(), 4096 + sizeof(char*));
  detach_observer(arena, recorder);
  ASSERT_TRUE(recorder.stop());
  const std::vector<TraceEvent> expected = {
      arena_event(TraceOp::kArenaMade, 1, 4096),
      arena_event(TraceOp::kAllocated, 1, 100),
      keeping(arena_event(TraceOp::kReset, 1), UINT64_MAX),
      arena_event(TraceOp::kAllocated, 1, 5)};
  EXPECT_EQ(timeless(events_in(path.str())), expected);
}

TEST(TraceRecorder, MovedArenaStaysTheSameArena) {
  const TemporaryPath path;
  TraceRecorder recorder;
  ASSERT_TRUE(recorder.start(path.str()));
  {
    Arena arena;
    attach_observer(arena, recorder);
    (void)arena.allocate(1);
    Arena moved(std::move(arena));
    (void)moved.allocate(2);
  }
  ASSERT_TRUE(recorder.stop());
  const std::vector<TraceEvent> expected = {
      arena_event(TraceOp::kArenaMade, 1, 4096),
      arena_event(TraceOp::kAllocated, 1, 1),
      arena_event(TraceOp::kAllocated, 1, 2),
      arena_event(TraceOp::kArenaEnded, 1)};
  EXPECT_EQ(timeless(events_in(path.str())), expected);
}

// The first slab of an arena cannot be had, so the arena never has a number.
TEST(TraceRecorder, RequestThatNoSlabCouldBeHadForIsOfNoArena) {
  const TemporaryPath path;
  TraceRecorder recorder;
  ASSERT_TRUE(recorder.start(path.str()));
  add_default_observer(recorder);
  {
    Arena arena;
    EXPECT_EQ(arena.try_allocate(SIZE_MAX / 2), nullptr);
  }
  remove_default_observer(recorder);
  ASSERT_TRUE(recorder.stop());
  EXPECT_EQ(timeless(events_in(path.str())),
            (std::vector<TraceEvent>{
                arena_event(TraceOp::kOutOfMemory, 0, SIZE_MAX / 2)}));
}

TEST(TraceRecorder, TimeGoesForwardAndIsKnownNowAndThen) {
  const TemporaryPath path;
  TraceRecorder recorder;
  ASSERT_TRUE(recorder.start(path.str()));
  {
    Arena arena;
    attach_observer(arena, recorder);
    for (int i = 0; i != 1000; ++i) (void)arena.allocate(10);
  }
  ASSERT_TRUE(recorder.stop());
  std::vector<std::uint64_t> times;
  for (const TraceEvent& event : events_in(path.str())) {
    times.push_back(event.nanoseconds);
  }
  EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
  times.erase(std::unique(times.begin(), times.end()), times.end());
  EXPECT_GE(times.size(), 1000U / 64);
}

}  // namespace
}  // namespace bitcoinleveldb
