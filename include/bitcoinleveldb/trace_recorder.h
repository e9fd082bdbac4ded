// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Records what arenas do into a trace, for <bitcoinleveldb/trace.h> and the
// command line to read: which allocations, in which order, in which arenas.
//
//   bitcoinleveldb::TraceRecorder recorder;
//   if (!recorder.start("memtables.trace")) die(recorder.error());
//   bitcoinleveldb::add_default_observer(recorder);
//   ...
//   bitcoinleveldb::remove_default_observer(recorder);
//   recorder.stop();
//
// A program that is linked with the LevelDB drop-in needs none of this:
// BITCOINLEVELDB_ARENA_TRACE=memtables.trace in its environment does it.
// Recorded is how much was asked for, never what was written there.

#ifndef BITCOINLEVELDB_TRACE_RECORDER_H_
#define BITCOINLEVELDB_TRACE_RECORDER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/detail/attributes.h"
#include "bitcoinleveldb/trace.h"

namespace bitcoinleveldb {

/// An observer that writes what it sees to a file while it is recording, and
/// wants to see nothing otherwise. Attach it to one arena, to several, or have
/// it attached to all as a default observer.
///
/// Invariants:
/// 1. Events of one arena are in the trace in the order in which they happened,
///    also if several threads use it, one after the other.
/// 2. An arena that was attached while recording and was new then is in the
///    trace from its first allocation to its end. One that existed before is
///    marked as partial, and what it does may be missing up to its next call
///    out of line. One that lives when recording ends has no end in the trace.
/// 3. Whatever happens to the file, arenas go on unharmed. If a write fails,
///    recording ends, and one line on stderr says why and where.
/// 4. A process that is killed loses at most the last group of records: up to
///    `TraceWriterOptions::group_bytes` bytes. `flush` hands them over earlier.
/// 5. The child of a fork does not record, unless it calls `start` itself; the
///    parent goes on.
///
/// Thread safety: every member may be called from any thread; `start` and
/// `stop` by one at a time. An event costs a lock that all arenas share.
class BITCOINLEVELDB_EXPORT TraceRecorder final : public ArenaObserver {
 public:
  TraceRecorder();
  /// Stops recording.
  /// REQUIRES: as `ArenaObserver`.
  ~TraceRecorder() override;

  /// Begins to record to a new file at `path`, over one that is there. Stops
  /// first if it is recording. Returns false, and `error()` tells why, if the
  /// file cannot be made or another process is recording to it.
  /// THROWS: `std::invalid_argument` for an option that is not allowed.
  bool start(const std::string& path, const TraceWriterOptions& options = {});

  /// Ends the trace and closes its file. Returns false if not all could be
  /// written, or it was not recording.
  bool stop() noexcept;

  /// Hands all that was recorded to the operating system. Returns false if that
  /// fails, or it is not recording.
  bool flush() noexcept;

  [[nodiscard]] bool is_recording() const noexcept;

  /// Returns what the last recording has come to; it may have ended.
  [[nodiscard]] TraceTotals totals() const noexcept;

  /// Returns why `start` failed or recording ended, in words; empty if neither
  /// happened.
  [[nodiscard]] std::string error() const;

  void attached(const ObservedArena& arena, bool is_new) noexcept override;
  void allocated(const ObservedArena& arena,
                 const ObservedAllocation& allocation) noexcept override;
  void resized(const ObservedArena& arena, const char* ptr,
               std::size_t old_bytes, std::size_t new_bytes) noexcept override;
  void scope_begun(const ObservedArena& arena) noexcept override;
  void scope_rewinding(const ObservedArena& arena, std::size_t usage_before,
                       std::size_t keep_bytes) noexcept override;
  void scope_ended(const ObservedArena& arena) noexcept override;
  void resetting(const ObservedArena& arena,
                 std::size_t keep_bytes) noexcept override;
  void ending(const ObservedArena& arena) noexcept override;
  void out_of_memory(const ObservedArena& arena, std::size_t bytes,
                     std::size_t alignment) noexcept override;

 private:
  class State;

  void record(const ObservedArena& arena, const TraceEvent& event) noexcept;
  // Ends recording because of an error. The lock is held.
  BITCOINLEVELDB_COLD void fail() noexcept;

  std::unique_ptr<State> state_;
  std::atomic<bool> is_recording_{false};
};

/// The environment variable that has a program recorded.
inline constexpr char kTraceVariable[] = "BITCOINLEVELDB_ARENA_TRACE";

/// Records all arenas that the program makes from now on, up to its end, to the
/// file that the environment variable BITCOINLEVELDB_ARENA_TRACE names, in
/// which "%p" stands for the number of the process. Does nothing if it is not
/// set, and says on stderr what is wrong if the file cannot be made. Returns
/// whether it is recording. The LevelDB drop-in calls it when a program starts.
BITCOINLEVELDB_EXPORT bool record_trace_from_environment();

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TRACE_RECORDER_H_
