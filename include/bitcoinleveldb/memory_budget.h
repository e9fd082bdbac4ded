// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A limit in bytes that any number of arenas and threads share: the budget of
// all memtables of a process, say. It is a block source, so what it charges
// are slabs, what arenas really hold, and no allocation costs more for it.
//
//   bitcoinleveldb::MemoryBudgetOptions options;
//   options.limit_bytes = 256 << 20;
//   options.threshold_bytes = 192 << 20;
//   options.on_threshold = [&](std::size_t) { flusher.wake(); };
//   bitcoinleveldb::MemoryBudget budget(options);
//   bitcoinleveldb::ArenaOptions arena_options;
//   arena_options.block_source = &budget;
//   bitcoinleveldb::Arena memtable(arena_options);
//
// At the limit an allocation fails as when memory runs out, and the arena is
// as before it. Under LevelDB only the threshold is of use: LevelDB cannot hear
// of a failure (docs/memory.md).
//
// Thread safety: every member may be called from any thread.

#ifndef BITCOINLEVELDB_MEMORY_BUDGET_H_
#define BITCOINLEVELDB_MEMORY_BUDGET_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory_resource>
#include <mutex>

#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb {

/// The settings of a budget.
struct MemoryBudgetOptions {
  /// The value of a limit or threshold that is not there.
  static constexpr std::size_t kNone = SIZE_MAX;

  /// How many bytes may be charged at once. Allowed: 1 or more.
  std::size_t limit_bytes = kNone;

  /// From how many charged bytes on the budget is over its threshold. Allowed:
  /// 1 up to the limit, or `kNone`.
  std::size_t threshold_bytes = kNone;

  /// Called with the bytes charged when they reach the threshold, once a
  /// crossing: not again before they have fallen below it. The thread whose
  /// charge it was calls it, in the middle of an allocation and holding no lock
  /// of the budget. It must not throw (that terminates) and must not use the
  /// arena that is allocating; set a flag or wake a thread. Two crossings soon
  /// after one another may call it in two threads at once. May be empty.
  std::function<void(std::size_t charged_bytes)> on_threshold;

  /// Where slabs come from; `nullptr` is the built-in source. It is not owned
  /// and must outlive the budget. It may be another budget.
  std::pmr::memory_resource* upstream = nullptr;
};

/// What a budget holds and has done.
struct MemoryBudgetStats {
  std::size_t charged_bytes = 0;    ///< handed out and not yet back
  std::size_t peak_bytes = 0;       ///< the most that was charged at once
  std::size_t limit_bytes = 0;      ///< in force now
  std::size_t threshold_bytes = 0;  ///< in force now
  std::uint64_t refusals = 0;       ///< charges refused because of the limit
  std::uint64_t crossings = 0;      ///< times the threshold was reached
};

/// A block source with a limit.
///
/// Invariants:
/// 1. No charge makes `charged_bytes` exceed the limit by a byte, whatever
///    other threads do.
/// 2. What is charged is what upstream was asked for and has not got back; a
///    charge is made before upstream is asked and taken back if it fails.
/// 3. The callback is called as often as there are crossings.
///
/// Complexity: O(1) for each slab, without a lock.
class BITCOINLEVELDB_EXPORT MemoryBudget final
    : public std::pmr::memory_resource {
 public:
  static constexpr std::size_t kNone = MemoryBudgetOptions::kNone;

  /// THROWS: `std::invalid_argument` for an option that is not allowed.
  explicit MemoryBudget(MemoryBudgetOptions options);

  /// REQUIRES: every slab has come back.
  ~MemoryBudget() override = default;

  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  /// Changes the limit. Below what is charged nothing is taken away, but every
  /// charge is refused until enough has come back. A charge made meanwhile
  /// keeps either the old or the new limit.
  /// THROWS: `std::invalid_argument` for 0 and for less than the threshold; the
  /// limit is then unchanged.
  void set_limit(std::size_t bytes);

  /// Changes the threshold. If what is charged has reached the new one and not
  /// the old one, that is a crossing, and this call calls the callback.
  /// THROWS: `std::invalid_argument` for 0 and for more than the limit, unless
  /// it is `kNone`; the threshold is then unchanged.
  void set_threshold(std::size_t bytes);

  /// Returns whether what is charged has reached the threshold; for those who
  /// ask instead of being called.
  [[nodiscard]] bool is_over_threshold() const noexcept;

  [[nodiscard]] std::size_t charged_bytes() const noexcept;

  /// Returns all figures. Those of threads at work are of slightly different
  /// moments.
  [[nodiscard]] MemoryBudgetStats stats() const noexcept;

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override;
  void do_deallocate(void* memory, std::size_t bytes,
                     std::size_t alignment) override;
  bool do_is_equal(const memory_resource& other) const noexcept override;

  bool charge(std::size_t bytes) noexcept;
  void credit(std::size_t bytes) noexcept;
  void judge() noexcept;
  void announce(std::size_t charged) noexcept;

  // The charged bytes, and in the lowest bit whether the threshold is reached:
  // in one word, so that of all threads exactly one sees it set.
  std::atomic<std::uint64_t> state_{0};
  std::atomic<std::size_t> limit_;
  std::atomic<std::size_t> threshold_;
  std::atomic<std::size_t> peak_{0};
  std::atomic<std::uint64_t> refusals_{0};
  std::atomic<std::uint64_t> crossings_{0};

  const std::function<void(std::size_t)> on_threshold_;
  std::pmr::memory_resource* const upstream_;  // null: the built-in one
  std::mutex settings_;  // held while limit and threshold are compared and set
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_MEMORY_BUDGET_H_
