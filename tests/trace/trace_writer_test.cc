// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "bitcoinleveldb/trace.h"
#include "expect_failure.h"
#include "trace_files.h"

namespace bitcoinleveldb {
namespace {

TraceEvent made(std::uint64_t arena, std::uint64_t thread = 1) {
  TraceEvent event;
  event.arena = arena;
  event.thread = thread;
  event.bytes = 4096;
  return event;
}

TraceEvent allocated(std::uint64_t arena, std::uint64_t bytes,
                     std::uint64_t alignment = 1) {
  TraceEvent event = made(arena);
  event.op = TraceOp::kAllocated;
  event.bytes = bytes;
  event.alignment = alignment;
  return event;
}

TEST(TraceWriter, EventThatIsNotSoundIsRefusedAndChangesNothing) {
  const TemporaryPath path;
  TraceWriter writer;
  ASSERT_TRUE(writer.open(path.str()));
  ASSERT_TRUE(writer.write(made(1)));
  EXPECT_FALSE(writer.write(made(3)));
  EXPECT_FALSE(writer.write(made(2, 3)));
  EXPECT_FALSE(writer.write(allocated(2, 1)));
  EXPECT_FALSE(writer.write(allocated(1, 0)));
  EXPECT_FALSE(writer.write(allocated(1, 1, 3)));
  EXPECT_FALSE(writer.write(allocated(1, 1, 0)));
  EXPECT_EQ(writer.error(), "the trace " + path.str() +
                                " cannot take event 1: an alignment that is "
                                "no power of two");
  ASSERT_TRUE(writer.write(allocated(1, 7)));
  ASSERT_TRUE(writer.close());
  EXPECT_EQ(events_in(path.str()),
            (std::vector<TraceEvent>{made(1), allocated(1, 7)}));
}

TEST(TraceWriter, EventWithoutATimeHasThatOfTheLastThatHasOne) {
  const TemporaryPath path;
  TraceWriter writer;
  ASSERT_TRUE(writer.open(path.str()));
  TraceEvent event = made(1);
  event.nanoseconds = 100;
  ASSERT_TRUE(writer.write(event));
  event = allocated(1, 1);
  ASSERT_TRUE(writer.write(event));
  event.nanoseconds = 50;  // earlier than the last
  ASSERT_TRUE(writer.write(event));
  ASSERT_TRUE(writer.flush());
  event.nanoseconds = 0;
  ASSERT_TRUE(writer.write(event));
  ASSERT_TRUE(writer.close());
  for (const TraceEvent& one : events_in(path.str())) {
    EXPECT_EQ(one.nanoseconds, 100U);
  }
}

TEST(TraceWriter, GroupIsWrittenWhenItIsFullOrOldEnough) {
  const TemporaryPath path;
  TraceWriter writer;
  TraceWriterOptions options;
  options.group_bytes = 100;
  options.group_nanoseconds = 1000;
  ASSERT_TRUE(writer.open(path.str(), options));
  const std::size_t header = path.bytes().size();
  TraceEvent event = made(1);
  event.nanoseconds = 5;
  ASSERT_TRUE(writer.write(event));
  event = allocated(1, 1);
  event.nanoseconds = 1004;
  ASSERT_TRUE(writer.write(event));
  EXPECT_EQ(path.bytes().size(), header);
  event.nanoseconds = 1005;
  ASSERT_TRUE(writer.write(event));
  const std::size_t first = path.bytes().size();
  EXPECT_GT(first, header);
  event.nanoseconds = 0;
  for (int i = 0; i != 100; ++i) ASSERT_TRUE(writer.write(event));
  EXPECT_GT(path.bytes().size(), first);
  ASSERT_TRUE(writer.close());
  EXPECT_EQ(events_in(path.str()).size(), 103U);
}

TEST(TraceWriter, WithoutAFileWritesNothing) {
  TraceWriter writer;
  EXPECT_FALSE(writer.write(made(1)));
  EXPECT_FALSE(writer.flush());
  EXPECT_FALSE(writer.close());
  EXPECT_EQ(writer.totals().events, 0U);
}

TEST(TraceWriter, OpenedAgainBeginsAnotherTrace) {
  const TemporaryPath first;
  const TemporaryPath second;
  TraceWriter writer;
  ASSERT_TRUE(writer.open(first.str()));
  ASSERT_TRUE(writer.write(made(1)));
  ASSERT_TRUE(writer.open(second.str()));
  ASSERT_TRUE(writer.write(made(1)));
  ASSERT_TRUE(writer.write(made(2)));
  ASSERT_TRUE(writer.close());
  EXPECT_EQ(events_in(first.str()).size(), 1U);
  EXPECT_EQ(events_in(second.str()).size(), 2U);
}

TEST(TraceWriter, GroupSizeThatIsNotAllowedIsRefused) {
  const TemporaryPath path;
  TraceWriter writer;
  for (const std::size_t bytes : {0U, 63U, 1'000'001U}) {
    TraceWriterOptions options;
    options.group_bytes = bytes;
    expect_invalid([&] { (void)writer.open(path.str(), options); },
                   "64 up to 1000000");
  }
}

TEST(TraceWriter, ThreadsMayWriteAtOnce) {
  const TemporaryPath path;
  constexpr std::uint64_t kThreads = 4;
  constexpr int kEvents = 5000;
  TraceWriter writer;
  TraceWriterOptions options;
  options.group_bytes = 256;
  ASSERT_TRUE(writer.open(path.str(), options));
  for (std::uint64_t i = 1; i <= kThreads; ++i) {
    ASSERT_TRUE(writer.write(made(i, i)));
  }
  std::vector<std::thread> threads;
  for (std::uint64_t i = 1; i <= kThreads; ++i) {
    threads.emplace_back([&writer, i] {
      for (int k = 0; k != kEvents; ++k) {
        if (!writer.write(allocated(i, i))) ADD_FAILURE() << writer.error();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_TRUE(writer.close());
  std::uint64_t sum = 0;
  for (const TraceEvent& event : events_in(path.str())) {
    if (event.op == TraceOp::kAllocated) sum += event.bytes;
  }
  EXPECT_EQ(sum, kEvents * (1U + 2U + 3U + 4U));
}

}  // namespace
}  // namespace bitcoinleveldb
