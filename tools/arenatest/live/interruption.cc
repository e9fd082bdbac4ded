// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "interruption.h"

#include <atomic>
#include <string>

namespace bitcoinleveldb {

namespace {

// Lock-free, so that a handler on any thread may write it. Relaxed: the number
// stands for itself.
std::atomic<int> g_signal{0};
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void note_signal(int signal) {
  g_signal.store(signal, std::memory_order_relaxed);
}

}  // namespace

Interrupted::Interrupted(int signal)
    : std::runtime_error("interrupted by signal " + std::to_string(signal)),
      signal_(signal) {}

InterruptionWatch::InterruptionWatch() {
  g_signal.store(0, std::memory_order_relaxed);
  for (std::size_t i = 0; i != kSignals.size(); ++i) {
    struct sigaction action {};
    action.sa_handler = note_signal;
    action.sa_flags = SA_RESTART;
    sigaction(kSignals[i], &action, &previous_[i]);
    if (previous_[i].sa_handler == SIG_IGN) {
      sigaction(kSignals[i], &previous_[i], nullptr);
    }
  }
}

InterruptionWatch::~InterruptionWatch() {
  for (std::size_t i = 0; i != kSignals.size(); ++i) {
    sigaction(kSignals[i], &previous_[i], nullptr);
  }
}

void InterruptionWatch::check() {
  const int signal = g_signal.load(std::memory_order_relaxed);
  if (signal != 0) throw Interrupted(signal);
}

}  // namespace bitcoinleveldb
