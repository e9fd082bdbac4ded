// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_PROFILE_TRACE_H_
#define BITCOINLEVELDB_SRC_PROFILE_TRACE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "port/stack_trace.h"
#include "profile_stacks.h"

namespace bitcoinleveldb::detail {

// The return addresses of a thread, the innermost first.
struct ProfileTrace {
  // Room for the frames of the library, which are dropped.
  static constexpr std::size_t kOwnFramesMax = 32;

  std::array<std::uintptr_t, ProfileStack::kFramesMax + kOwnFramesMax> frames;
  std::size_t count = 0;
};

// The frames that the library shows between a caller and an observer. They are
// learnt from calls of every kind, so it does not matter what a compiler has
// inlined, nor whether symbols can be had.
class OwnFrames {
 public:
  // Adds the frames of `trace` that stand before those that it shares with
  // `here`, the trace of the function that called into the library.
  void learn(const ProfileTrace& trace, const ProfileTrace& here) {
    if (here.count < 2) return;
    const auto* const begin = trace.frames.data();
    const auto* const end = begin + trace.count;
    const auto* const shared = std::find(begin, end, here.frames[1]);
    if (shared == end || shared == begin) return;
    frames_.insert(frames_.end(), begin, shared - 1);
  }

  // Returns how many frames of `trace` are the library's.
  std::size_t count_in(const ProfileTrace& trace) const noexcept {
    std::size_t count = 0;
    while (count != trace.count && has(trace.frames[count])) ++count;
    return count;
  }

 private:
  bool has(std::uintptr_t frame) const noexcept {
    return std::find(frames_.begin(), frames_.end(), frame) != frames_.end();
  }

  std::vector<std::uintptr_t> frames_;
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_PROFILE_TRACE_H_
