// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A trace: what arenas did, in a file of two to four bytes an allocation. Such
// a file is recorded with <bitcoinleveldb/trace_recorder.h>; read it here, or
// write one of events that are made up.
//
//   bitcoinleveldb::TraceReader reader;
//   reader.open("memtables.trace");
//   bitcoinleveldb::TraceEvent event;
//   while (reader.next(event)) {
//     if (event.op == bitcoinleveldb::TraceOp::kAllocated) sum += event.bytes;
//   }
//   if (reader.end().kind != bitcoinleveldb::TraceEndKind::kComplete) {
//     std::cerr << reader.end().message << '\n';  // and where
//   }
//
// The format is that of docs/trace_format.md, the same on every machine.

#ifndef BITCOINLEVELDB_TRACE_H_
#define BITCOINLEVELDB_TRACE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb {

/// What happened. Beside each stands what a `TraceEvent` says of it, apart from
/// arena, thread and time, which all have.
enum class TraceOp : std::uint8_t {
  kArenaMade,     ///< bytes: of its standard blocks; is_partial
  kAllocated,     ///< bytes, alignment
  kResized,       ///< the newest allocation: bytes, old_bytes
  kScopeBegun,    ///< scopes nest, and the innermost is always meant
  kScopeRewound,  ///< what was allocated in it went: keep_bytes
  kScopeEnded,    ///< after the rewinding that is part of it
  kReset,         ///< all that was allocated went: keep_bytes
  kOutOfMemory,   ///< a request that failed: bytes, alignment
  kArenaEnded,
};

/// One thing that happened.
struct TraceEvent {
  TraceOp op = TraceOp::kArenaMade;
  /// The arena held allocations already when recording began; what they were is
  /// not known.
  bool is_partial = false;
  /// From 1 on in the order of `kArenaMade`, each number once in a file. 0 for
  /// a `kOutOfMemory` of an arena that never had memory.
  std::uint64_t arena = 0;
  /// The thread that did it: from 1 on in the order in which they come up.
  std::uint64_t thread = 0;
  /// Since the recording began; never less than that of the event before it.
  /// It is known now and then, and where it is not, that of the last event that
  /// has one stands here.
  std::uint64_t nanoseconds = 0;
  std::uint64_t bytes = 0;      ///< 1 or more
  std::uint64_t old_bytes = 0;  ///< 1 or more
  /// How many bytes of slabs the arena kept at most; UINT64_MAX: all.
  std::uint64_t keep_bytes = 0;
  std::uint64_t alignment = 1;  ///< a power of two; 1: packed
};

/// How a trace ended.
enum class TraceEndKind {
  kNotYet,      ///< there may be more events
  kComplete,    ///< with the mark that the recording ended as it should
  kTruncated,   ///< cut off, or the recording was killed
  kCorrupt,     ///< it holds what no writer writes
  kUnreadable,  ///< the operating system would not read it
};

struct TraceEnd {
  TraceEndKind kind = TraceEndKind::kNotYet;
  /// Where, in bytes from the beginning of the file: all before it is whole.
  std::uint64_t offset = 0;
  /// In words, with the offset; empty if complete.
  std::string message;
};

/// Reads a trace, event by event.
///
/// Invariants:
/// 1. Events of one arena come in the order in which they happened, those of
///    different arenas as they were recorded.
/// 2. Every event that comes is sound: it is of an arena that was made and has
///    not ended, its alignment is a power of two, its scope has begun (in an
///    arena that is not partial). What is not sound ends the trace.
/// 3. Whatever the bytes are, memory is bounded: by one group of records, at
///    most 1 MiB, and the arenas that live at once.
///
/// Thread safety: one thread at a time. Complexity: O(1) an event.
class BITCOINLEVELDB_EXPORT TraceReader {
 public:
  TraceReader();
  ~TraceReader();
  TraceReader(const TraceReader&) = delete;
  TraceReader& operator=(const TraceReader&) = delete;

  /// Opens a file, or whatever else can be read from its beginning to its end,
  /// and forgets what was read before. Returns false if it cannot be read or is
  /// no trace; `end()` tells why.
  bool open(const std::string& path);

  /// As above, of `bytes` bytes at `data`, which must outlive the reading.
  bool open(const void* data, std::size_t bytes);

  /// Reads the next event into `event`. Returns false at the end of the trace,
  /// and from then on; `event` is then as before.
  bool next(TraceEvent& event);

  /// Returns how the trace ended.
  [[nodiscard]] const TraceEnd& end() const noexcept;

 private:
  class State;
  std::unique_ptr<State> state_;
};

/// When what was written goes to the file.
struct TraceWriterOptions {
  /// The bytes of a group of records, beyond which the next begins. A program
  /// that is killed loses at most the last group. Allowed: 64 up to 1,000,000.
  std::size_t group_bytes = std::size_t{16} << 10U;
  /// How much later than a group's first event an event may be, if its time is
  /// known, before the group is written out.
  std::uint64_t group_nanoseconds = 1'000'000'000;
};

/// What was written so far.
struct TraceTotals {
  std::uint64_t events = 0;
  std::uint64_t allocations = 0;
  std::uint64_t arenas = 0;
  std::uint64_t bytes = 0;  ///< of the file, with what is still to go there
};

/// Writes a trace.
///
/// Invariants:
/// 1. What it writes is read back as it was, event for event.
/// 2. A group reaches the operating system in one piece. If that fails, nothing
///    more is written, and what is in the file is whole up to there.
/// 3. The child of a fork does not write to what its parent has opened: until
///    it opens a file itself, every member returns false or nothing.
///
/// Thread safety: every member may be called from any thread.
/// Complexity: O(1) an event, under a lock; a group is written to the file by
/// the thread that fills it.
class BITCOINLEVELDB_EXPORT TraceWriter {
 public:
  TraceWriter();
  /// Closes.
  ~TraceWriter();
  TraceWriter(const TraceWriter&) = delete;
  TraceWriter& operator=(const TraceWriter&) = delete;

  /// Closes what is open and makes the file `path`, over one that is there.
  /// Returns false, and `error()` tells why, if that fails or another process
  /// is recording to it.
  /// THROWS: `std::invalid_argument` for an option that is not allowed.
  bool open(const std::string& path, const TraceWriterOptions& options = {});

  /// Writes one event. Its time may be 0, for one that is not known. Returns
  /// false if it is not sound, which changes nothing, or writing has failed;
  /// `error()` tells which.
  bool write(const TraceEvent& event) noexcept;

  /// Hands all that was written to the operating system. Returns false if that
  /// fails or failed before.
  bool flush() noexcept;

  /// Ends the trace: flushes, writes the mark that it is complete and closes
  /// the file. Returns false if not all could be written, or none is open.
  bool close() noexcept;

  [[nodiscard]] TraceTotals totals() const noexcept;

  /// Returns what went wrong last, in words; empty if nothing did.
  [[nodiscard]] std::string error() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TRACE_H_
