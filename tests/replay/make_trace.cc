// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// make_trace KIND PATH: a trace for the tests of the command line.

#include <cstdio>
#include <string>

#include "bitcoinleveldb/trace.h"
#include "bitcoinleveldb/workload.h"

namespace {

using bitcoinleveldb::TraceEvent;
using bitcoinleveldb::TraceOp;
using bitcoinleveldb::TraceWriter;

class Maker {
 public:
  explicit Maker(const char* path) : made_(writer_.open(path)) {}

  void write(TraceOp op, std::uint64_t arena, std::uint64_t bytes = 0,
             std::uint64_t alignment = 1) {
    TraceEvent event;
    event.op = op;
    event.arena = arena;
    event.thread = 1;
    event.bytes = bytes;
    event.alignment = alignment;
    made_ = writer_.write(event) && made_;
  }

  // Small entries with nodes between them, in arenas one after the other.
  void memtables() {
    bitcoinleveldb::Workload workload("memtable", 301);
    for (std::uint64_t arena = 1; arena != 11; ++arena) {
      write(TraceOp::kArenaMade, arena, 4096);
      for (int i = 0; i != 10'000; ++i) {
        const bitcoinleveldb::ArenaRequest request = workload.next();
        write(TraceOp::kAllocated, arena, request.bytes,
              request.aligned ? 8 : 1);
      }
      write(TraceOp::kArenaEnded, arena);
    }
  }

  void scopes() {
    write(TraceOp::kArenaMade, 1, 4096);
    write(TraceOp::kScopeBegun, 1);
    write(TraceOp::kAllocated, 1, 100);
    write(TraceOp::kScopeEnded, 1);
    write(TraceOp::kArenaEnded, 1);
  }

  // Of each block of 4096 bytes, 496 are left behind.
  void wasteful() {
    write(TraceOp::kArenaMade, 1, 4096);
    for (int i = 0; i != 20'000; ++i) {
      write(TraceOp::kAllocated, 1, 900, 1);
    }
  }

  bool close() { return writer_.close() && made_; }

 private:
  TraceWriter writer_;
  bool made_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  Maker maker(argv[2]);
  const std::string kind = argv[1];
  if (kind == "memtables") maker.memtables();
  if (kind == "scopes") maker.scopes();
  if (kind == "wasteful") maker.wasteful();
  if (!maker.close()) {
    std::fprintf(stderr, "could not write %s\n", argv[2]);
    return 1;
  }
  return 0;
}
