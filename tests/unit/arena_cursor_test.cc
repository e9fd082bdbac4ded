// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The cursor: what it hands out is what the arena would have, and the arena has
// its state back when the cursor ends, however that comes.

#include "bitcoinleveldb/arena_cursor.h"

#include <gtest/gtest.h>

#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "arena_snapshot.h"
#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/lcg_random.h"
#include "bitcoinleveldb/workload.h"
#include "block_sources.h"
#include "expect_failure.h"
#include "recording_door.h"

namespace bitcoinleveldb {
namespace {

using detail::ArenaInsider;

struct Placed {
  Place place;
  std::size_t usage;

  friend bool operator==(const Placed&, const Placed&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Placed& placed) {
    return out << placed.place << " usage " << placed.usage;
  }
};

template <class From>
char* serve(From& from, ArenaRequest request) {
  return request.aligned ? from.allocate_aligned(request.bytes)
                         : from.allocate(request.bytes);
}

// Runs a workload through cursors that live for some requests each, with
// requests on the arena itself in between; or all on the arena.
std::vector<Placed> run(Arena& arena, std::string_view name,
                        bool with_cursors) {
  Workload workload(name, 301);
  LcgRandom random(302);
  std::vector<Placed> all;
  std::optional<ArenaCursor> cursor;
  for (int i = 0; i != 3000; ++i) {
    if (random.one_in(40)) cursor.reset();
    if (random.one_in(20) && with_cursors) cursor.emplace(arena);
    const ArenaRequest request = workload.next();
    char* const ptr = cursor ? serve(*cursor, request) : serve(arena, request);
    std::memset(ptr, i, request.bytes);
    all.push_back({place_of(arena, ptr), arena.memory_usage()});
  }
  return all;
}

TEST(ArenaCursor, P1ToP5HoldAsOnTheArenaItself) {
  for (const WorkloadInfo& info : Workload::all()) {
    Arena arena;
    Arena other;
    ASSERT_EQ(run(arena, info.name, true), run(other, info.name, false))
        << info.name;
    EXPECT_EQ(ArenaInsider::remaining(arena), ArenaInsider::remaining(other));
    EXPECT_EQ(ArenaInsider::granted(arena), ArenaInsider::granted(other));
  }
}

TEST(ArenaCursor, P1ToP5HoldAfterAReset) {
  for (const std::size_t keep : {std::size_t{0}, Arena::kKeepAll}) {
    Arena arena;
    (void)run(arena, "big-entries", true);
    arena.reset(keep);
    Arena other;
    EXPECT_EQ(run(arena, "leveldb", true), run(other, "leveldb", false));
  }
}

TEST(ArenaCursor, CursorThatIsNotUsedChangesNothing) {
  Arena arena;
  { const ArenaCursor cursor(arena); }
  EXPECT_EQ(ArenaSnapshot(arena), ArenaSnapshot(Arena()));
  (void)arena.allocate(100);
  const ArenaSnapshot before(arena);
  { const ArenaCursor cursor(arena); }
  EXPECT_EQ(ArenaSnapshot(arena), before);
}

TEST(ArenaCursor, ArenaGoesOnWhereTheCursorEnded) {
  Arena arena;
  char* const first = arena.allocate(100);
  char* second = nullptr;
  {
    ArenaCursor cursor(arena);
    second = cursor.allocate(50);
  }
  EXPECT_EQ(second, first + 100);
  EXPECT_EQ(arena.allocate(1), first + 150);
}

TEST(ArenaCursor, D2ZeroBytesAreServedAsOne) {
  Arena arena;
  ArenaCursor cursor(arena);
  char* const first = cursor.allocate(1);
  EXPECT_EQ(cursor.allocate(0), first + 1);
  EXPECT_EQ(cursor.allocate(0), first + 2);
  EXPECT_EQ(cursor.allocate_aligned(0), first + 8);
  EXPECT_EQ(cursor.allocate(1), first + 9);
}

TEST(ArenaCursor, D1OverflowIsBadAllocAndTheArenaHasItsStateBack) {
  for (const std::size_t bytes : {SIZE_MAX, SIZE_MAX - 6, SIZE_MAX / 2 + 1}) {
    Arena arena;
    (void)arena.allocate(3);
    const ArenaSnapshot before(arena);
    {
      ArenaCursor cursor(arena);
      expect_exhausted([&] { (void)cursor.allocate_aligned(bytes); });
      expect_exhausted([&] { (void)cursor.allocate(bytes); });
    }
    EXPECT_EQ(ArenaSnapshot(arena), before);
  }
}

#ifdef __cpp_exceptions
TEST(ArenaCursor, D3CursorLeftByAnExceptionGivesBackItsState) {
  CountingSource source(2);
  Arena arena(ArenaOptions{4096, &source});
  char* const first = arena.allocate(8);
  try {
    ArenaCursor cursor(arena);
    EXPECT_EQ(cursor.allocate(100), first + 8);
    (void)cursor.allocate(100'000);
    ADD_FAILURE() << "the source did not run dry";
  } catch (const std::bad_alloc&) {
  }
  EXPECT_EQ(arena.allocate(1), first + 108);
  EXPECT_EQ(arena.memory_usage(), 4096 + sizeof(char*));
}

TEST(ArenaCursor, D3CursorWorksOnAfterItsColdPathThrew) {
  CountingSource source(2);
  Arena arena(ArenaOptions{4096, &source});
  ArenaCursor cursor(arena);
  char* const first = cursor.allocate(8);
  EXPECT_THROW((void)cursor.allocate(100'000), std::bad_alloc);
  EXPECT_EQ(cursor.allocate(8), first + 8);
  EXPECT_NE(cursor.allocate(100'000), nullptr);
  EXPECT_EQ(cursor.allocate(8), first + 16);
}
#endif

TEST(ArenaCursor, UsageIsReadableWhileACursorLives) {
  Arena arena;
  ArenaCursor cursor(arena);
  for (std::size_t blocks = 1; blocks != 50; ++blocks) {
    for (int i = 0; i != 4; ++i) (void)cursor.allocate(1024);
    EXPECT_EQ(arena.memory_usage(), blocks * (4096 + sizeof(char*)));
  }
}

TEST(ArenaCursor, DoorSeesEveryAllocationThroughACursor) {
  RecordingDoor door(0);
  Arena arena;
  ArenaInsider::attach(arena, door);
  std::vector<char*> all;
  {
    ArenaCursor cursor(arena);
    Workload workload("leveldb", 301);
    for (int i = 0; i != 1000; ++i) {
      all.push_back(serve(cursor, workload.next()));
    }
  }
  ASSERT_EQ(door.seen.size(), all.size());
  for (std::size_t i = 0; i != all.size(); ++i) {
    ASSERT_EQ(door.seen[i].ptr, all[i]);
  }
}

// Numbers of the allocations that a door sees which asks for every so many
// bytes.
std::vector<std::size_t> seen_by_door(bool with_cursor, std::size_t grant) {
  RecordingDoor door(grant);
  Arena arena;
  ArenaInsider::attach(arena, door);
  std::vector<std::size_t> numbers;
  std::optional<ArenaCursor> cursor;
  if (with_cursor) cursor.emplace(arena);
  Workload workload("leveldb", 301);
  for (std::size_t i = 0; i != 1000; ++i) {
    const std::size_t before = door.seen.size();
    const ArenaRequest request = workload.next();
    (void)(cursor ? serve(*cursor, request) : serve(arena, request));
    if (door.seen.size() != before) numbers.push_back(i);
  }
  return numbers;
}

TEST(ArenaCursor, DoorThatAsksForSomeSeesTheSameThroughACursor) {
  for (const std::size_t grant : {1U, 100U, 700U}) {
    const std::vector<std::size_t> seen = seen_by_door(true, grant);
    EXPECT_EQ(seen, seen_by_door(false, grant));
    EXPECT_LE(seen.size(), 1000U);
    EXPECT_GT(seen.size(), 10U);
  }
}

}  // namespace
}  // namespace bitcoinleveldb
