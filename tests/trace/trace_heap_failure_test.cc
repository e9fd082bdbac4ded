// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Recording needs memory for each arena and each thread. Wherever it fails, the
// arenas go on, and the trace is either complete or said to have ended.

#include <gtest/gtest.h>

#ifdef __cpp_exceptions

#include <cstddef>
#include <string>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/trace_recorder.h"
#include "failing_heap.h"
#include "trace_files.h"

namespace bitcoinleveldb {
namespace {

// Makes arenas while the heap fails once; returns how many requests failed.
std::size_t use_arenas() {
  std::size_t failures = 0;
  for (int round = 0; round != 3; ++round) {
    Arena arenas[3];
    for (Arena& arena : arenas) {
      for (int i = 0; i != 3; ++i) {
        failures += arena.try_allocate(100) == nullptr ? 1U : 0U;
      }
    }
  }
  return failures;
}

TEST(TraceRecorder, WithoutMemoryEndsTheRecordingAndNotTheArenas) {
  std::size_t ended = 0;
  bool failed = true;
  for (std::size_t call = 1; failed; ++call) {
    const TemporaryPath path;
    TraceRecorder recorder;
    ASSERT_TRUE(recorder.start(path.str()));
    add_default_observer(recorder);
    testing::internal::CaptureStderr();
    FailingHeap::fail_at(call);
    const std::size_t failures = use_arenas();
    failed = FailingHeap::disarm();
    const std::string said = testing::internal::GetCapturedStderr();
    remove_default_observer(recorder);
    EXPECT_LE(failures, failed ? 1U : 0U) << "call " << call;
    const bool is_recording = recorder.is_recording();
    EXPECT_EQ(said.empty(), is_recording) << said;
    EXPECT_EQ(recorder.stop(), is_recording);
    TraceReader reader;
    ASSERT_TRUE(reader.open(path.str()));
    (void)all_events(reader);
    EXPECT_EQ(reader.end().kind,
              is_recording ? TraceEndKind::kComplete : TraceEndKind::kTruncated)
        << "call " << call << ": " << reader.end().message;
    if (is_recording) continue;
    ++ended;
    EXPECT_NE(said.find("no memory is left"), std::string::npos) << said;
  }
  EXPECT_GT(ended, 2U) << "the recorder's own memory never failed";
}

}  // namespace
}  // namespace bitcoinleveldb

#endif
