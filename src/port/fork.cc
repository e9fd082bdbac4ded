// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "port/fork.h"

#include <array>
#include <atomic>
#include <cstddef>

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#endif

namespace bitcoinleveldb::port {

namespace {

constexpr auto kOrders = static_cast<std::size_t>(kForkOrders);

std::array<std::atomic<const ForkCalls*>, kOrders> g_calls{};
std::atomic<unsigned> g_forks{0};

// Which of the calls were made before the fork, by the thread that forks: one
// may be added between.
thread_local std::array<const ForkCalls*, kOrders> t_called{};

// Acquire pairs with the release in at_fork.
void call_before() {
  for (std::size_t i = 0; i != kOrders; ++i) {
    t_called[i] = g_calls[i].load(std::memory_order_acquire);
    if (t_called[i] != nullptr && t_called[i]->before != nullptr) {
      t_called[i]->before();
    }
  }
}

void call_after(void (*ForkCalls::*call)()) {
  for (std::size_t i = kOrders; i-- != 0;) {
    const ForkCalls* const calls = t_called[i];
    if (calls != nullptr && calls->*call != nullptr) (calls->*call)();
  }
}

void call_in_parent() { call_after(&ForkCalls::parent); }

// Relaxed: the child of a fork begins with the one thread that counts it.
void call_in_child() {
  g_forks.fetch_add(1, std::memory_order_relaxed);
  call_after(&ForkCalls::child);
}

// Once for all, because the system calls in the order of registration, which is
// that of first uses. It fails for want of memory only; then a fork is as it
// was without it.
bool register_calls() noexcept {
#if defined(__unix__) || defined(__APPLE__)
  return pthread_atfork(call_before, call_in_parent, call_in_child) == 0;
#else
  (void)call_before;
  (void)call_in_parent;
  (void)call_in_child;
  return false;
#endif
}

void register_once() noexcept {
  [[maybe_unused]] static const bool registered = register_calls();
}

[[maybe_unused]] const bool g_counting = [] {
  register_once();
  return true;
}();

}  // namespace

void at_fork(ForkOrder order, const ForkCalls& calls) noexcept {
  g_calls[static_cast<std::size_t>(order)].store(&calls,
                                                 std::memory_order_release);
  register_once();
}

unsigned forks_so_far() noexcept {
  return g_forks.load(std::memory_order_relaxed);
}

}  // namespace bitcoinleveldb::port
