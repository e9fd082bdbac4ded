// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Traces for tests, made up event by event and read back.

#ifndef BITCOINLEVELDB_TESTS_REPLAY_TRACE_MAKER_H_
#define BITCOINLEVELDB_TESTS_REPLAY_TRACE_MAKER_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "bitcoinleveldb/decoded_trace.h"
#include "bitcoinleveldb/workload.h"
#include "trace/trace_files.h"

namespace bitcoinleveldb {

class TraceMaker {
 public:
  TraceMaker() { EXPECT_TRUE(writer_.open(path_.str())) << writer_.error(); }

  // Returns the number of a new arena.
  std::uint64_t make(std::uint64_t block_bytes = 4096, bool partial = false) {
    TraceEvent event = of(TraceOp::kArenaMade, ++arenas_);
    event.bytes = block_bytes;
    event.is_partial = partial;
    write(event);
    return arenas_;
  }
  void allocate(std::uint64_t arena, std::uint64_t bytes,
                std::uint64_t alignment = 1) {
    TraceEvent event = of(TraceOp::kAllocated, arena);
    event.bytes = bytes;
    event.alignment = alignment;
    write(event);
  }
  void resize(std::uint64_t arena, std::uint64_t old_bytes,
              std::uint64_t bytes) {
    TraceEvent event = of(TraceOp::kResized, arena);
    event.old_bytes = old_bytes;
    event.bytes = bytes;
    write(event);
  }
  void begin_scope(std::uint64_t arena) {
    write(of(TraceOp::kScopeBegun, arena));
  }
  void rewind(std::uint64_t arena, std::uint64_t keep_bytes = UINT64_MAX) {
    TraceEvent event = of(TraceOp::kScopeRewound, arena);
    event.keep_bytes = keep_bytes;
    write(event);
  }
  // As an arena does it: the rewinding is told before the end.
  void end_scope(std::uint64_t arena) {
    rewind(arena);
    write(of(TraceOp::kScopeEnded, arena));
  }
  void reset(std::uint64_t arena, std::uint64_t keep_bytes = UINT64_MAX) {
    TraceEvent event = of(TraceOp::kReset, arena);
    event.keep_bytes = keep_bytes;
    write(event);
  }
  void run_out(std::uint64_t arena, std::uint64_t bytes) {
    TraceEvent event = of(TraceOp::kOutOfMemory, arena);
    event.bytes = bytes;
    write(event);
  }
  void end(std::uint64_t arena) { write(of(TraceOp::kArenaEnded, arena)); }

  // The time and the thread of the events from here on.
  void at(std::uint64_t nanoseconds) { now_ = nanoseconds; }
  void as_thread(std::uint64_t thread) { thread_ = thread; }

  // Arenas that take turns, each with a number of allocations of a workload.
  void fill(std::string_view workload, std::uint64_t arenas,
            std::uint64_t allocations, std::uint64_t seed = 301) {
    Workload requests(workload, seed);
    const std::uint64_t first = arenas_ + 1;
    for (std::uint64_t i = 0; i != arenas; ++i) make();
    for (std::uint64_t i = 0; i != arenas * allocations; ++i) {
      const ArenaRequest request = requests.next();
      allocate(first + i % arenas, request.bytes, request.aligned ? 8 : 1);
    }
    for (std::uint64_t i = 0; i != arenas; ++i) end(first + i);
  }

  // Ends the trace; nothing can be added then.
  const std::string& path() {
    writer_.close();
    return path_.str();
  }
  DecodedTrace decoded() {
    TraceReader reader;
    EXPECT_TRUE(reader.open(path())) << reader.end().message;
    return DecodedTrace(reader);
  }

 private:
  TraceEvent of(TraceOp op, std::uint64_t arena) const {
    TraceEvent event;
    event.op = op;
    event.arena = arena;
    event.thread = thread_;
    event.nanoseconds = now_;
    return event;
  }
  void write(const TraceEvent& event) {
    ASSERT_TRUE(writer_.write(event)) << writer_.error();
  }

  TemporaryPath path_;
  TraceWriter writer_;
  std::uint64_t arenas_ = 0;
  std::uint64_t thread_ = 1;
  std::uint64_t now_ = 0;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_REPLAY_TRACE_MAKER_H_
