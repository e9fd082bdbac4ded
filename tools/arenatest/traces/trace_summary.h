// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// What is in a trace, by its events alone.

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_TRACES_TRACE_SUMMARY_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_TRACES_TRACE_SUMMARY_H_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "bitcoinleveldb/trace.h"

namespace arenatest {

// The least, the middle and the most of some figures.
struct Range {
  std::uint64_t least = 0;
  std::uint64_t median = 0;
  std::uint64_t most = 0;
};

class TraceSummary {
 public:
  static constexpr std::size_t kOps = 9;
  static constexpr std::size_t kClasses = 64;

  struct Sizes {
    std::uint64_t allocations = 0;
    std::uint64_t bytes = 0;
  };

  void add(const bitcoinleveldb::TraceEvent& event);

  [[nodiscard]] std::uint64_t events(bitcoinleveldb::TraceOp op) const {
    return events_[static_cast<std::size_t>(op)];
  }
  // By the power of two that the bytes reach: [5] is of 32 to 63 bytes.
  [[nodiscard]] const std::array<Sizes, kClasses>& sizes() const {
    return sizes_;
  }
  [[nodiscard]] const std::map<std::uint64_t, Sizes>& alignments() const {
    return alignments_;
  }
  [[nodiscard]] const std::map<std::uint64_t, std::uint64_t>& block_bytes()
      const {
    return block_bytes_;
  }
  // Events by the number of the thread.
  [[nodiscard]] const std::map<std::uint64_t, std::uint64_t>& threads() const {
    return threads_;
  }
  // Of each arena, ended or not.
  [[nodiscard]] std::optional<Range> allocations_of_arenas() const;
  [[nodiscard]] std::optional<Range> bytes_of_arenas() const;
  // Of those that ended, in nanoseconds; nothing if no event has a time.
  [[nodiscard]] std::optional<Range> lifetimes() const;
  [[nodiscard]] std::uint64_t nanoseconds() const { return nanoseconds_; }

 private:
  struct Life {
    std::uint64_t made = 0;
    std::uint64_t allocations = 0;
    std::uint64_t bytes = 0;
  };

  void end(const Life& life, std::uint64_t at);

  std::array<std::uint64_t, kOps> events_{};
  std::array<Sizes, kClasses> sizes_{};
  std::map<std::uint64_t, Sizes> alignments_;
  std::map<std::uint64_t, std::uint64_t> block_bytes_;
  std::map<std::uint64_t, std::uint64_t> threads_;
  std::unordered_map<std::uint64_t, Life> alive_;
  std::vector<std::uint64_t> allocations_;  // of arenas that ended, as below
  std::vector<std::uint64_t> bytes_;
  std::vector<std::uint64_t> lifetimes_;
  std::uint64_t nanoseconds_ = 0;  // of the last event
};

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_TRACES_TRACE_SUMMARY_H_
