// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Objects in an arena: aligned, complete or not there at all, and destroyed in
// reverse order before their memory goes, however it goes.

#include "bitcoinleveldb/arena_objects.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "arena_snapshot.h"
#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_scope.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/lcg_random.h"
#include "block_sources.h"
#include "expect_failure.h"
#include "sanitizers.h"

namespace bitcoinleveldb {
namespace {

using detail::ArenaInsider;

template <std::size_t kAlign>
struct alignas(kAlign) Aligned {
  char bytes[kAlign + 1];
};

template <std::size_t kAlign>
void expect_aligned() {
  Arena arena;
  for (int i = 0; i != 50; ++i) {
    (void)arena.allocate(1);
    const void* const all[] = {make<Aligned<kAlign>>(arena),
                               make_array<Aligned<kAlign>>(arena, 3),
                               copy(arena, std::array<Aligned<kAlign>, 2>{})};
    for (const void* const ptr : all) {
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(ptr) % kAlign, 0U);
    }
  }
}

TEST(ArenaObjects, EveryAlignmentIsThatOfTheType) {
  expect_aligned<1>();
  expect_aligned<2>();
  expect_aligned<8>();
  expect_aligned<16>();
  expect_aligned<32>();
  expect_aligned<64>();
  expect_aligned<4096>();
}

struct Point {
  int x;
  int y;
};

TEST(ArenaObjects, MakeTakesConstructorsAndAggregates) {
  Arena arena;
  const Point* const point = make<Point>(arena, 3, 4);
  EXPECT_EQ(point->x, 3);
  EXPECT_EQ(point->y, 4);
  EXPECT_EQ(*make<int>(arena), 0);
  EXPECT_EQ(*make<std::string_view>(arena, "abc", std::size_t{2}), "ab");
}

TEST(ArenaObjects, MakeCostsTheObjectAlone) {
  const Unchecked unchecked;
  Arena arena;
  const char* const start = arena.allocate_aligned(8);
  (void)make<Point>(arena);
  EXPECT_EQ(ArenaInsider::position(arena), start + 16);
  EXPECT_EQ(ArenaInsider::granted(arena), ArenaInsider::remaining(arena));
}

TEST(ArenaObjects, ArrayOfNumbersIsZeroEverywhere) {
  Arena arena;
  for (int round = 0; round != 3; ++round) {
    const std::uint64_t* const all = make_array<std::uint64_t>(arena, 1000);
    for (int i = 0; i != 1000; ++i) EXPECT_EQ(all[i], 0U);
    std::fill_n(const_cast<std::uint64_t*>(all), 1000, ~std::uint64_t{0});
    arena.reset();
  }
}

TEST(ArenaObjects, CountThatOverflowsIsBadAllocAndChangesNothing) {
  Arena arena;
  (void)make_owned<std::string>(arena);
  const ArenaSnapshot before(arena);
  for (const std::size_t n :
       {SIZE_MAX, SIZE_MAX / 8, SIZE_MAX / 8 + 2, SIZE_MAX / 16 + 1}) {
    expect_exhausted([&] { (void)make_array<std::uint64_t>(arena, n); });
    expect_exhausted([&] { (void)make_owned_array<std::string>(arena, n); });
    EXPECT_EQ(ArenaSnapshot(arena), before);
  }
}

TEST(ArenaObjects, CopyTakesWhateverHasDataAndSize) {
  Arena arena;
  const std::vector<int> numbers = {1, 2, 3};
  const int* const copied = copy(arena, numbers);
  EXPECT_EQ(std::vector<int>(copied, copied + 3), numbers);
  const Point points[] = {{1, 2}, {3, 4}};
  EXPECT_EQ(copy(arena, points)[1].y, 4);
  const char* const text = copy(arena, std::string("text"));
  EXPECT_EQ(std::string_view(text, 4), "text");
  EXPECT_NE(copy(arena, std::vector<int>()), nullptr);
}

TEST(ArenaObjects, CopiedStringTakesItsBytesAndNoMore) {
  Arena arena;
  std::string source("a key\0with a zero", 17);
  const std::string_view key = copy_string(arena, source);
  source.assign(17, 'x');
  EXPECT_EQ(key, std::string_view("a key\0with a zero", 17));
  EXPECT_EQ(copy_string(arena, "b").data(), key.data() + 17);
  EXPECT_EQ(copy_string(arena, {}).size(), 0U);
  EXPECT_NE(copy_string(arena, {}).data(), nullptr);
}

// Writes its name when it is destroyed, and holds memory that a leak checker
// misses if it is not.
class Named {
 public:
  Named(std::vector<int>& ended, int name)
      : ended_(&ended), name_(std::make_unique<int>(name)) {}
  Named(const Named&) = delete;
  Named& operator=(const Named&) = delete;
  ~Named() { ended_->push_back(*name_); }

 private:
  std::vector<int>* ended_;
  std::unique_ptr<int> name_;
};

// In a dedicated block where it does not fit.
struct Large {
  Large(std::vector<int>& ended, int name) : named(ended, name) {}
  Named named;
  char bytes[2000];
};

void own_three(Arena& arena, std::vector<int>& ended) {
  for (int i = 0; i != 3; ++i) (void)make_owned<Named>(arena, ended, i);
}

const std::vector<int> kReversed = {2, 1, 0};

TEST(ArenaObjects, OwnedAreDestroyedInReverseWhenTheArenaGoes) {
  std::vector<int> ended;
  {
    Arena arena;
    own_three(arena, ended);
    EXPECT_TRUE(ended.empty());
  }
  EXPECT_EQ(ended, kReversed);
}

TEST(ArenaObjects, OwnedAreDestroyedOnceByAReset) {
  for (const std::size_t keep : {std::size_t{0}, Arena::kKeepAll}) {
    std::vector<int> ended;
    Arena arena;
    own_three(arena, ended);
    arena.reset(keep);
    EXPECT_EQ(ended, kReversed);
    EXPECT_EQ(ArenaInsider::reserved_bytes(arena) == 0, keep == 0);
    own_three(arena, ended);
    arena.reset(keep);
    EXPECT_EQ(ended, (std::vector<int>{2, 1, 0, 2, 1, 0}));
  }
}

TEST(ArenaObjects, OwnedGoAlongWithAMoveAndEndWithAnAssignment) {
  std::vector<int> ended;
  Arena to;
  {
    Arena from;
    own_three(from, ended);
    to = std::move(from);
  }
  EXPECT_TRUE(ended.empty());
  (void)make_owned<Named>(to, ended, 3);
  to = Arena();
  EXPECT_EQ(ended, (std::vector<int>{3, 2, 1, 0}));
}

TEST(ArenaObjects, ScopeDestroysItsOwnOnly) {
  std::vector<int> ended;
  Arena arena;
  (void)make_owned<Named>(arena, ended, 10);
  {
    const ArenaScope outer(arena);
    (void)make_owned<Named>(arena, ended, 11);
    {
      ArenaScope inner(arena);
      own_three(arena, ended);
      inner.rewind();
      EXPECT_EQ(ended, kReversed);
      (void)make_owned<Named>(arena, ended, 12);
    }
    EXPECT_EQ(ended, (std::vector<int>{2, 1, 0, 12}));
  }
  EXPECT_EQ(ended, (std::vector<int>{2, 1, 0, 12, 11}));
  arena = Arena();
  EXPECT_EQ(ended.back(), 10);
}

TEST(ArenaObjects, FirstOwnedWithinAScopeLeavesNothingBehind) {
  std::vector<int> ended;
  Arena arena;
  (void)arena.allocate(10);
  for (int round = 0; round != 3; ++round) {
    const ArenaSnapshot before(arena);
    {
      const ArenaScope scope(arena);
      own_three(arena, ended);
      (void)make_owned<Large>(arena, ended, 3);
    }
    EXPECT_EQ(ArenaSnapshot(arena), before);
  }
  EXPECT_EQ(ended.size(), 12U);
}

TEST(ArenaObjects, OwnedArrayIsDestroyedLastElementFirst) {
  struct Numbered {
    static int& next() {
      static int number = 0;
      return number;
    }
    static std::vector<int>& ended() {
      static std::vector<int> all;
      return all;
    }
    ~Numbered() { ended().push_back(number); }
    int number = next()++;
    std::string text = "long enough to lie outside of the string object";
  };
  {
    Arena arena;
    (void)arena.allocate(1);
    const Numbered* const all = make_owned_array<Numbered>(arena, 3);
    EXPECT_EQ(all[2].number, 2);
    (void)make_owned_array<Numbered>(arena, 0);
  }
  EXPECT_EQ(Numbered::ended(), kReversed);
}

struct alignas(128) OverAligned {
  std::string text = "long enough to lie outside of the string object";
};

TEST(ArenaObjects, OwnedAreAlignedBehindTheirNode) {
  Arena arena;
  for (int i = 0; i != 20; ++i) {
    (void)arena.allocate(1);
    for (const void* const ptr : {make_owned<OverAligned>(arena),
                                  make_owned_array<OverAligned>(arena, 2)}) {
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(ptr) % 128, 0U);
    }
  }
}

TEST(ArenaObjects, OwnedWithoutADestructorCostNothingMore) {
  Arena arena;
  const char* const start = arena.allocate_aligned(8);
  (void)make_owned<Point>(arena, 1, 2);
  (void)make_owned_array<Point>(arena, 2);
  EXPECT_EQ(ArenaInsider::position(arena), start + 32);
}

// What is made by a constructor is complete before its maker, so it goes later.
TEST(ArenaObjects, PartMadeByAConstructorOutlivesItsWhole) {
  struct Whole {
    Whole(Arena& arena, std::vector<int>& ended)
        : part(make_owned<Named>(arena, ended, 1)), self(ended, 2) {}
    Named* part;
    Named self;
  };
  std::vector<int> ended;
  {
    Arena arena;
    (void)make_owned<Whole>(arena, arena, ended);
  }
  EXPECT_EQ(ended, (std::vector<int>{2, 1}));
}

TEST(ArenaObjects, OwningCostsAllocationsNothing) {
  const Unchecked unchecked;
  std::vector<int> ended;
  Arena arena;
  own_three(arena, ended);
  EXPECT_EQ(ArenaInsider::granted(arena), ArenaInsider::remaining(arena));
}

#ifdef __cpp_exceptions
struct Throwing {
  Throwing() {
    if (--left == 0) throw std::runtime_error("no more");
    ++alive;
  }
  ~Throwing() { --alive; }
  static inline int left = 0;
  static inline int alive = 0;
};

struct ThrowingPlain {
  ThrowingPlain() {
    if (--Throwing::left == 0) throw std::runtime_error("no more");
  }
};

TEST(ArenaObjects, ConstructorThatThrowsLeavesNothingHalfMade) {
  std::vector<int> ended;
  {
    Arena arena;
    for (int fails_at = 1; fails_at != 5; ++fails_at) {
      Throwing::left = fails_at;
      EXPECT_THROW((void)make_owned_array<Throwing>(arena, 5),
                   std::runtime_error);
      EXPECT_EQ(Throwing::alive, 0);
      Throwing::left = fails_at;
      EXPECT_THROW((void)make_array<ThrowingPlain>(arena, 5),
                   std::runtime_error);
    }
    Throwing::left = 1;
    EXPECT_THROW((void)make_owned<Throwing>(arena), std::runtime_error);
    Throwing::left = 1;
    EXPECT_THROW((void)make<ThrowingPlain>(arena), std::runtime_error);
    own_three(arena, ended);
    Throwing::left = 3;
    (void)make_owned_array<Throwing>(arena, 2);
    EXPECT_EQ(Throwing::alive, 2);
  }
  EXPECT_EQ(Throwing::alive, 0);
  EXPECT_EQ(ended, kReversed);
}

TEST(ArenaObjects, SourceThatRunsDryLeavesWhatIsOwnedWhole) {
  bool ran_dry = true;
  for (std::size_t dry = 1; ran_dry; ++dry) {
    CountingSource source(dry + 1);
    std::vector<int> ended;
    std::size_t made = 0;
    {
      Arena arena(ArenaOptions{4096, &source});
      for (int i = 0; i != 500; ++i) {
        try {
          (void)make_owned<Named>(arena, ended, i);
          ++made;
        } catch (const std::bad_alloc&) {
          EXPECT_TRUE(source.ran_dry());
        }
      }
    }
    EXPECT_EQ(ended.size(), made);
    EXPECT_GE(made, 499U);
    EXPECT_EQ(source.live_slabs(), 0U);
    ran_dry = source.ran_dry();
  }
}
#endif

// Random nestings with objects in standard and dedicated blocks: a stack of
// names says what must be alive.
TEST(ArenaObjects, RandomNestingsDestroyExactlyWhatTheyGiveBack) {
  LcgRandom random(301);
  std::vector<int> ended;
  std::vector<int> alive;
  Arena arena;
  const std::function<void(int)> nest = [&](int depth) {
    ArenaScope scope(arena);
    const std::size_t before = alive.size();
    const auto expect_ended = [&] {
      EXPECT_EQ(ended,
                std::vector<int>(alive.rbegin(),
                                 alive.rend() - static_cast<long>(before)));
      alive.resize(before);
      ended.clear();
    };
    for (int i = 0; i != 30; ++i) {
      const int name = static_cast<int>(random.uniform(1'000'000));
      if (random.one_in(10)) {
        if (depth != 5) nest(depth + 1);
      } else if (random.one_in(15)) {
        scope.rewind(random.one_in(2) ? 0 : Arena::kKeepAll);
        expect_ended();
      } else if (random.one_in(3)) {
        (void)arena.allocate(random.uniform(3000));
      } else if (random.one_in(4)) {
        (void)make_owned<Large>(arena, ended, name);
        alive.push_back(name);
      } else {
        (void)make_owned<Named>(arena, ended, name);
        alive.push_back(name);
      }
    }
    scope.rewind();
    expect_ended();
  };
  for (int round = 0; round != 20; ++round) nest(0);
  EXPECT_EQ(arena.memory_usage(), 0U);
}

// Its scope outlives the constructor, so that what is made in it later would be
// destroyed in an order that is not that of memory.
struct OpensAScope {
  explicit OpensAScope(Arena& arena) { scratch.emplace(arena); }
  ~OpensAScope() { scratch.reset(); }
  std::optional<ArenaScope> scratch;
};

TEST(ArenaObjectsDeathTest, ConstructorThatLeavesAScopeOpenIsCaught) {
  Arena arena;
  EXPECT_DEATH((void)make_owned<OpensAScope>(arena, arena),
               "a constructor called by make_owned began or ended a scope");
}

// A constructor may use scopes that end with it, and take blocks.
struct UsesAScope {
  explicit UsesAScope(Arena& arena, int* alive) : alive_(alive) {
    const ArenaScope scratch(arena);
    (void)arena.allocate(9000);
    ++*alive_;
  }
  UsesAScope(const UsesAScope&) = delete;
  UsesAScope& operator=(const UsesAScope&) = delete;
  ~UsesAScope() { --*alive_; }
  int* alive_;
};

struct TakesABlock {
  explicit TakesABlock(Arena& arena, int* alive) : alive_(alive) {
    block = arena.allocate(9000);
    ++*alive_;
  }
  TakesABlock(const TakesABlock&) = delete;
  TakesABlock& operator=(const TakesABlock&) = delete;
  ~TakesABlock() { --*alive_; }
  int* alive_;
  char* block;
};

TEST(ArenaObjects, ConstructorMayAllocateAndUseScopesOfItsOwn) {
  int alive = 0;
  {
    Arena arena;
    (void)make_owned<UsesAScope>(arena, arena, &alive);
    (void)make_owned<TakesABlock>(arena, arena, &alive);
    {
      const ArenaScope scope(arena);
      (void)make_owned<TakesABlock>(arena, arena, &alive);
      EXPECT_EQ(alive, 3);
    }
    EXPECT_EQ(alive, 2);
  }
  EXPECT_EQ(alive, 0);
}

}  // namespace
}  // namespace bitcoinleveldb
