// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What doors are told of the life of an arena: before memory goes, once, and
// also where the one told detaches itself or others.

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "arena_snapshot.h"
#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "sanitizers.h"

namespace bitcoinleveldb {
namespace {

using detail::ArenaDoor;
using detail::ArenaInsider;
using detail::ArenaMark;
using detail::ColdAllocation;

// Writes down what it is told: a letter for each, "p", "w", "r" and "e".
class LifeDoor final : public ArenaDoor {
 public:
  explicit LifeDoor(const void* kind = nullptr) : ArenaDoor(kind) {}

  std::size_t passed(const Arena& /*arena*/,
                     const ColdAllocation& /*allocation*/) noexcept override {
    told += 'p';
    return SIZE_MAX;
  }
  void rewinding(Arena& arena, const ArenaMark& /*mark*/,
                 std::size_t /*keep_bytes*/) noexcept override {
    tell('w', arena);
  }
  void resetting(Arena& arena, std::size_t /*keep_bytes*/) noexcept override {
    tell('r', arena);
  }
  void ending(Arena& arena) noexcept override { tell('e', arena); }

  std::string told;
  const char* watched = nullptr;  // must still hold "alive" when told
  Arena* arena_told = nullptr;
  std::function<void(Arena&)> then;

 private:
  void tell(char what, Arena& arena) noexcept {
    told += what;
    arena_told = &arena;
    if (watched != nullptr) {
      EXPECT_STREQ(watched, "alive");
    }
    if (then) then(arena);
  }
};

const char* write_alive(Arena& arena) {
  return static_cast<const char*>(std::memcpy(arena.allocate(6), "alive", 6));
}

TEST(ArenaDoorLife, DestructionIsToldWhileTheMemoryIsThere) {
  LifeDoor door;
  std::optional<Arena> arena(std::in_place);
  const Arena* const place = &*arena;
  ArenaInsider::attach(*arena, door);
  door.watched = write_alive(*arena);
  arena.reset();
  EXPECT_EQ(door.told, "pe");
  EXPECT_EQ(door.arena_told, place);
}

TEST(ArenaDoorLife, ArenaAssignedToTellsItsOwnDoorsAndTakesTheOthers) {
  LifeDoor lost;
  LifeDoor kept;
  {
    Arena arena;
    ArenaInsider::attach(arena, lost);
    lost.watched = write_alive(arena);
    Arena other;
    ArenaInsider::attach(other, kept);
    arena = std::move(other);
    EXPECT_EQ(lost.told, "pe");
    EXPECT_EQ(kept.told, "");
  }
  EXPECT_EQ(lost.told, "pe");
  EXPECT_EQ(kept.told, "e");
}

TEST(ArenaDoorLife, MoveTellsNothingAndTheDoorGoesAlong) {
  LifeDoor door;
  std::optional<Arena> to;
  {
    Arena from;
    ArenaInsider::attach(from, door);
    to.emplace(std::move(from));
  }
  EXPECT_EQ(door.told, "");
  to->reset();
  EXPECT_EQ(door.arena_told, &*to);
  to.reset();
  EXPECT_EQ(door.told, "re");
}

TEST(ArenaDoorLife, ResetIsToldWhileTheMemoryIsThereAndLeavesItAttached) {
  LifeDoor door;
  Arena arena;
  ArenaInsider::attach(arena, door);
  door.watched = write_alive(arena);
  arena.reset(0);
  EXPECT_EQ(door.told, "pr");
  door.watched = write_alive(arena);
  arena.reset();
  EXPECT_EQ(door.told, "prpr");
  ArenaInsider::detach(arena, door);
}

TEST(ArenaDoorLife, RewindIsToldWhileTheMemoryIsThere) {
  LifeDoor door;
  Arena arena;
  ArenaInsider::attach(arena, door);
  ArenaMark mark;
  ArenaInsider::set_mark(arena, mark);
  door.watched = write_alive(arena);
  ArenaInsider::rewind(arena, mark, Arena::kKeepAll);
  EXPECT_EQ(door.told, "pw");
  EXPECT_EQ(arena.memory_usage(), 0U);
  ArenaInsider::lift_mark(arena, mark);
  ArenaInsider::detach(arena, door);
}

TEST(ArenaDoorLife, DoorMayDetachItselfWhateverItIsTold) {
  const Unchecked unchecked;
  for (const bool reset : {true, false}) {
    LifeDoor first;
    LifeDoor second;
    {
      Arena arena;
      for (LifeDoor* door : {&first, &second}) {
        ArenaInsider::attach(arena, *door);
        door->then = [door](Arena& a) { ArenaInsider::detach(a, *door); };
      }
      (void)arena.allocate(1);
      if (reset) arena.reset();
      (void)arena.allocate(1);
    }
    EXPECT_EQ(first.told, reset ? "pr" : "pe");
    EXPECT_EQ(second.told, reset ? "pr" : "pe");
  }
}

TEST(ArenaDoorLife, DoorThatLeftWhenToldIsToldAgainOnceItIsBack) {
  LifeDoor door;
  door.then = [&door](Arena& a) { ArenaInsider::detach(a, door); };
  for (const bool last : {true, false, true}) {
    Arena arena;
    if (last) {
      ArenaInsider::attach_last(arena, door);
    } else {
      ArenaInsider::attach(arena, door);
    }
    arena.reset();
  }
  EXPECT_EQ(door.told, "rrr");
}

TEST(ArenaDoorLife, DoorDetachedByAnotherIsNotTold) {
  LifeDoor oldest;
  LifeDoor middle;
  LifeDoor newest;
  Arena arena;
  for (LifeDoor* door : {&oldest, &middle, &newest}) {
    ArenaInsider::attach(arena, *door);
  }
  newest.then = [&](Arena& a) { ArenaInsider::detach(a, middle); };
  arena.reset();
  EXPECT_EQ(newest.told, "r");
  EXPECT_EQ(middle.told, "");
  EXPECT_EQ(oldest.told, "r");
  newest.then = [&](Arena& a) { ArenaInsider::detach(a, oldest); };
  arena = Arena();
  EXPECT_EQ(newest.told, "re");
  EXPECT_EQ(oldest.told, "r");
}

TEST(ArenaDoorLife, DoorsBehindOneThatLeavesWithTheNextAreTold) {
  Arena arena;
  LifeDoor oldest;
  LifeDoor middle;
  LifeDoor newest;
  for (LifeDoor* const door : {&oldest, &middle, &newest}) {
    ArenaInsider::attach(arena, *door);
  }
  newest.then = [&](Arena& a) {
    ArenaInsider::detach(a, newest);
    ArenaInsider::detach(a, middle);
  };
  arena.reset();
  EXPECT_EQ(newest.told, "r");
  EXPECT_EQ(middle.told, "");
  EXPECT_EQ(oldest.told, "r");
  ArenaInsider::detach(arena, oldest);
}

TEST(ArenaDoorLife, ArenaWhoseDoorsLeaveAtAResetKeepsNothingIfAsked) {
  LifeDoor door;
  door.then = [&door](Arena& a) { ArenaInsider::detach(a, door); };
  Arena arena;
  ArenaInsider::attach(arena, door);
  (void)arena.allocate(1);
  arena.reset(0);
  EXPECT_EQ(ArenaInsider::reserved_bytes(arena), 0U);
}

TEST(ArenaDoorLife, DetachingWhatIsNotAttachedDoesNothing) {
  LifeDoor door;
  LifeDoor other;
  Arena arena;
  ArenaInsider::detach(arena, door);
  ArenaInsider::attach(arena, other);
  (void)arena.allocate(1);
  const ArenaSnapshot before(arena);
  ArenaInsider::detach(arena, door);
  EXPECT_EQ(ArenaSnapshot(arena), before);
}

TEST(ArenaDoorLife, UnlimitedGrantCostsOneColdCallAndOneForEachBlock) {
  const Unchecked unchecked;
  LifeDoor door;
  Arena arena;
  (void)arena.allocate(16);
  ArenaInsider::attach(arena, door);
  for (int i = 0; i != 100; ++i) (void)arena.allocate(16);
  EXPECT_EQ(door.told, "p");
  EXPECT_EQ(ArenaInsider::granted(arena), ArenaInsider::remaining(arena));
}

TEST(ArenaDoorLife, DoorIsFoundByItsKind) {
  const char kinds[2] = {};
  LifeDoor older(&kinds[0]);
  LifeDoor newer(&kinds[0]);
  Arena arena;
  EXPECT_EQ(ArenaInsider::find_door(arena, &kinds[0]), nullptr);
  ArenaInsider::attach(arena, older);
  ArenaInsider::attach(arena, newer);
  EXPECT_EQ(ArenaInsider::find_door(arena, &kinds[0]), &newer);
  EXPECT_EQ(ArenaInsider::find_door(arena, &kinds[1]), nullptr);
  ArenaInsider::detach(arena, newer);
  EXPECT_EQ(ArenaInsider::find_door(arena, &kinds[0]), &older);
}

TEST(ArenaDoorLife, DoorAttachedLastIsToldAfterTheOthers) {
  std::string order;
  LifeDoor last;
  LifeDoor first;
  LifeDoor younger;
  last.then = [&](Arena&) { order += 'l'; };
  first.then = [&](Arena&) { order += 'f'; };
  younger.then = [&](Arena&) { order += 'y'; };
  {
    Arena arena;
    ArenaInsider::attach(arena, first);
    ArenaInsider::attach_last(arena, last);
    EXPECT_EQ(ArenaInsider::granted(arena), 0U);
    ArenaInsider::attach(arena, younger);
    arena.reset();
  }
  EXPECT_EQ(order, "yflyfl");
}

}  // namespace
}  // namespace bitcoinleveldb
