// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The document of the format and the code say the same.

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "bitcoinleveldb/trace.h"
#include "trace_files.h"

namespace bitcoinleveldb {
namespace {

bool is_hex(const std::string& text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return false;
  return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at),
                     text.begin() + static_cast<std::ptrdiff_t>(at + digits),
                     [](unsigned char c) { return std::isxdigit(c) != 0; });
}

// The bytes of the example: an offset, two spaces, and what stands there.
std::string bytes_of_document() {
  std::ifstream file(TRACE_FORMAT_DOCUMENT);
  std::string bytes;
  for (std::string line; std::getline(file, line);) {
    if (!is_hex(line, 0, 4) || line.compare(4, 2, "  ") != 0) continue;
    EXPECT_EQ(std::stoul(line.substr(0, 4), nullptr, 16), bytes.size()) << line;
    for (std::size_t at = 6; is_hex(line, at, 2); at += 3) {
      bytes += static_cast<char>(std::stoul(line.substr(at, 2), nullptr, 16));
    }
  }
  return bytes;
}

TraceEvent event_of(TraceOp op, std::uint64_t thread, std::uint64_t time,
                    std::uint64_t bytes = 0, std::uint64_t alignment = 1) {
  TraceEvent event;
  event.op = op;
  event.arena = 1;
  event.thread = thread;
  event.nanoseconds = time;
  event.bytes = bytes;
  event.alignment = alignment;
  return event;
}

TEST(TraceFormat, ExampleOfTheDocumentIsWhatIsWrittenAndRead) {
  TraceEvent reset = event_of(TraceOp::kReset, 2, 1300);
  reset.keep_bytes = UINT64_MAX;
  const std::vector<TraceEvent> events = {
      event_of(TraceOp::kArenaMade, 1, 1000, 4096),
      event_of(TraceOp::kAllocated, 1, 1000, 300),
      event_of(TraceOp::kAllocated, 1, 1000, 24, 8),
      event_of(TraceOp::kAllocated, 1, 1000, 20, 8),
      event_of(TraceOp::kAllocated, 1, 1000, 5000, 64),
      reset,
      event_of(TraceOp::kArenaEnded, 2, 1300)};
  const TemporaryPath path;
  write_all(events, path.str());
  const std::string document = bytes_of_document();
  EXPECT_EQ(path.bytes(), document);
  TraceReader reader;
  ASSERT_TRUE(reader.open(document.data(), document.size()));
  EXPECT_EQ(all_events(reader), events);
  EXPECT_EQ(reader.end().kind, TraceEndKind::kComplete);
}

}  // namespace
}  // namespace bitcoinleveldb
