// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A program that breaks the rule of one owner is told so before the arena is
// changed. Threads of these tests are ordered by joins and by a source that
// waits, so that what is found is found every time and no data race is needed
// to show it.

#include "bitcoinleveldb/owner_check.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory_resource>
#include <optional>
#include <thread>
#include <utility>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_forecast.h"
#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/arena_resize.h"
#include "bitcoinleveldb/arena_scope.h"
#include "environment.h"
#include "sanitizers.h"

namespace bitcoinleveldb {
namespace {

constexpr char kOtherThread[] = "an arena is used by another thread";
constexpr char kAtOnce[] = "two threads use one arena at the same time";

void in_another_thread(const std::function<void()>& work) {
  std::thread(work).join();
}

// An arena that this thread has used, under a check.
class Watched {
 public:
  explicit Watched(OwnerRule rule = OwnerRule::kOneThread,
                   ArenaInterest interest = ArenaInterest::all())
      : check_(rule, interest) {
    arena_.emplace();
    attach_observer(*arena_, check_);
    newest_ = arena_->allocate(8);
  }

  Arena& arena() { return *arena_; }
  char* newest() { return newest_; }
  void destroy() { arena_.reset(); }

 private:
  OwnerCheck check_;
  std::optional<Arena> arena_;
  char* newest_ = nullptr;
};

class OwnerCheckDeathTest : public testing::Test {
 protected:
  OwnerCheckDeathTest() {
    testing::GTEST_FLAG(death_test_style) = "threadsafe";
  }
};

// Expects that `use` of another thread's arena ends the program.
void expect_caught(const std::function<void(Watched&)>& use) {
  EXPECT_DEATH(
      {
        Watched watched;
        in_another_thread([&] { use(watched); });
      },
      kOtherThread);
}

TEST_F(OwnerCheckDeathTest, EveryKindOfCallByAnotherThreadIsCaught) {
  expect_caught([](Watched& one) { (void)one.arena().allocate(1); });
  expect_caught([](Watched& one) { (void)one.arena().try_allocate(1); });
  expect_caught([](Watched& one) { (void)one.arena().allocate_aligned(9); });
  expect_caught([](Watched& one) { (void)one.arena().allocate(100'000); });
  expect_caught([](Watched& one) { one.arena().reset(); });
  expect_caught([](Watched& one) { one.destroy(); });
  expect_caught([](Watched& one) { one.arena() = Arena(); });
  // It has no end, which would be caught as well.
  expect_caught([](Watched& one) { (void)new ArenaScope(one.arena()); });
  expect_caught([](Watched& one) {
    (void)try_resize_newest(one.arena(), one.newest(), 8, 16);
  });
  for (const std::size_t bytes : {std::size_t{10'000}, SIZE_MAX / 4}) {
    expect_caught([bytes](Watched& one) {
      ArenaForecast forecast(one.arena());
      forecast.add(bytes);
      (void)try_reserve(one.arena(), forecast);
    });
  }
}

TEST_F(OwnerCheckDeathTest, ScopeEndedOrRewoundByAnotherThreadIsCaught) {
  const auto in_scope = [](const std::function<void(ArenaScope&)>& use) {
    Watched watched;
    auto* const scope = new ArenaScope(watched.arena());
    in_another_thread([&] { use(*scope); });
  };
  EXPECT_DEATH(in_scope([](ArenaScope& scope) { scope.rewind(); }),
               kOtherThread);
  EXPECT_DEATH(in_scope([](ArenaScope& scope) { delete &scope; }),
               kOtherThread);
}

TEST_F(OwnerCheckDeathTest, ThreadThatEndedIsNotTakenForTheNextOne) {
  EXPECT_DEATH(
      {
        OwnerCheck check;
        Arena arena;
        attach_observer(arena, check);
        // The system may well give both threads one number.
        in_another_thread([&] { (void)arena.allocate(1); });
        in_another_thread([&] { (void)arena.allocate(1); });
      },
      kOtherThread);
}

TEST(OwnerCheck, OneThreadMayDoAllItLikes) {
  Watched watched;
  Arena& arena = watched.arena();
  for (int round = 0; round != 3; ++round) {
    for (int i = 0; i != 100; ++i) (void)arena.allocate(700);
    EXPECT_EQ(arena.try_allocate(SIZE_MAX), nullptr);
    reserve(arena, ArenaForecast(arena).add(50'000));
    {
      ArenaScope scope(arena);
      (void)arena.allocate(100'000);
      scope.rewind();
    }
    Arena moved(std::move(arena));
    (void)moved.allocate(1);
    arena = std::move(moved);
    arena.reset();
  }
}

TEST(OwnerCheck, UsageMayBeReadByAnyThread) {
  Watched watched;
  in_another_thread([&] { EXPECT_GT(watched.arena().memory_usage(), 0U); });
}

TEST(OwnerCheck, ArenaThatIsHandedOverBelongsToTheNextThread) {
  Watched watched;
  hand_over(watched.arena());  // by the old owner
  in_another_thread([&] {
    (void)watched.arena().allocate(1);
    watched.arena().reset();
  });
  hand_over(watched.arena());  // by the new one
  (void)watched.arena().allocate(1);
}

TEST_F(OwnerCheckDeathTest, OldOwnerIsCaughtAfterItHasHandedOver) {
  EXPECT_DEATH(
      {
        Watched watched;
        hand_over(watched.arena());
        in_another_thread([&] { (void)watched.arena().allocate(1); });
        (void)watched.arena().allocate(1);
      },
      kOtherThread);
}

TEST(OwnerCheck, HandingOverAnArenaWithoutACheckDoesNothing) {
  Arena arena;
  hand_over(arena);
  (void)arena.allocate(1);
  hand_over(arena);
  EXPECT_NE(arena.allocate(1), nullptr);
  const ArenaScope scope(arena);
  hand_over(arena);
  EXPECT_NE(arena.allocate(1), nullptr);
}

TEST(OwnerCheck, WithoutInterestOnlyBlocksAreLookedAt) {
  const Unchecked unchecked;
  Watched watched(OwnerRule::kOneThread, ArenaInterest::none());
  // Bumped off inline, which no one sees.
  in_another_thread([&] { (void)watched.arena().allocate(1); });
}

TEST_F(OwnerCheckDeathTest, WithoutInterestABlockIsLookedAt) {
  EXPECT_DEATH(
      {
        Watched watched(OwnerRule::kOneThread, ArenaInterest::none());
        in_another_thread([&] { (void)watched.arena().allocate(5000); });
      },
      kOtherThread);
}

TEST(OwnerCheck, ThreadsMayTakeTurnsWhereThatIsTheRule) {
  Watched watched(OwnerRule::kOneAtATime);
  for (int i = 0; i != 5; ++i) {
    in_another_thread([&] { (void)watched.arena().allocate(3000); });
    EXPECT_EQ(watched.arena().try_allocate(SIZE_MAX), nullptr);
  }
  in_another_thread([&] { watched.destroy(); });
}

// Takes its time: once told to, it stays in its call until it is let go, which
// these tests never do.
class SlowSource final : public std::pmr::memory_resource {
 public:
  void wait_in_next_call() { waits_ = true; }
  bool is_in_call() const { return in_call_; }

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    if (waits_) {
      in_call_ = true;
      for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
    }
    return std::pmr::new_delete_resource()->allocate(bytes, alignment);
  }
  void do_deallocate(void* memory, std::size_t bytes,
                     std::size_t alignment) override {
    std::pmr::new_delete_resource()->deallocate(memory, bytes, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::atomic<bool> waits_{false};
  std::atomic<bool> in_call_{false};
};

// Has a thread wait in the block source of an arena, in the middle of an
// allocation, and uses the arena meanwhile.
void use_meanwhile(const std::function<void(Arena&)>& use) {
  SlowSource source;
  OwnerCheck check(OwnerRule::kOneAtATime);
  Arena arena(ArenaOptions{4096, &source});
  attach_observer(arena, check);
  source.wait_in_next_call();
  std::thread waiting([&] { (void)arena.allocate(1'000'000); });
  while (!source.is_in_call()) std::this_thread::yield();
  use(arena);
  std::_Exit(0);  // not caught
}

TEST_F(OwnerCheckDeathTest, CallDuringAnotherOneIsCaughtBeforeItDoesAnything) {
  EXPECT_DEATH(use_meanwhile([](Arena& arena) { (void)arena.allocate(1); }),
               kAtOnce);
  EXPECT_DEATH(use_meanwhile([](Arena& arena) { arena.reset(); }), kAtOnce);
  EXPECT_DEATH(
      use_meanwhile([](Arena& arena) { const Arena gone(std::move(arena)); }),
      kAtOnce);
}

TEST_F(OwnerCheckDeathTest, FailedCallIsOverToo) {
  EXPECT_EXIT(
      {
        Watched watched;
        for (int i = 0; i != 3; ++i) {
          if (watched.arena().try_allocate(SIZE_MAX) != nullptr) std::_Exit(2);
        }
        std::_Exit(0);
      },
      testing::ExitedWithCode(0), "");
}

// Runs `use` as a program with the environment variable set to `value`.
void with_environment(const char* value, const std::function<void()>& use) {
  set_variable(kOwnerCheckVariable, value);
  if (check_owners_from_environment()) std::fputs("checked\n", stderr);
  use();
  std::_Exit(0);
}

void use_in_two_threads() {
  auto* const arena = new Arena;
  (void)arena->allocate(1);
  in_another_thread([arena] { (void)arena->allocate(1); });
}

TEST_F(OwnerCheckDeathTest, EnvironmentAsksForACheckOfAllArenas) {
  EXPECT_DEATH(with_environment("thread", use_in_two_threads), kOtherThread);
  EXPECT_EXIT(with_environment("entry", use_in_two_threads),
              testing::ExitedWithCode(0), "^checked\n$");
}

TEST_F(OwnerCheckDeathTest, AnotherValueOfTheEnvironmentIsSaid) {
  EXPECT_EXIT(with_environment("yes", use_in_two_threads),
              testing::ExitedWithCode(0),
              "OWNER_CHECK is \"yes\" and has no effect; allowed: thread, "
              "entry\n$");
}

}  // namespace
}  // namespace bitcoinleveldb
