// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Whatever the bytes are, the reader ends, says how, and what it gave is sound:
// the encoder takes it, and what the encoder makes of it is read as the same.

#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "bitcoinleveldb/trace.h"
#include "mend_trace.h"
#include "require.h"
#include "trace_encoder.h"

namespace {

using bitcoinleveldb::require;
using bitcoinleveldb::TraceEnd;
using bitcoinleveldb::TraceEndKind;
using bitcoinleveldb::TraceEvent;
using bitcoinleveldb::TraceReader;

using Bytes = std::vector<unsigned char>;

struct Reading {
  std::vector<TraceEvent> events;
  TraceEnd end;
};

Reading read(const Bytes& bytes) {
  Reading reading;
  TraceReader reader;
  (void)reader.open(bytes.data(), bytes.size());
  TraceEvent event;
  while (reader.next(event)) reading.events.push_back(event);
  reading.end = reader.end();
  return reading;
}

bool same(const TraceEvent& a, const TraceEvent& b) {
  const auto all = [](const TraceEvent& e) {
    return std::tie(e.op, e.is_partial, e.arena, e.thread, e.nanoseconds,
                    e.bytes, e.old_bytes, e.keep_bytes, e.alignment);
  };
  return all(a) == all(b);
}

void append(Bytes& bytes, bitcoinleveldb::detail::TraceBytes piece) {
  bytes.insert(bytes.end(), piece.data, piece.data + piece.bytes);
}

Bytes write(const std::vector<TraceEvent>& events) {
  constexpr std::size_t kGroupBytes = 256;
  bitcoinleveldb::detail::TraceEncoder encoder(kGroupBytes);
  Bytes bytes;
  append(bytes, encoder.header());
  for (const TraceEvent& event : events) {
    require(encoder.add(event) == nullptr, "what was read cannot be written");
    if (encoder.is_full()) append(bytes, encoder.take_group());
  }
  if (!encoder.is_empty()) append(bytes, encoder.take_group());
  append(bytes, encoder.end());
  return bytes;
}

void check(const Bytes& bytes) {
  const Reading first = read(bytes);
  require(first.end.kind != TraceEndKind::kNotYet, "reading did not end");
  require(first.end.kind != TraceEndKind::kUnreadable, "memory is readable");
  require(first.end.offset <= bytes.size(), "an offset behind the end");
  require(
      (first.end.kind == TraceEndKind::kComplete) == first.end.message.empty(),
      "an end without a message, or a message without need");
  const Reading second = read(write(first.events));
  require(second.end.kind == TraceEndKind::kComplete,
          "what was written is not complete");
  require(second.events.size() == first.events.size(),
          "another number of events");
  for (std::size_t i = 0; i != first.events.size(); ++i) {
    require(same(first.events[i], second.events[i]), "another event");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  Bytes bytes(data, data + size);
  check(bytes);
  bitcoinleveldb::mend_trace(bytes);
  check(bytes);
  return 0;
}
