// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A fork in the middle: arenas, scopes, cursors and sources that live then are
// usable in both processes afterwards, and neither sees what the other does.
// Forks while other threads are at work are in default_source_process_test.cc,
// arena_observer_process_test.cc and tests/trace.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <optional>
#include <string>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_cursor.h"
#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/arena_scope.h"
#include "bitcoinleveldb/block_depot.h"
#include "bitcoinleveldb/memory_budget.h"
#include "bitcoinleveldb/owner_check.h"

namespace bitcoinleveldb {
namespace {

// Whatever one may hold at a fork, at work.
class Life {
 public:
  Life() : budget_(budget_options()) {
    attach_observer(arena_, check_);
    kept_ = arena_.allocate(6);
    std::memcpy(kept_, "before", 6);
    usage_ = arena_.memory_usage();
    scope_.emplace(arena_);
    for (int i = 0; i != 100; ++i) (void)arena_.allocate(900);
  }

  // Goes on with all of it, and returns whether all is as it must be.
  bool goes_on(const char* word) {
    std::memcpy(kept_, word, 6);
    for (int i = 0; i != 1000; ++i) {
      std::memset(arena_.allocate(900), *word, 900);
    }
    {
      ArenaCursor cursor(arena_);
      for (int i = 0; i != 1000; ++i) (void)cursor.allocate(100);
    }
    (void)arena_.allocate(500'000);
    scope_.reset();
    const bool back = arena_.memory_usage() == usage_;
    arena_.reset(0);
    Arena other;
    (void)other.allocate(100'000);
    depot_.trim();
    return back && arena_.memory_usage() == 0 &&
           std::string(1, *word) == word_of_first(other, word);
  }
  std::string kept() const { return {kept_, 6}; }

 private:
  MemoryBudgetOptions budget_options() {
    MemoryBudgetOptions options;
    options.upstream = &depot_;
    return options;
  }
  static std::string word_of_first(Arena& arena, const char* word) {
    char* const one = arena.allocate(1);
    *one = *word;
    return {one, 1};
  }

  BlockDepot depot_;
  MemoryBudget budget_;
  OwnerCheck check_;
  Arena arena_{ArenaOptions{4096, &budget_}};
  char* kept_ = nullptr;
  std::size_t usage_ = 0;
  std::optional<ArenaScope> scope_;
};

TEST(Fork, BothProcessesGoOnWithWhatLivedAndDoNotSeeEachOther) {
  Life life;
  const pid_t child = fork();
  if (child == 0) _exit(life.goes_on("child ") ? 0 : 1);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(life.kept(), "before");
  EXPECT_TRUE(life.goes_on("parent"));
}

TEST(Fork, ChildOfAChildGoesOnToo) {
  Life life;
  const pid_t child = fork();
  if (child == 0) {
    const pid_t grandchild = fork();
    if (grandchild == 0) _exit(life.goes_on("third ") ? 0 : 1);
    int status = 0;
    const bool waited = waitpid(grandchild, &status, 0) == grandchild;
    _exit(waited && status == 0 && life.goes_on("second") ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(life.goes_on("first "));
}

}  // namespace
}  // namespace bitcoinleveldb
