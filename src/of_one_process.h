// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_OF_ONE_PROCESS_H_
#define BITCOINLEVELDB_SRC_OF_ONE_PROCESS_H_

#include <atomic>

#include "port/fork.h"

namespace bitcoinleveldb::detail {

// Something that several threads change under a lock. In the child of a fork it
// is as another thread may have left it in the middle of a change, with the
// lock held for ever: there it is neither looked at nor destroyed.
template <class State>
class OfOneProcess {
 public:
  OfOneProcess() : own_(new Own) {}
  ~OfOneProcess() { give_up(); }
  OfOneProcess(const OfOneProcess&) = delete;
  OfOneProcess& operator=(const OfOneProcess&) = delete;

  // Returns the state, or nullptr in the child of a fork.
  State* get() const noexcept {
    Own* const own = own_.load(std::memory_order_acquire);
    return is_here(*own) ? &own->state : nullptr;
  }

  // Makes a new state if this is the child of a fork, and returns the state.
  // To be called by one thread at a time.
  State& here() {
    Own* own = own_.load(std::memory_order_acquire);
    if (!is_here(*own)) {
      Own* const fresh = new Own;
      give_up();
      // Release pairs with the acquire of all who look at it.
      own_.store(fresh, std::memory_order_release);
      own = fresh;
    }
    return own->state;
  }

 private:
  struct Own {
    State state;
    const unsigned forks = port::forks_so_far();
    Own* next = nullptr;
  };

  static bool is_here(const Own& own) noexcept {
    return own.forks == port::forks_so_far();
  }

  // What is not destroyed stays in reach, so that it is not taken for a leak.
  void give_up() noexcept {
    static std::atomic<Own*> first{nullptr};
    Own* const own = own_.load(std::memory_order_acquire);
    if (is_here(*own)) {
      delete own;
      return;
    }
    // Relaxed: no one ever looks at what is there.
    own->next = first.exchange(own, std::memory_order_relaxed);
  }

  std::atomic<Own*> own_;
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_OF_ONE_PROCESS_H_
