// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Ctrl-C and its like, turned into an exception, so that a run that is
// stopped removes what it has put on the disk.

#ifndef ARENATEST_LIVE_INTERRUPTION_H_
#define ARENATEST_LIVE_INTERRUPTION_H_

#include <signal.h>

#include <array>
#include <cstddef>
#include <stdexcept>

namespace bitcoinleveldb {

class Interrupted : public std::runtime_error {
 public:
  explicit Interrupted(int signal);
  [[nodiscard]] int signal() const noexcept { return signal_; }

 private:
  int signal_;
};

// While one lives, SIGINT, SIGTERM, SIGHUP and SIGPIPE are noted instead of
// ending the process; a signal that was ignored stays ignored. One at a time.
class InterruptionWatch {
 public:
  InterruptionWatch();
  ~InterruptionWatch();
  InterruptionWatch(const InterruptionWatch&) = delete;
  InterruptionWatch& operator=(const InterruptionWatch&) = delete;

  // Throws Interrupted if a signal was noted.
  static void check();

 private:
  static constexpr std::array<int, 4> kSignals = {SIGINT, SIGTERM, SIGHUP,
                                                  SIGPIPE};
  std::array<struct sigaction, kSignals.size()> previous_{};
};

}  // namespace bitcoinleveldb

#endif  // ARENATEST_LIVE_INTERRUPTION_H_
