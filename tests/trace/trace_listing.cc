// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Writes random events to the trace in its argument, and lists them.

#include <array>
#include <cstdio>
#include <cstdlib>

#include "bitcoinleveldb/trace.h"
#include "random_events.h"

namespace {

constexpr std::array<const char*, 9> kNames = {
    "arena_made",  "allocated", "resized",       "scope_begun", "scope_rewound",
    "scope_ended", "reset",     "out_of_memory", "arena_ended"};

void list(std::uint64_t value) {
  std::printf(" %llu", static_cast<unsigned long long>(value));
}

void list(const bitcoinleveldb::TraceEvent& event) {
  std::fputs(kNames[static_cast<std::size_t>(event.op)], stdout);
  for (const std::uint64_t value :
       {event.arena, event.thread, event.nanoseconds, event.bytes,
        event.old_bytes, event.keep_bytes, event.alignment,
        std::uint64_t{event.is_partial}}) {
    list(value);
  }
  std::puts("");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return EXIT_FAILURE;
  bitcoinleveldb::TraceWriter writer;
  bitcoinleveldb::TraceWriterOptions options;
  options.group_bytes = 1000;
  if (!writer.open(argv[1], options)) return EXIT_FAILURE;
  for (const auto& event : bitcoinleveldb::random_events(301, 20'000)) {
    if (!writer.write(event)) return EXIT_FAILURE;
    list(event);
  }
  return writer.close() ? EXIT_SUCCESS : EXIT_FAILURE;
}
