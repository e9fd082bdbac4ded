// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_REPORT_MEMORY_WATCH_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_REPORT_MEMORY_WATCH_H_

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <map>
#include <vector>

#include "bitcoinleveldb/arena_observer.h"

namespace arenatest {

// The memory of arenas and of the process at one moment, in bytes.
struct MemoryPoint {
  double seconds = 0;         // of processor time, as by seconds()
  std::size_t arenas = 0;     // that the watch is attached to
  std::size_t usage = 0;      // of these arenas
  std::size_t reserved = 0;   // by these arenas, in slabs
  std::size_t kept = 0;       // by threads and depots for the next arenas
  std::int64_t resident = 0;  // of the process, beyond what it began with
  std::size_t huge = 0;       // resident on transparent huge pages
};

// Notes the memory of the arenas that it is attached to, and that of the
// process, whenever a number of blocks has been taken. It wants to see no
// allocation, so between two blocks the arenas are as fast as unobserved.
// For arenas of one thread.
class MemoryWatch final : public bitcoinleveldb::ArenaObserver {
 public:
  // Has room for `points_max` points from the start, so that what it notes does
  // not disturb what it reads; what is more is not noted.
  MemoryWatch(std::size_t blocks_between, std::size_t points_max);

  void slab_taken(const bitcoinleveldb::ObservedArena& arena,
                  const bitcoinleveldb::ObservedSlab& slab) noexcept override;
  void block_taken(
      const bitcoinleveldb::ObservedArena& arena,
      const bitcoinleveldb::ObservedBlock& block) noexcept override;
  void ending(const bitcoinleveldb::ObservedArena& arena) noexcept override;

  // Notes a point now.
  void note() noexcept;

  // Returns the seconds of processor time that the process has taken since the
  // watch began, without its readings. Unlike the time on the wall it is not
  // stretched by other work on the machine.
  [[nodiscard]] double seconds() const noexcept {
    return seconds_until(std::clock());
  }

  [[nodiscard]] const std::vector<MemoryPoint>& points() const {
    return points_;
  }
  // Returns whether the system says what is resident.
  [[nodiscard]] bool has_residency() const { return has_residency_; }

 private:
  struct Arena {
    std::size_t usage = 0;
    std::size_t reserved = 0;
  };

  [[nodiscard]] double seconds_until(std::clock_t now) const noexcept;

  std::size_t blocks_between_;
  std::size_t blocks_ = 0;  // taken since the last point of this kind
  std::vector<MemoryPoint> points_;
  std::map<std::uint64_t, Arena> arenas_;  // by number
  bool has_residency_ = false;
  std::size_t resident_at_start_ = 0;
  std::clock_t start_;
  std::clock_t reading_ = 0;  // spent in note()
};

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_REPORT_MEMORY_WATCH_H_
