// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "port/fork.h"

#include <atomic>

#if defined(__unix__) || defined(__APPLE__)

#include <pthread.h>

namespace bitcoinleveldb::port {

// It fails for want of memory only; then a fork is as it was without it.
void at_fork(void (*before)(), void (*parent)(), void (*child)()) noexcept {
  pthread_atfork(before, parent, child);
}

}  // namespace bitcoinleveldb::port

#else

namespace bitcoinleveldb::port {

void at_fork(void (*)(), void (*)(), void (*)()) noexcept {}

}  // namespace bitcoinleveldb::port

#endif

namespace bitcoinleveldb::port {

namespace {

std::atomic<unsigned> g_forks{0};

[[maybe_unused]] const bool g_counting = [] {
  at_fork(nullptr, nullptr,
          [] { g_forks.fetch_add(1, std::memory_order_relaxed); });
  return true;
}();

}  // namespace

// Relaxed: the child of a fork begins with the one thread that counts it.
unsigned forks_so_far() noexcept {
  return g_forks.load(std::memory_order_relaxed);
}

}  // namespace bitcoinleveldb::port
