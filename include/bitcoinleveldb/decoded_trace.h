// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A trace in memory, 8 bytes an allocation, so that it can be replayed again
// and again without the cost of reading it (trace_replay.h).
//
//   bitcoinleveldb::TraceReader reader;
//   reader.open("memtables.trace");
//   bitcoinleveldb::DecodedTrace trace(reader);
//   if (trace.end().kind != bitcoinleveldb::TraceEndKind::kComplete) ...

#ifndef BITCOINLEVELDB_DECODED_TRACE_H_
#define BITCOINLEVELDB_DECODED_TRACE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

#include "bitcoinleveldb/detail/attributes.h"
#include "bitcoinleveldb/trace.h"

namespace bitcoinleveldb {

/// One event of a trace, as a replay needs it: arenas have a slot, which others
/// take over when they end.
struct TraceStep {
  TraceOp op = TraceOp::kArenaMade;
  std::uint32_t slot = 0;
  std::size_t alignment = 1;
  std::size_t bytes = 0;
  std::size_t old_bytes = 0;
  std::size_t keep_bytes = 0;
};

/// An arena of a trace.
struct TracedArena {
  std::size_t block_bytes = 0;
  bool is_partial = false;  ///< it held allocations when recording began
  bool has_scopes = false;
  bool has_resizes = false;
  /// An alignment other than 1 and `Arena::kAlignment` was asked for.
  bool has_other_alignments = false;
};

/// What a trace holds, counted.
struct TraceCounts {
  std::uint64_t events = 0;
  std::uint64_t allocations = 0;
  std::uint64_t bytes = 0;  ///< of all allocations, as asked for
  std::uint64_t resizes = 0;
  std::uint64_t scopes = 0;
  std::uint64_t rewinds = 0;
  std::uint64_t resets = 0;
  std::uint64_t failures = 0;  ///< requests that failed for want of memory
  std::uint64_t arenas = 0;
  std::uint64_t partial_arenas = 0;
  std::uint64_t arenas_ended = 0;
  std::uint64_t arenas_at_once = 0;  ///< the most alive at one moment
  std::uint64_t threads = 0;
  /// Ends of scopes that began before the recording; they are left out.
  std::uint64_t scopes_cut = 0;
};

/// A trace, decoded. Thread safety: once made it is only read.
class BITCOINLEVELDB_EXPORT DecodedTrace {
 public:
  /// Reads all that `reader` has still to give, and calls `seen` with each
  /// event. What was recorded by several threads becomes one sequence, in the
  /// order of the recording.
  /// THROWS: `std::invalid_argument` for an arena that could not be made, for
  /// an allocation that no object of this machine can fill, or if more than
  /// 4,194,304 arenas are alive at once; `std::bad_alloc`. Complexity:
  /// O(events) time and memory.
  explicit DecodedTrace(
      TraceReader& reader,
      const std::function<void(const TraceEvent& event)>& seen = {});

  [[nodiscard]] const TraceCounts& counts() const noexcept { return counts_; }
  /// Returns the arenas in the order in which they were made.
  [[nodiscard]] const std::vector<TracedArena>& arenas() const noexcept {
    return arenas_;
  }
  /// Returns how many slots there are: as many as arenas lived at once.
  [[nodiscard]] std::size_t slots() const noexcept { return slots_; }
  /// Returns how the trace ended.
  [[nodiscard]] const TraceEnd& end() const noexcept { return end_; }
  /// Returns the bytes of memory that the steps take.
  [[nodiscard]] std::size_t held_bytes() const noexcept {
    return words_.capacity() * sizeof(std::uint64_t);
  }

  /// Calls `play(step)` for each event in turn, until it returns false.
  template <class Play>
  void for_each(Play play) const {
    const std::uint64_t* word = words_.data();
    const std::uint64_t* const end = word + words_.size();
    while (word != end) {
      TraceStep step;
      const std::uint64_t head = *word++;
      step.op = static_cast<TraceOp>(head & kOpMask);
      step.alignment =
          here(std::uint64_t{1} << ((head >> kAlignmentShift) & 63U));
      step.slot =
          static_cast<std::uint32_t>((head >> kSlotShift) & (kSlots - 1));
      step.bytes = static_cast<std::size_t>(head >> kBytesShift);
      if (step.bytes == kBytesFollow) {
        step.bytes = here(*word++);
      }
      if (step.op == TraceOp::kResized) {
        step.old_bytes = here(*word++);
      } else if (has_keep_bytes(step.op)) {
        step.keep_bytes = here(*word++);
      }
      if (!play(step)) return;
    }
  }

 private:
  // A step is one word: op in 4 bits, alignment as a power of two in 6, slot in
  // 22, bytes in 32. Where these do not suffice, and for the second figure of
  // the seldom ones, a word follows.
  static constexpr std::uint64_t kOpMask = 15;
  static constexpr unsigned kAlignmentShift = 4;
  static constexpr unsigned kSlotShift = 10;
  static constexpr unsigned kBytesShift = 32;
  static constexpr std::uint64_t kSlots = std::uint64_t{1} << 22U;
  static constexpr std::uint64_t kBytesFollow = UINT32_MAX;

  struct Alive {
    std::uint32_t slot;
    std::size_t index;  // in arenas_
    std::size_t scopes;
  };
  using AliveArenas = std::unordered_map<std::uint64_t, Alive>;

  static constexpr bool has_keep_bytes(TraceOp op) {
    return op == TraceOp::kReset || op == TraceOp::kScopeRewound;
  }

  // A figure of a machine that may have longer words than this one. Cut off are
  // only those of requests that failed and of how much to keep.
  static constexpr std::size_t here(std::uint64_t figure) {
    return static_cast<std::size_t>(std::min<std::uint64_t>(figure, SIZE_MAX));
  }

  void add(const TraceEvent& event);
  void make_arena(const TraceEvent& event);
  bool notice(const TraceEvent& event, Alive& arena);
  void push(const TraceEvent& event, std::uint32_t slot);

  std::vector<std::uint64_t> words_;
  std::vector<TracedArena> arenas_;
  std::size_t slots_ = 0;
  TraceCounts counts_;
  TraceEnd end_;

  // Used while decoding only.
  AliveArenas alive_;
  std::vector<std::uint32_t> free_slots_;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_DECODED_TRACE_H_
