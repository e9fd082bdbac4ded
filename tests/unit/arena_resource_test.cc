// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/arena_resource.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory_resource>
#include <string>
#include <thread>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "expect_failure.h"

namespace bitcoinleveldb {
namespace {

static_assert(!std::is_default_constructible_v<ArenaResource>);
static_assert(!std::is_constructible_v<ArenaResource, Arena&&>);
static_assert(!std::is_convertible_v<Arena&, ArenaResource>);

TEST(ArenaResource, PlacesAndCountsAsTheArenaItself) {
  Arena arena;
  Arena behind;
  ArenaResource resource(behind);
  for (std::size_t i = 0; i != 2000; ++i) {
    const std::size_t alignment = std::size_t{1} << (i % 5);
    (void)arena.allocate_aligned(i, alignment);
    ASSERT_NE(resource.allocate(i, alignment), nullptr);
    ASSERT_EQ(behind.memory_usage(), arena.memory_usage()) << i;
  }
}

TEST(ArenaResource, EveryPowerOfTwoIsAnAlignment) {
  Arena arena;
  ArenaResource resource(arena);
  for (std::size_t alignment = 1; alignment <= 65536; alignment *= 2) {
    (void)resource.allocate(1, 1);
    const void* const ptr = resource.allocate(3, alignment);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(ptr) % alignment, 0U);
  }
}

TEST(ArenaResource, AlignmentThatIsNoPowerOfTwoIsInvalid) {
  Arena arena;
  ArenaResource resource(arena);
  for (const std::size_t alignment : {0U, 3U, 24U}) {
    expect_invalid([&] { (void)resource.allocate(8, alignment); },
                   "Arena: alignment is " + std::to_string(alignment));
  }
}

TEST(ArenaResource, SizeThatCannotBeHadIsExhaustionAndLeavesItUsable) {
  Arena arena;
  ArenaResource resource(arena);
  (void)resource.allocate(1, 1);
  expect_exhausted([&] { (void)resource.allocate(SIZE_MAX - 6, 8); });
  expect_exhausted([&] { (void)resource.allocate(SIZE_MAX, 64); });
  EXPECT_EQ(arena.memory_usage(), 4096 + sizeof(char*));
  EXPECT_NE(resource.allocate(100, 8), nullptr);
}

TEST(ArenaResource, DeallocatingChangesNothing) {
  Arena arena;
  ArenaResource resource(arena);
  char* const first = static_cast<char*>(resource.allocate(16, 1));
  first[0] = 'a';
  resource.deallocate(first, 16, 1);
  char* const second = static_cast<char*>(resource.allocate(16, 1));
  EXPECT_EQ(second, first + 16);
  EXPECT_EQ(first[0], 'a');
}

TEST(ArenaResource, EqualExactlyWhenOnTheSameArena) {
  Arena arena;
  Arena other_arena;
  const ArenaResource a(arena);
  const ArenaResource same(arena);
  const ArenaResource other(other_arena);
  EXPECT_TRUE(a == a);
  EXPECT_TRUE(a.is_equal(a));
  EXPECT_TRUE(a == same);
  EXPECT_TRUE(same == a);
  EXPECT_FALSE(a == other);
  EXPECT_FALSE(other == a);
}

TEST(ArenaResource, NoForeignResourceIsEqual) {
  Arena arena;
  const ArenaResource resource(arena);
  const std::pmr::monotonic_buffer_resource monotonic;
  const std::pmr::unsynchronized_pool_resource pool;
  for (const std::pmr::memory_resource* const foreign :
       {std::pmr::new_delete_resource(), std::pmr::null_memory_resource(),
        static_cast<std::pmr::memory_resource*>(default_block_source())}) {
    EXPECT_FALSE(resource == *foreign);
    EXPECT_FALSE(*foreign == resource);
  }
  EXPECT_FALSE(resource == monotonic);
  EXPECT_FALSE(resource == pool);
}

// Forwards all calls to another resource, and takes after it in being equal.
class ForwardingResource final : public std::pmr::memory_resource {
 public:
  explicit ForwardingResource(std::pmr::memory_resource& upstream)
      : upstream_(&upstream) {}

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    return upstream_->allocate(bytes, alignment);
  }
  void do_deallocate(void* memory, std::size_t bytes,
                     std::size_t alignment) override {
    upstream_->deallocate(memory, bytes, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override {
    return upstream_->is_equal(other);
  }

  std::pmr::memory_resource* upstream_;
};

TEST(ArenaResource, ResourceThatForwardsToOneIsAskedByIt) {
  Arena arena;
  Arena other_arena;
  ArenaResource resource(arena);
  const ArenaResource same(arena);
  const ArenaResource other(other_arena);
  const ForwardingResource forwarding(resource);
  EXPECT_TRUE(same == forwarding);
  EXPECT_FALSE(other == forwarding);
}

// Has no answer of its own and asks whoever asked it.
class EchoingResource final : public std::pmr::memory_resource {
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    return std::pmr::new_delete_resource()->allocate(bytes, alignment);
  }
  void do_deallocate(void* memory, std::size_t bytes,
                     std::size_t alignment) override {
    std::pmr::new_delete_resource()->deallocate(memory, bytes, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override {
    return other.is_equal(*this);
  }
};

TEST(ArenaResource, ResourceThatAsksBackIsNotEqualAndComesToAnEnd) {
  Arena arena;
  const ArenaResource resource(arena);
  const EchoingResource echoing;
  EXPECT_FALSE(resource == echoing);
  EXPECT_FALSE(echoing == resource);
  EXPECT_TRUE(resource == ArenaResource(arena));
}

TEST(ArenaResource, ComparisonsOfSeveralThreadsDoNotDisturbOneAnother) {
  Arena arena;
  Arena other_arena;
  const ArenaResource a(arena);
  const ArenaResource same(arena);
  const ArenaResource other(other_arena);
  std::vector<std::size_t> wrong(4);
  std::vector<std::thread> threads;
  for (std::size_t& count : wrong) {
    threads.emplace_back([&] {
      for (int i = 0; i != 10'000; ++i) {
        if (!(a == same) || a == other || other == same) ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<std::size_t>(4));
}

TEST(ArenaResource, ContainersOfContainersLieInTheArena) {
  Arena arena;
  ArenaResource resource(arena);
  std::pmr::map<int, std::pmr::vector<std::pmr::string>> map(&resource);
  std::pmr::unordered_map<std::pmr::string, std::pmr::list<int>> table(
      &resource);
  for (int i = 0; i != 100; ++i) {
    map[i % 10].emplace_back(static_cast<std::size_t>(i), 'x');
    table[std::pmr::string(50, static_cast<char>('a' + i % 5))].push_back(i);
  }
  EXPECT_EQ(map[3].get_allocator().resource(), &resource);
  EXPECT_EQ(map[3][2].get_allocator().resource(), &resource);
  EXPECT_EQ(map[3][2], std::pmr::string(23, 'x'));
  EXPECT_EQ(table.size(), 5U);
  EXPECT_EQ(table.begin()->second.get_allocator().resource(), &resource);
  EXPECT_GT(arena.memory_usage(), 4104U);
}

TEST(ArenaResource, MovingBetweenContainersOfOneArenaTakesTheMemoryOver) {
  Arena arena;
  ArenaResource resource(arena);
  ArenaResource same(arena);
  std::pmr::vector<int> from({1, 2, 3}, &resource);
  std::pmr::vector<int> to(&same);
  const int* const data = from.data();
  to = std::move(from);
  EXPECT_EQ(to.data(), data);
}

TEST(ArenaResource, FeedsTheStandardsOwnPools) {
  Arena arena;
  ArenaResource resource(arena);
  std::pmr::unsynchronized_pool_resource pool(&resource);
  std::pmr::list<int> list(&pool);
  for (int i = 0; i != 1000; ++i) list.push_back(i);
  list.remove_if([](int i) { return i % 2 == 0; });
  EXPECT_EQ(list.size(), 500U);
  EXPECT_GT(arena.memory_usage(), 0U);
}

}  // namespace
}  // namespace bitcoinleveldb
