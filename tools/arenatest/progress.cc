// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace arenatest {

namespace {

using namespace std::chrono_literals;

}  // namespace

Progress::Progress(std::string label, std::uint64_t total)
    : label_(std::move(label)),
      total_(total),
      terminal_(isatty(STDERR_FILENO) == 1),
      next_(start_ + (terminal_ ? 1s : 5s)) {}

Progress::~Progress() {
  if (terminal_ && shown_) std::fprintf(stderr, "\r\033[K");
}

void Progress::reach(std::uint64_t done) {
  done_ = done;
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + (terminal_ ? 100ms : 5000ms);
  shown_ = true;
  char share[32];
  if (total_ == 0) {
    std::snprintf(share, sizeof(share), "%llu",
                  static_cast<unsigned long long>(done_));
  } else {
    std::snprintf(
        share, sizeof(share), "%3.0f %%",
        100.0 * static_cast<double>(done_) / static_cast<double>(total_));
  }
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(now - start_).count();
  std::fprintf(stderr, "%s  %s  %s  %llds%s", terminal_ ? "\r\033[K" : "",
               label_.c_str(), share, static_cast<long long>(seconds),
               terminal_ ? "" : "\n");
  std::fflush(stderr);
}

}  // namespace arenatest
