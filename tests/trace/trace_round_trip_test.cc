// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What is written is read back as it was.

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "bitcoinleveldb/trace.h"
#include "random_events.h"
#include "trace_files.h"

namespace bitcoinleveldb {
namespace {

TEST(Trace, RandomEventsAreReadAsTheyWereWritten) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const TemporaryPath path;
    const std::vector<TraceEvent> events = random_events(seed, 5000);
    write_all(events, path.str());
    ASSERT_EQ(events_in(path.str()), events) << "seed " << seed;
  }
}

TEST(Trace, GroupsOfAnySizeHoldTheSameEvents) {
  const std::vector<TraceEvent> events = random_events(301, 5000);
  for (const std::size_t bytes : {64U, 100U, 4096U, 1'000'000U}) {
    const TemporaryPath path;
    TraceWriterOptions options;
    options.group_bytes = bytes;
    write_all(events, path.str(), options);
    EXPECT_EQ(events_in(path.str()), events) << bytes;
  }
}

TEST(Trace, IsReadFromMemoryAsFromAFile) {
  const TemporaryPath path;
  write_all(random_events(7, 3000), path.str());
  const std::string bytes = path.bytes();
  TraceReader reader;
  ASSERT_TRUE(reader.open(bytes.data(), bytes.size()));
  EXPECT_EQ(all_events(reader), events_in(path.str()));
  EXPECT_EQ(reader.end().kind, TraceEndKind::kComplete);
  EXPECT_EQ(reader.end().offset, bytes.size());
}

TEST(Trace, WithoutEventsIsComplete) {
  const TemporaryPath path;
  write_all({}, path.str());
  EXPECT_TRUE(events_in(path.str()).empty());
}

// An entry and a node by turns, as LevelDB's memtable asks for them.
TEST(Trace, OfAMemtableTakesLessThanTwoBytesAnAllocation) {
  const TemporaryPath path;
  TraceWriter writer;
  ASSERT_TRUE(writer.open(path.str()));
  TraceEvent event;
  event.arena = 1;
  event.thread = 1;
  event.bytes = 4096;
  ASSERT_TRUE(writer.write(event));
  event.op = TraceOp::kAllocated;
  for (std::uint64_t i = 0; i != 10'000; ++i) {
    event.alignment = 1;
    event.bytes = 20 + i % 2000;
    ASSERT_TRUE(writer.write(event));
    event.alignment = 8;
    event.bytes = 16 + 8 * (i % 12);
    ASSERT_TRUE(writer.write(event));
  }
  ASSERT_TRUE(writer.close());
  const TraceTotals totals = writer.totals();
  EXPECT_EQ(totals.allocations, 20'000U);
  EXPECT_EQ(totals.bytes, path.bytes().size());
  EXPECT_LT(totals.bytes, 2 * totals.allocations);
}

}  // namespace
}  // namespace bitcoinleveldb
