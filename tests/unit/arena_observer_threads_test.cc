// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Default observers come and go, and interests change, while other threads make
// arenas. ThreadSanitizer is the sharper judge; the assertions hold in every
// build.

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_observer.h"

namespace bitcoinleveldb {
namespace {

// Counts for many threads.
class SharedCount : public ArenaObserver {
 public:
  using ArenaObserver::ArenaObserver;

  void attached(const ObservedArena&, bool) noexcept override { ++arenas; }
  void allocated(const ObservedArena&,
                 const ObservedAllocation&) noexcept override {
    ++allocations;
  }
  void ending(const ObservedArena&) noexcept override { ++ended; }

  std::atomic<std::size_t> arenas{0};
  std::atomic<std::size_t> allocations{0};
  std::atomic<std::size_t> ended{0};
};

// Threads that make, fill and drop arenas until they are told to end.
class Makers {
 public:
  explicit Makers(int threads) {
    for (int i = 0; i != threads; ++i) {
      threads_.emplace_back([this] {
        while (!ended_.load(std::memory_order_relaxed)) {
          Arena arena;
          for (int k = 0; k != 200; ++k) (void)arena.allocate(100);
          ++rounds_;
        }
      });
    }
  }
  ~Makers() { end(); }
  Makers(const Makers&) = delete;
  Makers& operator=(const Makers&) = delete;

  // Returns once each arena that is at work now, and one after it, has ended.
  void wait() const {
    const std::size_t until = rounds_ + 2 * threads_.size();
    while (rounds_ < until) std::this_thread::yield();
  }

  void end() {
    ended_.store(true, std::memory_order_relaxed);
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }

 private:
  std::atomic<bool> ended_{false};
  std::atomic<std::size_t> rounds_{0};
  std::vector<std::thread> threads_;
};

TEST(ArenaObserverThreads, DefaultObserversComeAndGoWhileOthersMakeArenas) {
  SharedCount news;
  SharedCount alls(ArenaInterest::none());
  {
    Makers makers(2);
    for (int i = 0; i != 200; ++i) {
      add_default_observer(news);
      add_default_observer(alls, ArenaReach::kAllArenas);
      if (i % 20 == 0) makers.wait();
      remove_default_observer(news);
      remove_default_observer(alls);
    }
  }
  EXPECT_GT(news.arenas, 0U);
  EXPECT_EQ(news.arenas, news.ended);
  EXPECT_EQ(news.allocations % 200, 0U);
  EXPECT_GT(alls.arenas, 0U);
  EXPECT_EQ(alls.arenas, alls.ended);
  EXPECT_EQ(alls.allocations, 0U);
}

class LateCount final : public SharedCount {
 public:
  LateCount() : SharedCount(ArenaInterest::sample(10'000)) {
    forgo_blocks();
    forgo_unsampled_arenas();
  }
};

// Alone at times, beside another at others, and removed while arenas live that
// were waiting for it. It stays attached until its last call is over, so each
// lives on until the makers have ended.
TEST(ArenaObserverThreads, OneThatIsLateComesAndGoesWhileOthersMakeArenas) {
  SharedCount other;
  std::vector<std::unique_ptr<LateCount>> lates;
  {
    Makers makers(2);
    for (int i = 0; i != 100; ++i) {
      LateCount& late = *lates.emplace_back(std::make_unique<LateCount>());
      add_default_observer(late);
      if (i % 10 == 0) makers.wait();
      if (i % 2 == 0) add_default_observer(other);
      late.set_interest(i % 3 == 0 ? ArenaInterest::all()
                                   : ArenaInterest::sample(1000));
      if (i % 10 == 0) makers.wait();
      remove_default_observer(late);
      remove_default_observer(other);
    }
  }
  std::size_t arenas = 0;
  for (const std::unique_ptr<LateCount>& late : lates) {
    EXPECT_EQ(late->arenas, late->ended);
    arenas += late->arenas;
  }
  EXPECT_GT(arenas, 0U);
}

TEST(ArenaObserverThreads, InterestsChangeWhileOthersAllocate) {
  SharedCount count;
  {
    Makers makers(2);
    add_default_observer(count, ArenaReach::kAllArenas);
    for (int i = 0; i != 2000; ++i) {
      count.set_interest(i % 3 == 0   ? ArenaInterest::none()
                         : i % 3 == 1 ? ArenaInterest::all()
                                      : ArenaInterest::sample(1000));
      if (i % 100 == 0) makers.wait();
    }
    remove_default_observer(count);
  }
  EXPECT_GT(count.arenas, 0U);
  EXPECT_EQ(count.arenas, count.ended);
  EXPECT_GT(count.allocations, 0U);
}

// An observer may go as soon as it is no default observer and its arenas have
// ended, in whatever thread they did.
TEST(ArenaObserverThreads, ObserverGoesOnceTheArenasOfOthersHaveEnded) {
  for (int i = 0; i != 50; ++i) {
    auto count = std::make_unique<SharedCount>();
    add_default_observer(*count);
    std::thread maker([] {
      Arena arena;
      for (int k = 0; k != 100; ++k) (void)arena.allocate(100);
    });
    maker.join();
    remove_default_observer(*count);
    EXPECT_EQ(count->ended, 1U);
    EXPECT_EQ(count->allocations, 100U);
    count.reset();
  }
}

TEST(ArenaObserverThreads, SeveralThreadsAddAndRemove) {
  std::vector<std::unique_ptr<SharedCount>> counts;
  for (int i = 0; i != 3; ++i)
    counts.push_back(std::make_unique<SharedCount>());
  std::vector<std::thread> threads;
  for (const std::unique_ptr<SharedCount>& count : counts) {
    threads.emplace_back([&count] {
      for (int i = 0; i != 500; ++i) {
        add_default_observer(*count);
        {
          Arena arena;
          (void)arena.allocate(1);
        }
        remove_default_observer(*count);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::unique_ptr<SharedCount>& count : counts) {
    EXPECT_GE(count->arenas, 500U);
    EXPECT_EQ(count->arenas, count->ended);
  }
  Arena arena;
  (void)arena.allocate(1);
  for (const auto& count : counts) EXPECT_EQ(count->arenas, count->ended);
}

}  // namespace
}  // namespace bitcoinleveldb
