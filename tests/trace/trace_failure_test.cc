// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What happens to the file or to other threads does no harm to the arenas, and
// what is in the file is usable.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/trace_recorder.h"
#include "trace_files.h"

namespace bitcoinleveldb {
namespace {

TEST(TraceRecorder, PathThatCannotBeMadeIsSaid) {
  TraceRecorder recorder;
  EXPECT_FALSE(recorder.start("/no_such_folder/x.trace"));
  EXPECT_FALSE(recorder.is_recording());
  EXPECT_EQ(recorder.error(),
            "cannot make the trace /no_such_folder/x.trace: No such file or "
            "directory");
}

TEST(TraceRecorder, FileOfAnotherRecordingIsNotOverwritten) {
  const TemporaryPath path;
  TraceRecorder first;
  TraceRecorder second;
  ASSERT_TRUE(first.start(path.str()));
  EXPECT_FALSE(second.start(path.str()));
  EXPECT_NE(second.error().find("another trace is being recorded"),
            std::string::npos);
  ASSERT_TRUE(first.stop());
  EXPECT_TRUE(events_in(path.str()).empty());
  EXPECT_TRUE(second.start(path.str())) << second.error();
}

// Every arena's sizes count up, whichever thread has it.
TEST(TraceRecorder, ArenaThatGoesFromThreadToThreadKeepsItsOrder) {
  const TemporaryPath path;
  constexpr std::size_t kArenas = 3;
  constexpr std::uint64_t kRounds = 30;
  constexpr std::uint64_t kAllocations = 300;
  TraceRecorder recorder;
  ASSERT_TRUE(recorder.start(path.str()));
  add_default_observer(recorder);
  {
    Arena arenas[kArenas];
    std::uint64_t sizes[kArenas] = {};
    for (std::uint64_t round = 0; round != kRounds; ++round) {
      std::vector<std::thread> threads;
      for (std::size_t i = 0; i != kArenas; ++i) {
        threads.emplace_back([&arena = arenas[i], &size = sizes[i]] {
          for (std::uint64_t k = 0; k != kAllocations; ++k) {
            (void)arena.allocate(++size);
          }
        });
      }
      for (std::thread& thread : threads) thread.join();
    }
  }
  remove_default_observer(recorder);
  ASSERT_TRUE(recorder.stop());
  std::map<std::uint64_t, std::uint64_t> sizes;
  std::uint64_t threads = 0;
  for (const TraceEvent& event : events_in(path.str())) {
    threads = std::max(threads, event.thread);
    if (event.op != TraceOp::kAllocated) continue;
    ASSERT_EQ(event.bytes, ++sizes[event.arena]) << "arena " << event.arena;
  }
  EXPECT_EQ(sizes.size(), kArenas);
  for (const auto& [arena, size] : sizes) {
    EXPECT_EQ(size, kRounds * kAllocations) << "arena " << arena;
  }
  EXPECT_GE(threads, kArenas * kRounds);
}

// Threads make and drop arenas while recording begins and ends.
TEST(TraceRecorder, StartedAndStoppedWhileThreadsMakeArenasIsAlwaysComplete) {
  TraceRecorder recorder;
  add_default_observer(recorder);
  std::atomic<bool> ending{false};
  std::vector<std::thread> threads;
  for (int i = 0; i != 2; ++i) {
    threads.emplace_back([&ending] {
      while (!ending) {
        Arena arena;
        for (std::size_t k = 1; k != 50; ++k) (void)arena.allocate(k);
      }
    });
  }
  for (int i = 0; i != 20; ++i) {
    const TemporaryPath path;
    ASSERT_TRUE(recorder.start(path.str())) << recorder.error();
    for (int k = 0; k != 20; ++k) std::this_thread::yield();
    ASSERT_TRUE(recorder.stop()) << recorder.error();
    (void)events_in(path.str());
  }
  ending = true;
  for (std::thread& thread : threads) thread.join();
  remove_default_observer(recorder);
}

}  // namespace
}  // namespace bitcoinleveldb
