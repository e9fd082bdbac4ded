// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What happens to the process, or to the device that is recorded to, does no
// harm to the arenas, and what is in the file is usable.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/trace_recorder.h"
#include "sanitizers.h"
#include "trace_files.h"

namespace bitcoinleveldb {
namespace {

// Runs `body` in the child of a fork, which it must not leave otherwise than
// by a signal, and returns how the child ended.
template <class Body>
int status_of_child(Body body) {
  const pid_t child = fork();
  if (child == 0) {
    body();
    _exit(0);
  }
  int status = -1;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return status;
}

void expect_sizes(const std::vector<TraceEvent>& events, std::uint64_t least,
                  std::uint64_t most) {
  std::uint64_t expected = 1;
  for (const TraceEvent& event : events) {
    if (event.op != TraceOp::kAllocated) continue;
    ASSERT_EQ(event.bytes, expected++);
  }
  EXPECT_GE(expected - 1, least);
  EXPECT_LE(expected - 1, most);
}

TEST(TraceRecorder, KilledProcessLosesAtMostItsLastGroup) {
  const TemporaryPath path;
  constexpr std::uint64_t kAllocations = 10'000;
  TraceWriterOptions options;
  options.group_bytes = 1024;
  const int status = status_of_child([&] {
    TraceRecorder recorder;
    if (!recorder.start(path.str(), options)) _exit(1);
    Arena arena;
    attach_observer(arena, recorder);
    for (std::uint64_t i = 1; i <= kAllocations; ++i) (void)arena.allocate(i);
    kill(getpid(), SIGKILL);
  });
  ASSERT_TRUE(WIFSIGNALED(status));
  TraceReader reader;
  ASSERT_TRUE(reader.open(path.str()));
  const std::vector<TraceEvent> events = all_events(reader);
  EXPECT_EQ(reader.end().kind, TraceEndKind::kTruncated);
  EXPECT_EQ(reader.end().offset, path.bytes().size());
  EXPECT_NE(reader.end().message.find("mark that the recording was ended"),
            std::string::npos)
      << reader.end().message;
  // No record has less than a byte.
  expect_sizes(events, kAllocations - options.group_bytes, kAllocations);
}

TEST(TraceRecorder, FlushedIsThereWhenTheProcessIsKilled) {
  const TemporaryPath path;
  (void)status_of_child([&] {
    TraceRecorder recorder;
    if (!recorder.start(path.str())) _exit(1);
    Arena arena;
    attach_observer(arena, recorder);
    for (std::uint64_t i = 1; i <= 100; ++i) (void)arena.allocate(i);
    if (!recorder.flush()) _exit(1);
    (void)arena.allocate(101);
    kill(getpid(), SIGKILL);
  });
  TraceReader reader;
  ASSERT_TRUE(reader.open(path.str()));
  expect_sizes(all_events(reader), 100, 100);
}

// The child goes on with the arenas and ends as any program does; only the
// parent's events are in the file, and all of them.
TEST(TraceRecorder, ChildOfAForkDoesNotRecord) {
  const TemporaryPath path;
  TraceRecorder recorder;
  ASSERT_TRUE(recorder.start(path.str()));
  Arena arena;
  attach_observer(arena, recorder);
  (void)arena.allocate(1);
  const int status = status_of_child([&] {
    for (int i = 0; i != 100'000; ++i) (void)arena.allocate(50);
    Arena other;
    attach_observer(other, recorder);
    (void)other.allocate(1);
    detach_observer(other, recorder);
    const bool silent = !recorder.is_recording() && !recorder.flush() &&
                        !recorder.stop() && recorder.totals().events == 0;
    if (!silent) _exit(1);
  });
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  EXPECT_TRUE(recorder.is_recording());
  (void)arena.allocate(2);
  (void)arena.allocate(3);
  ASSERT_TRUE(recorder.stop());
  detach_observer(arena, recorder);
  expect_sizes(events_in(path.str()), 3, 3);
}

TEST(TraceRecorder, ChildOfAForkMayRecordToAFileOfItsOwn) {
  const TemporaryPath path;
  const TemporaryPath path_of_child;
  TraceRecorder recorder;
  ASSERT_TRUE(recorder.start(path.str()));
  const int status = status_of_child([&] {
    if (recorder.start(path.str())) _exit(1);  // the parent's
    if (!recorder.start(path_of_child.str())) _exit(2);
    Arena arena;
    attach_observer(arena, recorder);
    for (std::size_t i = 1; i <= 5; ++i) (void)arena.allocate(i);
    detach_observer(arena, recorder);
    if (!recorder.stop()) _exit(3);
  });
  EXPECT_EQ(status, 0);
  ASSERT_TRUE(recorder.stop());
  EXPECT_TRUE(events_in(path.str()).empty());
  expect_sizes(events_in(path_of_child.str()), 5, 5);
}

TEST(TraceWriter, ChildOfAForkWritesNothingToWhatItsParentHasOpened) {
  const TemporaryPath path;
  TraceWriter writer;
  ASSERT_TRUE(writer.open(path.str()));
  TraceEvent event;
  event.arena = 1;
  event.thread = 1;
  event.bytes = 4096;
  ASSERT_TRUE(writer.write(event));
  event.op = TraceOp::kAllocated;
  EXPECT_EQ(status_of_child([&] {
              const bool silent =
                  !writer.write(event) && !writer.flush() && !writer.close() &&
                  writer.totals().events == 0 && !writer.error().empty();
              if (!silent) _exit(1);
            }),
            0);
  ASSERT_TRUE(writer.write(event));
  ASSERT_TRUE(writer.close());
  EXPECT_EQ(events_in(path.str()).size(), 2U);
}

// Threads write while the process forks again and again: a lock that one of
// them holds in that moment must not stop a child.
TEST(TraceRecorder, ForksWhileThreadsRecordEndWell) {
  const TemporaryPath path;
  TraceRecorder recorder;
  ASSERT_TRUE(recorder.start(path.str()));
  std::atomic<bool> ending{false};
  std::thread other([&] {
    Arena arena;
    attach_observer(arena, recorder);
    while (!ending) (void)arena.allocate(1);
    detach_observer(arena, recorder);
  });
  for (int i = 0; i != 50; ++i) {
    EXPECT_EQ(status_of_child([&] {
                Arena arena;
                attach_observer(arena, recorder);
                (void)arena.allocate(1);
                detach_observer(arena, recorder);
                (void)recorder.stop();
              }),
              0);
  }
  ending = true;
  other.join();
  ASSERT_TRUE(recorder.stop());
  (void)events_in(path.str());
}

// The device takes no byte, as a disk that is full.
TEST(TraceRecorder, FullDiskEndsTheRecordingWithOneLineAndNotTheArenas) {
  if (access("/dev/full", W_OK) != 0) GTEST_SKIP() << "no /dev/full here";
  TraceRecorder recorder;
  EXPECT_FALSE(recorder.start("/dev/full"));
  EXPECT_EQ(recorder.error(),
            "cannot write the trace /dev/full: No space left on device");
}

// A pipe whose other end is closed after the header was taken.
TEST(TraceRecorder, FailedWriteEndsTheRecordingWithOneLineAndNotTheArenas) {
  const Unchecked unchecked;
  ASSERT_NE(signal(SIGPIPE, SIG_IGN), SIG_ERR);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const std::string path = "/dev/fd/" + std::to_string(ends[1]);
  TraceRecorder recorder;
  Arena arena;
  ASSERT_TRUE(recorder.start(path)) << recorder.error();
  attach_observer(arena, recorder);
  close(ends[0]);
  testing::internal::CaptureStderr();
  for (int i = 0; i != 100'000; ++i) {
    ASSERT_NE(arena.try_allocate(100), nullptr);
  }
  EXPECT_EQ(
      testing::internal::GetCapturedStderr(),
      "bitcoinleveldb-arena: recording has ended: cannot write the trace " +
          path + " at byte 16: Broken pipe\n");
  EXPECT_FALSE(recorder.is_recording());
  EXPECT_FALSE(recorder.stop());
  EXPECT_GT(detail::ArenaInsider::granted(arena), 0U) << "it is still observed";
  detach_observer(arena, recorder);
  close(ends[1]);
}

}  // namespace
}  // namespace bitcoinleveldb
