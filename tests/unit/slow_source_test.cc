// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A block source that takes its time holds up the call that asked it, and
// nothing else: no lock of the library is held meanwhile. And what must not
// throw and does, ends the program.

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <memory_resource>
#include <thread>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/block_depot.h"
#include "bitcoinleveldb/memory_budget.h"
#include "bitcoinleveldb/process_memory.h"
#include "said_pattern.h"

namespace bitcoinleveldb {
namespace {

constexpr std::size_t kLarge = 1'000'000;

// Holds calls for more than kLarge bytes until it is let go.
class SlowSource final : public std::pmr::memory_resource {
 public:
  void wait_for_call() const {
    while (!in_call_) std::this_thread::yield();
  }
  void let_go() { let_go_ = true; }

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    if (bytes > kLarge) {
      in_call_ = true;
      while (!let_go_) std::this_thread::yield();
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

  std::atomic<bool> in_call_{false};
  std::atomic<bool> let_go_{false};
};

// Runs `meanwhile` while another thread waits for memory of `top`, which is
// above `source`. It hangs if what is done there needs a lock that is held.
template <class Meanwhile>
void while_waiting(SlowSource& source, std::pmr::memory_resource& top,
                   const Meanwhile& meanwhile) {
  Arena arena(ArenaOptions{4096, &top});
  (void)arena.allocate(1);
  std::thread waiting([&arena] { (void)arena.allocate(kLarge); });
  source.wait_for_call();
  EXPECT_EQ(arena.memory_usage(), 4096 + sizeof(char*));
  meanwhile();
  source.let_go();
  waiting.join();
  EXPECT_EQ(arena.memory_usage(), 4096 + kLarge + 2 * sizeof(char*));
}

TEST(SlowSource, OtherArenasAndFiguresDoNotWait) {
  SlowSource source;
  ArenaObserver observer;
  while_waiting(source, source, [&] {
    Arena other(ArenaOptions{4096, &source});
    (void)other.allocate(5000);
    Arena on_defaults;
    (void)on_defaults.allocate(kLarge);
    add_default_observer(observer);
    set_default_arena_options(ArenaOptions{});
    EXPECT_GT(process_memory().arena_bytes, kLarge);
    remove_default_observer(observer);
  });
}

TEST(SlowSource, DepotAboveItDoesNotWait) {
  SlowSource source;
  BlockDepotOptions options;
  options.upstream = &source;
  BlockDepot depot(options);
  while_waiting(source, depot, [&] {
    Arena other(ArenaOptions{4096, &depot});
    (void)other.allocate(5000);
    depot.trim();
    EXPECT_GT(depot.stats().outstanding_bytes, 5000U);
  });
}

TEST(SlowSource, BudgetAboveItDoesNotWaitAndHasCharged) {
  SlowSource source;
  MemoryBudgetOptions options;
  options.upstream = &source;
  MemoryBudget budget(options);
  while_waiting(source, budget, [&] {
    EXPECT_GT(budget.charged_bytes(), kLarge);
    budget.set_limit(budget.charged_bytes() + 100);
    EXPECT_EQ(budget.stats().refusals, 0U);
  });
}

#ifdef __cpp_exceptions

class ThrowingObserver final : public ArenaObserver {
 public:
  // NOLINTNEXTLINE(bugprone-exception-escape): that is the point.
  void allocated(const ObservedArena&,
                 const ObservedAllocation&) noexcept override {
    throw_it();
  }

 private:
  static void throw_it() { throw 7; }
};

// As the C++ library of GNU says it, and that of LLVM.
constexpr const char* kTerminates = "terminat(e called|ing due to)";

TEST(ThrowingDeathTest, ObserverThatThrowsEndsTheProgram) {
  EXPECT_DEATH(
      {
        ThrowingObserver observer;
        Arena arena;
        attach_observer(arena, observer);
        try {
          (void)arena.try_allocate(1);
        } catch (...) {
          std::_Exit(0);
        }
      },
      said(kTerminates));
}

TEST(ThrowingDeathTest, CallbackOfABudgetThatThrowsEndsTheProgram) {
  EXPECT_DEATH(
      {
        MemoryBudgetOptions options;
        options.threshold_bytes = 1;
        options.on_threshold = [](std::size_t) { throw 7; };
        MemoryBudget budget(options);
        try {
          Arena arena(ArenaOptions{4096, &budget});
        } catch (...) {
          std::_Exit(0);
        }
      },
      said(kTerminates));
}

#endif

}  // namespace
}  // namespace bitcoinleveldb
