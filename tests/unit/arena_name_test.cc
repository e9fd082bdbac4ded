// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/arena_name.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bitcoinleveldb/arena.h"

namespace bitcoinleveldb {
namespace {

std::vector<std::string> listed() {
  std::vector<std::string> names;
  for (const NamedArena& named : named_arenas()) names.push_back(named.name);
  return names;
}

using Names = std::vector<std::string>;

TEST(ArenaName, ArenasAreListedInOrderFromTheirNamingToItsEnd) {
  const Arena unnamed;
  const Arena arena;
  EXPECT_EQ(listed(), Names{});
  auto first = std::make_unique<ArenaName>(arena, "first");
  auto second = std::make_unique<ArenaName>(arena, "second");
  auto third = std::make_unique<ArenaName>(arena, "third");
  EXPECT_EQ(listed(), (Names{"first", "second", "third"}));
  second.reset();
  EXPECT_EQ(listed(), (Names{"first", "third"}));
  first.reset();
  second = std::make_unique<ArenaName>(arena, "again");
  EXPECT_EQ(listed(), (Names{"third", "again"}));
  second.reset();
  third.reset();
  EXPECT_EQ(listed(), Names{});
}

TEST(ArenaName, ListHasTheUsageOfTheMoment) {
  Arena arena;
  const ArenaName name(arena, "memtable 17");
  EXPECT_EQ(name.name(), "memtable 17");
  EXPECT_EQ(named_arenas().at(0).usage, 0U);
  (void)arena.allocate(5000);
  EXPECT_EQ(named_arenas().at(0).usage, arena.memory_usage());
  EXPECT_EQ(named_arenas().at(0).arena, &arena);
}

TEST(ArenaName, FollowsAnArenaThatWasMovedAndKeepsItsPlace) {
  Arena arena;
  (void)arena.allocate(5000);
  ArenaName name(arena, "moved");
  const ArenaName other(arena, "other");
  const Arena target(std::move(arena));
  EXPECT_EQ(named_arenas().at(0).usage, 0U);
  name.follow(target);
  EXPECT_EQ(named_arenas().at(0).usage, target.memory_usage());
  EXPECT_EQ(named_arenas().at(0).arena, &target);
  EXPECT_EQ(listed(), (Names{"moved", "other"}));
}

TEST(ArenaName, ListIsReadWhileOthersNameAndAllocate) {
  constexpr int kThreads = 3;
  std::atomic<int> running{kThreads};
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int id = 0; id != kThreads; ++id) {
    threads.emplace_back([&running, id] {
      for (int round = 0; round != 200; ++round) {
        Arena arena;
        const ArenaName name(arena, std::to_string(id));
        for (int i = 0; i != 20; ++i) (void)arena.allocate(1000);
      }
      --running;
    });
  }
  std::size_t foreign = 0;
  while (running != 0) {
    for (const NamedArena& named : named_arenas()) {
      if (named.name.size() != 1 || named.usage > 5U * 4104) ++foreign;
    }
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(foreign, 0U);
  EXPECT_EQ(listed(), Names{});
}

}  // namespace
}  // namespace bitcoinleveldb
