// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/arena_allocator.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <new>
#include <scoped_allocator>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "expect_failure.h"

namespace bitcoinleveldb {
namespace {

using Traits = std::allocator_traits<ArenaAllocator<int>>;
using Vector = std::vector<int, ArenaAllocator<int>>;
using String =
    std::basic_string<char, std::char_traits<char>, ArenaAllocator<char>>;

static_assert(!std::is_default_constructible_v<ArenaAllocator<int>>);
static_assert(!std::is_constructible_v<ArenaAllocator<int>, Arena&&>);
static_assert(!std::is_constructible_v<ArenaAllocator<int>, const Arena&>);
static_assert(std::is_nothrow_copy_constructible_v<ArenaAllocator<int>>);
static_assert(std::is_convertible_v<ArenaAllocator<int>, ArenaAllocator<char>>);
static_assert(sizeof(ArenaAllocator<int>) == sizeof(void*));
static_assert(!Traits::is_always_equal::value);
static_assert(Traits::propagate_on_container_move_assignment::value);
static_assert(Traits::propagate_on_container_swap::value);
static_assert(!Traits::propagate_on_container_copy_assignment::value);
static_assert(std::is_same_v<Traits::rebind_alloc<char>, ArenaAllocator<char>>);
static_assert(std::is_nothrow_move_assignable_v<Vector>);
static_assert(std::is_nothrow_swappable_v<Vector>);

TEST(ArenaAllocator, EqualExactlyWhenOnTheSameArena) {
  Arena arena;
  Arena other;
  const ArenaAllocator<int> ints(arena);
  const ArenaAllocator<char> chars(ints);
  EXPECT_TRUE(ints == chars);
  EXPECT_FALSE(ints != chars);
  EXPECT_EQ(&chars.arena(), &arena);
  EXPECT_FALSE(ints == ArenaAllocator<int>(other));
  EXPECT_TRUE(ints != ArenaAllocator<int>(other));
}

struct alignas(256) OverAligned {
  char bytes[256];
};

template <class T>
void expect_aligned_memory_for(Arena& arena) {
  ArenaAllocator<T> allocator(arena);
  for (const std::size_t n : {0U, 1U, 3U, 1000U}) {
    (void)arena.allocate(1);
    T* const memory = allocator.allocate(n);
    ASSERT_NE(memory, nullptr);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % alignof(T), 0U);
    allocator.deallocate(memory, n);
  }
}

TEST(ArenaAllocator, MemoryIsAlignedForEveryType) {
  Arena arena;
  expect_aligned_memory_for<char>(arena);
  expect_aligned_memory_for<std::uint16_t>(arena);
  expect_aligned_memory_for<double>(arena);
  expect_aligned_memory_for<std::max_align_t>(arena);
  expect_aligned_memory_for<OverAligned>(arena);
}

TEST(ArenaAllocator, ZeroObjectsHaveAnAddressOfTheirOwn) {
  Arena arena;
  ArenaAllocator<char> allocator(arena);
  const char* const first = allocator.allocate(0);
  const char* const second = allocator.allocate(0);
  EXPECT_NE(first, nullptr);
  EXPECT_NE(first, second);
}

TEST(ArenaAllocator, CountWhoseBytesOverflowIsBadArrayNewLength) {
  Arena arena;
  ArenaAllocator<std::uint64_t> allocator(arena);
  for (const std::size_t n :
       {SIZE_MAX, SIZE_MAX / 2, SIZE_MAX / sizeof(std::uint64_t) + 1}) {
#ifdef __cpp_exceptions
    EXPECT_THROW((void)allocator.allocate(n), std::bad_array_new_length);
#else
    EXPECT_DEATH((void)allocator.allocate(n), "is too long; built without");
#endif
  }
  EXPECT_EQ(arena.memory_usage(), 0U);
  EXPECT_NE(allocator.allocate(1), nullptr);
}

TEST(ArenaAllocator, CountThatCannotBeHadIsExhaustion) {
  Arena arena;
  ArenaAllocator<std::uint64_t> allocator(arena);
  expect_exhausted(
      [&] { (void)allocator.allocate(SIZE_MAX / sizeof(std::uint64_t)); });
  EXPECT_EQ(arena.memory_usage(), 0U);
}

TEST(ArenaAllocator, MovedContainerBringsItsMemoryAndItsArena) {
  Arena arena;
  Arena other;
  Vector from({1, 2, 3}, arena);
  Vector to(other);
  const int* const data = from.data();
  to = std::move(from);
  EXPECT_EQ(to.data(), data);
  EXPECT_EQ(&to.get_allocator().arena(), &arena);
}

TEST(ArenaAllocator, MovingElementsIntoAnotherArenaIsTheConstructorsArgument) {
  Arena arena;
  Arena other;
  Vector from({1, 2, 3}, arena);
  const Vector to(std::move(from), other);
  EXPECT_EQ(&to.get_allocator().arena(), &other);
  EXPECT_EQ(to, Vector({1, 2, 3}, other));
}

TEST(ArenaAllocator, SwappedContainersSwapTheirArenas) {
  Arena arena;
  Arena other;
  Vector a({1, 2, 3}, arena);
  Vector b({4, 5}, other);
  const int* const data = a.data();
  a.swap(b);
  EXPECT_EQ(b.data(), data);
  EXPECT_EQ(&b.get_allocator().arena(), &arena);
  EXPECT_EQ(&a.get_allocator().arena(), &other);
}

TEST(ArenaAllocator, CopyAssignedContainerStaysInItsArena) {
  Arena arena;
  auto other = std::make_unique<Arena>();
  Vector copy(arena);
  {
    Vector original({1, 2, 3}, *other);
    copy = original;
  }
  other.reset();
  EXPECT_EQ(&copy.get_allocator().arena(), &arena);
  EXPECT_EQ(copy, Vector({1, 2, 3}, arena));
}

TEST(ArenaAllocator, CopyConstructedContainerLiesInTheSameArena) {
  Arena arena;
  Arena other;
  const Vector original({1, 2, 3}, arena);
  Vector copy(original);
  copy.push_back(4);
  EXPECT_EQ(&copy.get_allocator().arena(), &arena);
  const Vector elsewhere(original, other);
  EXPECT_EQ(&elsewhere.get_allocator().arena(), &other);
  EXPECT_EQ(elsewhere, original);
}

TEST(ArenaAllocator, ReservedVectorTakesItsBytesAndNoMore) {
  Arena arena;
  (void)arena.allocate(1);
  const char* const before = arena.allocate(0);
  Vector numbers(arena);
  numbers.reserve(100);
  for (int i = 0; i != 100; ++i) numbers.push_back(i);
  const char* const data = reinterpret_cast<const char*>(numbers.data());
  EXPECT_LT(data, before + 1 + alignof(int));
  EXPECT_EQ(arena.allocate(1), data + 100 * sizeof(int));
}

TEST(ArenaAllocator, NodeContainersAllocateFromTheArenaTheyWereMadeOn) {
  Arena arena;
  std::list<int, ArenaAllocator<int>> list(arena);
  std::map<int, int, std::less<>, ArenaAllocator<std::pair<const int, int>>>
      map(arena);
  std::unordered_map<int, int, std::hash<int>, std::equal_to<>,
                     ArenaAllocator<std::pair<const int, int>>>
      table(arena);
  for (int i = 0; i != 1000; ++i) {
    list.push_front(i);
    map[i] = -i;
    table[i] = 2 * i;
  }
  EXPECT_EQ(list.front(), 999);
  EXPECT_EQ(map.at(500), -500);
  EXPECT_EQ(table.at(500), 1000);
  EXPECT_GT(arena.memory_usage(), 1000 * 3 * sizeof(int));
}

TEST(ArenaAllocator, ScopedAdaptorPutsTheElementsIntoTheArenaToo) {
  using Strings =
      std::vector<String,
                  std::scoped_allocator_adaptor<ArenaAllocator<String>>>;
  Arena arena;
  Arena other;
  Strings strings{ArenaAllocator<String>(arena)};
  strings.emplace_back(100U, 'x');
  strings.push_back(String(100, 'y', other));
  EXPECT_EQ(&strings[0].get_allocator().arena(), &arena);
  EXPECT_EQ(&strings[1].get_allocator().arena(), &arena);
  EXPECT_EQ(strings[1], String(100, 'y', other));
}

TEST(ArenaAllocator, SharedPointerAndItsCountLieInTheArena) {
  Arena arena;
  const auto value =
      std::allocate_shared<std::uint64_t>(ArenaAllocator<int>(arena), 7U);
  EXPECT_EQ(*value, 7U);
  EXPECT_EQ(arena.memory_usage(), 4096 + sizeof(char*));
}

}  // namespace
}  // namespace bitcoinleveldb
