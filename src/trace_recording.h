// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_TRACE_RECORDING_H_
#define BITCOINLEVELDB_SRC_TRACE_RECORDING_H_

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "bitcoinleveldb/arena_observer.h"
#include "trace_output.h"

namespace bitcoinleveldb::detail {

// A recording and what it has seen, all of it guarded by its lock, which those
// who call it hold. One lock for all arenas, because it keeps the order of an
// arena's events whichever threads they come from, and one group after the
// other in the file.
class Recording {
 public:
  bool start(const std::string& path, const TraceWriterOptions& options);

  // Writes what happened to an arena. `event` lacks its numbers and its time.
  // Returns false if it cannot be written.
  bool write(const ObservedArena& arena, const TraceEvent& event) noexcept;

  std::mutex mutex;
  TraceOutput output;

 private:
  // An arena as it is in the trace.
  struct RecordedArena {
    std::uint64_t number = 0;
    bool is_partial = false;
    std::uint64_t scopes = 0;  // that have begun since
  };

  // May throw std::bad_alloc.
  bool put(const ObservedArena& arena, TraceEvent event);
  bool put_made(const ObservedArena& arena, bool is_partial);
  bool put_known(RecordedArena& recorded, TraceEvent event);
  RecordedArena* find(std::uint64_t observed) noexcept;
  void set_thread(TraceEvent& event);
  void set_time(TraceEvent& event) noexcept;

  std::chrono::steady_clock::time_point start_;
  unsigned events_since_time_ = 0;
  std::uint64_t arenas_made_ = 0;

  // By the numbers of the observer and the process; of each the last is at
  // hand, because it is nearly always the next as well.
  std::unordered_map<std::uint64_t, RecordedArena> arenas_;
  RecordedArena* last_arena_ = nullptr;
  std::uint64_t last_observed_ = 0;
  std::unordered_map<std::uint64_t, std::uint64_t> threads_;
  std::uint64_t last_thread_ = 0;
  std::uint64_t last_thread_number_ = 0;
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_TRACE_RECORDING_H_
