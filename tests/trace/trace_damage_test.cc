// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Damaged traces: where the damage is is said, and what is whole before it is
// read. Bytes that no writer writes are made up here, with the right checksums.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "bitcoinleveldb/trace.h"
#include "mend_trace.h"
#include "random_events.h"
#include "trace_files.h"
#include "trace_format.h"

namespace bitcoinleveldb {
namespace {

using Bytes = std::vector<unsigned char>;

struct Reading {
  std::vector<TraceEvent> events;
  TraceEnd end;
};

Reading read(const Bytes& bytes) {
  Reading reading;
  TraceReader reader;
  (void)reader.open(bytes.data(), bytes.size());
  reading.events = all_events(reader);
  reading.end = reader.end();
  TraceEvent event;
  EXPECT_FALSE(reader.next(event)) << "it goes on behind its end";
  return reading;
}

// A small file of several groups.
Bytes small_trace(const std::vector<TraceEvent>& events) {
  const TemporaryPath path;
  TraceWriterOptions options;
  options.group_bytes = 64;
  write_all(events, path.str(), options);
  const std::string bytes = path.bytes();
  return {bytes.begin(), bytes.end()};
}

// Where groups begin, the end of the file included.
std::vector<std::size_t> group_offsets(const Bytes& bytes) {
  std::vector<std::size_t> offsets;
  std::size_t at = detail::kTraceHeaderBytes;
  while (at < bytes.size()) {
    offsets.push_back(at);
    detail::GroupHeader header;
    EXPECT_TRUE(header.get(&bytes[at]));
    at += detail::kGroupHeaderBytes + header.payload_bytes;
  }
  offsets.push_back(at);
  return offsets;
}

bool is_beginning(const std::vector<TraceEvent>& part,
                  const std::vector<TraceEvent>& whole) {
  return part.size() <= whole.size() &&
         std::equal(part.begin(), part.end(), whole.begin());
}

TEST(TraceReader, TraceCutOffAnywhereGivesAllWholeGroupsAndSaysWhere) {
  const std::vector<TraceEvent> events = random_events(301, 100);
  const Bytes whole = small_trace(events);
  const std::vector<std::size_t> offsets = group_offsets(whole);
  ASSERT_GT(offsets.size(), 6U);
  std::size_t before = 0;
  for (std::size_t size = 0; size != whole.size(); ++size) {
    const Reading reading =
        read(Bytes(whole.begin(), whole.begin() + static_cast<long>(size)));
    ASSERT_EQ(reading.end.kind, TraceEndKind::kTruncated) << size;
    const auto after = std::upper_bound(offsets.begin(), offsets.end(), size);
    const std::size_t last = after == offsets.begin() ? 0 : *(after - 1);
    ASSERT_EQ(reading.end.offset, last) << "cut off at " << size;
    ASSERT_NE(reading.end.message.find("at byte " + std::to_string(last)),
              std::string::npos)
        << reading.end.message;
    ASSERT_TRUE(is_beginning(reading.events, events)) << size;
    ASSERT_GE(reading.events.size(), before) << size;
    before = reading.events.size();
  }
  EXPECT_EQ(before, events.size()) << "all are there without the end mark";
}

// Every byte is under a checksum.
TEST(TraceReader, EveryChangeOfOneByteIsFoundWhereItIs) {
  const std::vector<TraceEvent> events = random_events(7, 25);
  const Bytes whole = small_trace(events);
  const std::vector<std::size_t> offsets = group_offsets(whole);
  for (std::size_t at = 0; at != whole.size(); ++at) {
    for (unsigned change = 1; change != 256; ++change) {
      Bytes bytes = whole;
      bytes[at] = static_cast<unsigned char>(bytes[at] ^ change);
      const Reading reading = read(bytes);
      ASSERT_EQ(reading.end.kind, TraceEndKind::kCorrupt)
          << "byte " << at << " changed by " << change;
      const auto after = std::upper_bound(offsets.begin(), offsets.end(), at);
      const std::size_t group = after == offsets.begin() ? 0 : *(after - 1);
      ASSERT_EQ(reading.end.offset, group) << "byte " << at;
      ASSERT_TRUE(is_beginning(reading.events, events)) << at;
    }
  }
}

TEST(TraceReader, BytesBehindTheEndAreCorrupt) {
  Bytes bytes = small_trace(random_events(1, 10));
  bytes.push_back(0);
  const Reading reading = read(bytes);
  EXPECT_EQ(reading.end.kind, TraceEndKind::kCorrupt);
  EXPECT_EQ(reading.end.offset, bytes.size() - 1);
  EXPECT_EQ(reading.events, random_events(1, 10));
}

TEST(TraceReader, GroupThatIsMissingIsFound) {
  const Bytes whole = small_trace(random_events(3, 100));
  const std::vector<std::size_t> offsets = group_offsets(whole);
  Bytes bytes = whole;
  bytes.erase(bytes.begin() + static_cast<long>(offsets[1]),
              bytes.begin() + static_cast<long>(offsets[2]));
  const Reading reading = read(bytes);
  EXPECT_EQ(reading.end.kind, TraceEndKind::kCorrupt);
  EXPECT_EQ(reading.end.offset, offsets[1]);
  EXPECT_NE(reading.end.message.find("missing or out of order"),
            std::string::npos);
}

TEST(TraceReader, FileThatIsNotThereIsUnreadable) {
  TraceReader reader;
  EXPECT_FALSE(reader.open("/no_such_folder/x.trace"));
  EXPECT_EQ(reader.end().kind, TraceEndKind::kUnreadable);
  EXPECT_EQ(reader.end().message,
            "cannot open the trace /no_such_folder/x.trace: No such file or "
            "directory");
}

TEST(TraceReader, FolderIsUnreadable) {
  TraceReader reader;
  EXPECT_FALSE(reader.open("/"));
  EXPECT_EQ(reader.end().kind, TraceEndKind::kUnreadable);
}

TEST(TraceReader, FileOfAnotherKindIsNoTrace) {
  const std::string text = "SQLite format 3";
  TraceReader reader;
  EXPECT_FALSE(reader.open(text.data(), text.size()));
  EXPECT_EQ(reader.end().kind, TraceEndKind::kCorrupt);
  EXPECT_EQ(reader.end().message,
            "trace corrupt: this is no trace, it begins with other bytes, at "
            "byte 0; whole before it: 0 events");
}

TEST(TraceReader, OpenedAgainForgetsWhatItRead) {
  const Bytes whole = small_trace(random_events(5, 50));
  TraceReader reader;
  TraceEvent event;
  ASSERT_TRUE(reader.open(whole.data(), whole.size()));
  ASSERT_TRUE(reader.next(event));
  ASSERT_TRUE(reader.open(whole.data(), whole.size()));
  EXPECT_EQ(all_events(reader), random_events(5, 50));
  EXPECT_EQ(reader.end().kind, TraceEndKind::kComplete);
}

// A trace whose one group has this payload, and what it ends with.
Bytes trace_of(const Bytes& payload, std::uint32_t events) {
  const std::size_t start =
      detail::kTraceHeaderBytes + detail::kGroupHeaderBytes;
  const std::size_t end = start + payload.size();
  Bytes bytes(end + detail::kGroupHeaderBytes);
  detail::GroupHeader header;
  header.kind = detail::kEventGroup;
  header.payload_bytes = static_cast<std::uint32_t>(payload.size());
  header.events = events;
  header.put(&bytes[detail::kTraceHeaderBytes]);
  std::copy(payload.begin(), payload.end(), &bytes[start]);
  header.kind = detail::kEndGroup;
  header.payload_bytes = 0;
  header.events = 0;
  header.first_event = events;
  header.put(&bytes[end]);
  mend_trace(bytes);
  return bytes;
}

constexpr std::size_t kPayload =
    detail::kTraceHeaderBytes + detail::kGroupHeaderBytes;

// Thread 1, arena 1 of blocks of 1 byte, which is not partial.
const Bytes kMade = {0x0B, 1, 0x09, 1, 1, 0};

Bytes after_made(const Bytes& more) {
  Bytes payload = kMade;
  payload.insert(payload.end(), more.begin(), more.end());
  return payload;
}

struct Unsound {
  const char* why;
  Bytes payload;     // behind kMade
  std::size_t at;    // where in it
  const char* said;  // part of the message
};

const std::vector<Unsound>& unsound() {
  static const std::vector<Unsound> all = {
      {"no such record", {0x00}, 0, "no kind that there is"},
      {"reserved", {0xC0, 0}, 0, "no kind that there is"},
      {"cut off", {0x40}, 0, "cuts off"},
      {"extension cut off", {0x10, 5, 1}, 0, "cuts off"},
      {"0 bytes", {0x01, 0, 0}, 0, "0 bytes"},
      {"alignment", {0x01, 64, 1}, 0, "alignment of more than 64 bits"},
      {"number",
       {0x06, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2},
       0,
       "more than 64 bits"},
      {"long number",
       {0x06, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0},
       0,
       "more than 64 bits"},
      {"time",
       {0x0C, 1, 0x0C, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1},
       2,
       "time of more than 64 bits"},
      {"another arena", {0x0A, 2, 0x20}, 2, "was not made or has ended"},
      {"ended arena", {0x08, 0x20}, 1, "was not made or has ended"},
      {"arena made again", {0x09, 1, 1, 0}, 0, "number is not the next"},
      {"arena left out", {0x09, 3, 1, 0}, 0, "number is not the next"},
      {"blocks of 0 bytes", {0x09, 2, 0, 0}, 0, "blocks have 0 bytes"},
      {"flags", {0x09, 2, 1, 2}, 0, "flags"},
      {"thread 0", {0x0B, 0, 0x20}, 2, "thread whose number"},
      {"thread left out", {0x0B, 3, 0x20}, 2, "thread whose number"},
      {"scope", {0x05}, 0, "has not begun"},
      {"rewound scope", {0x04, 0}, 0, "has not begun"},
      {"scope ended twice", {0x03, 0x05, 0x05}, 2, "has not begun"},
      {"resized from 0", {0x02, 0, 1}, 0, "had or has 0 bytes"},
      {"resized to 0", {0x02, 1, 0}, 0, "had or has 0 bytes"}};
  return all;
}

TEST(TraceReader, RecordThatIsNotSoundIsNamedWithItsByte) {
  for (const Unsound& one : unsound()) {
    const Reading reading = read(trace_of(after_made(one.payload), 9));
    EXPECT_EQ(reading.end.kind, TraceEndKind::kCorrupt) << one.why;
    EXPECT_EQ(reading.end.offset, kPayload + kMade.size() + one.at) << one.why;
    EXPECT_NE(reading.end.message.find(one.said), std::string::npos)
        << one.why << ": " << reading.end.message;
    EXPECT_GE(reading.events.size(), 1U) << one.why;
  }
}

TEST(TraceReader, GroupWithAnotherNumberOfEventsIsCorrupt) {
  const Reading reading = read(trace_of(after_made({0x20}), 3));
  EXPECT_EQ(reading.end.kind, TraceEndKind::kCorrupt);
  EXPECT_EQ(reading.end.offset, detail::kTraceHeaderBytes);
  EXPECT_NE(reading.end.message.find("another number of events"),
            std::string::npos);
}

TEST(TraceReader, GroupLongerThanIsAllowedIsRefusedBeforeItIsRead) {
  Bytes bytes = trace_of(kMade, 1);
  detail::GroupHeader header;
  ASSERT_TRUE(header.get(&bytes[detail::kTraceHeaderBytes]));
  header.payload_bytes = (1U << 20U) + 1;
  header.put(&bytes[detail::kTraceHeaderBytes]);
  const Reading reading = read(bytes);
  EXPECT_EQ(reading.end.kind, TraceEndKind::kCorrupt);
  EXPECT_NE(reading.end.message.find("longer than is allowed"),
            std::string::npos);
}

// What a later minor version may add: records and groups of new kinds, and its
// own number in the header.
TEST(TraceReader, WhatALaterMinorVersionAddsIsLeftOut) {
  const Bytes payload = after_made({0x1F, 3, 0xFF, 0xFF, 0xFF, 0x21});
  Bytes bytes = trace_of(payload, 2);
  Bytes group(detail::kGroupHeaderBytes + 2);
  detail::GroupHeader header;
  header.kind = 0x58545845U;
  header.payload_bytes = 2;
  header.put(group.data());
  bytes.insert(bytes.begin() + detail::kTraceHeaderBytes, group.begin(),
               group.end());
  mend_trace(bytes);
  detail::put_little<std::uint16_t>(&bytes[10], 7);
  detail::put_little(&bytes[12], detail::crc32c(bytes.data(), 12));
  const Reading reading = read(bytes);
  EXPECT_EQ(reading.end.kind, TraceEndKind::kComplete) << reading.end.message;
  ASSERT_EQ(reading.events.size(), 2U);
  EXPECT_EQ(reading.events[1].bytes, 16U);
}

TEST(TraceReader, AnotherMajorVersionIsRefusedByItsNumber) {
  Bytes bytes = trace_of(kMade, 1);
  detail::put_little<std::uint16_t>(&bytes[8], 2);
  detail::put_little(&bytes[12], detail::crc32c(bytes.data(), 12));
  const Reading reading = read(bytes);
  EXPECT_EQ(reading.end.kind, TraceEndKind::kCorrupt);
  EXPECT_EQ(reading.end.message,
            "trace corrupt: its format has version 2, and this reader knows "
            "version 1, at byte 8; whole before it: 0 events");
}

TEST(Crc32c, IsThatOfTheStandard) {
  const std::string digits = "123456789";
  EXPECT_EQ(
      detail::crc32c(reinterpret_cast<const unsigned char*>(digits.data()), 9),
      0xE3069283U);
}

}  // namespace
}  // namespace bitcoinleveldb
