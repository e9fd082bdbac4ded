// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <gtest/gtest.h>

#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

#include "arena_snapshot.h"
#include "bitcoinleveldb/arena.h"
#include "block_sources.h"
#include "recording_door.h"

namespace bitcoinleveldb {
namespace {

static_assert(std::is_nothrow_move_constructible_v<Arena>);
static_assert(std::is_nothrow_move_assignable_v<Arena>);

char* fill(Arena& arena, char byte) {
  char* const ptr = arena.allocate(3000);
  std::memset(ptr, byte, 3000);
  (void)arena.allocate(500);
  return ptr;
}

bool is_filled(const char* ptr, char byte) {
  return std::vector<char>(ptr, ptr + 3000) == std::vector<char>(3000, byte);
}

// Asserts that an arena is like a default-constructed one, and usable.
void expect_empty_and_usable(Arena& arena) {
  EXPECT_EQ(ArenaSnapshot(arena), ArenaSnapshot(Arena()));
  EXPECT_EQ(place_of(arena, arena.allocate(10)), (Place{0, 0}));
  EXPECT_EQ(arena.memory_usage(), 4096 + sizeof(char*));
}

TEST(ArenaMove, ConstructionTakesEverythingOver) {
  Arena from;
  const char* const ptr = fill(from, 'a');
  const ArenaSnapshot before(from);
  Arena to(std::move(from));
  EXPECT_EQ(ArenaSnapshot(to), before);
  EXPECT_TRUE(is_filled(ptr, 'a'));
  expect_empty_and_usable(from);
  EXPECT_TRUE(is_filled(ptr, 'a'));
}

TEST(ArenaMove, AllocationGoesOnWhereItWas) {
  Arena from;
  (void)from.allocate(100);
  const char* const position = detail::ArenaInsider::position(from);
  Arena to(std::move(from));
  EXPECT_EQ(to.allocate(1), position);
}

TEST(ArenaMove, AssignmentGivesBackWhatTheTargetHeld) {
  CountingSource source;
  Arena to(ArenaOptions{4096, &source});
  (void)fill(to, 'b');
  Arena from;
  const char* const ptr = fill(from, 'a');
  const ArenaSnapshot before(from);
  to = std::move(from);
  EXPECT_EQ(source.live_bytes(), 0U);
  EXPECT_EQ(ArenaSnapshot(to), before);
  EXPECT_TRUE(is_filled(ptr, 'a'));
  expect_empty_and_usable(from);
}

TEST(ArenaMove, AssignmentToAnEmptyArenaAndOfAnEmptyArena) {
  Arena full;
  (void)fill(full, 'a');
  const ArenaSnapshot before(full);
  Arena other;
  other = std::move(full);
  EXPECT_EQ(ArenaSnapshot(other), before);
  other = Arena();
  expect_empty_and_usable(other);
}

TEST(ArenaMove, SelfAssignmentChangesNothing) {
  Arena arena;
  const char* const ptr = fill(arena, 'a');
  const ArenaSnapshot before(arena);
  Arena& same = arena;
  arena = std::move(same);
  EXPECT_EQ(ArenaSnapshot(arena), before);
  EXPECT_TRUE(is_filled(ptr, 'a'));
  EXPECT_NE(arena.allocate(5000), nullptr);
}

TEST(ArenaMove, SourceGoesAlongAndTheMovedFromArenaUsesTheDefaults) {
  CountingSource source;
  {
    ArenaOptions options;
    options.block_bytes = 1024;
    options.block_source = &source;
    Arena from(options);
    (void)from.allocate(1);
    Arena to(std::move(from));
    const std::size_t calls = source.calls();
    (void)to.allocate(100'000);
    EXPECT_EQ(source.calls(), calls + 1);
    expect_empty_and_usable(from);
    EXPECT_EQ(source.calls(), calls + 1);
  }
  EXPECT_EQ(source.live_bytes(), 0U);
}

TEST(ArenaMove, ArenasLiveInAGrowingVector) {
  std::vector<Arena> arenas;
  std::vector<const char*> ptrs;
  for (char byte = 'a'; byte <= 'z'; ++byte) {
    ptrs.push_back(fill(arenas.emplace_back(), byte));
  }
  for (std::size_t i = 0; i != ptrs.size(); ++i) {
    EXPECT_TRUE(is_filled(ptrs[i], static_cast<char>('a' + i)));
    EXPECT_EQ(arenas[i].memory_usage(), 3000 + 4096 + 2 * sizeof(char*));
  }
}

TEST(ArenaMove, DoorsGoAlong) {
  RecordingDoor door;
  Arena from;
  detail::ArenaInsider::attach(from, door);
  (void)from.allocate(10);
  Arena to(std::move(from));
  const char* const ptr = to.allocate(10);
  EXPECT_EQ(door.seen.size(), 2U);
  EXPECT_EQ(door.seen.back().ptr, ptr);
  (void)from.allocate(10);
  EXPECT_EQ(door.seen.size(), 2U);
  detail::ArenaInsider::detach(to, door);
  (void)to.allocate(10);
  EXPECT_EQ(door.seen.size(), 2U);
}

}  // namespace
}  // namespace bitcoinleveldb
