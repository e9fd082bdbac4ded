// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_PROGRESS_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_PROGRESS_H_

#include <chrono>
#include <cstdint>
#include <string>

namespace arenatest {

// Shows on stderr how far a long piece of work has come: a line that rewrites
// itself on a terminal, a line now and then elsewhere. Silent for work that
// ends within a second. A total of 0 is one that is not known.
class Progress {
 public:
  Progress(std::string label, std::uint64_t total);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  // Says that `done` of the total is done, or that `more` was added to it.
  void reach(std::uint64_t done);
  void advance(std::uint64_t more) { reach(done_ + more); }
  void relabel(std::string label) { label_ = std::move(label); }

 private:
  using Clock = std::chrono::steady_clock;

  std::string label_;
  std::uint64_t total_;
  std::uint64_t done_ = 0;
  bool terminal_;
  bool shown_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point next_;
};

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_PROGRESS_H_
