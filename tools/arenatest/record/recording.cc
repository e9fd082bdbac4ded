// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "record/recording.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string_view>

#include "bitcoinleveldb/trace.h"
#include "live/child_process.h"
#include "live/trace_variable.h"
#include "live_progress.h"

namespace arenatest {

namespace {

using bitcoinleveldb::ChildEnd;
using bitcoinleveldb::ChildProcess;

// Ctrl-C is for the program that is recorded: what it does then is recorded
// too. To be made after the program was started, which would inherit it.
class IgnoredInterrupt {
 public:
  IgnoredInterrupt() : before_(signal(SIGINT, SIG_IGN)) {}
  ~IgnoredInterrupt() { signal(SIGINT, before_); }
  IgnoredInterrupt(const IgnoredInterrupt&) = delete;
  IgnoredInterrupt& operator=(const IgnoredInterrupt&) = delete;

 private:
  sighandler_t before_;
};

void check_end(const std::string& program, const ChildEnd& end) {
  // A server is ended by Ctrl-C, or by whoever ends servers.
  if (end.signal == SIGINT || end.signal == SIGTERM) return;
  if (end.signal != 0) {
    throw std::runtime_error(program + " was ended by signal " +
                             std::to_string(end.signal) + " (" +
                             strsignal(end.signal) + ")");
  }
  if (end.exit_status != 0) {
    throw std::runtime_error(program + " ended with exit status " +
                             std::to_string(end.exit_status));
  }
}

double run_program(const std::vector<std::string>& program,
                   const std::string& trace) {
  const bitcoinleveldb::TraceVariable variable(trace);
  const auto start = std::chrono::steady_clock::now();
  ChildProcess child(program);
  const IgnoredInterrupt ignored;
  const ChildEnd end = child.wait([](std::string_view line) {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
  });
  const std::chrono::duration<double> seconds =
      std::chrono::steady_clock::now() - start;
  check_end(program.front(), end);
  return seconds.count();
}

double run_workload(const RecordPlan& plan, const std::string& trace) {
  LiveProgress progress;
  bitcoinleveldb::LiveProofOptions options = plan.live;
  options.progress = [&](const bitcoinleveldb::LiveProofProgress& now) {
    progress.show(now);
  };
  const std::string name = trace.empty() ? "without recording" : "recording";
  return bitcoinleveldb::run_live_arena(options, name, trace).write_seconds;
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) +
         static_cast<double>(time.tv_usec) * 1e-6;
}

// Of the programs that were waited for so far.
double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

void run_once(const RecordPlan& plan, const std::string& trace,
              Seconds& seconds) {
  const double before = processor_seconds();
  seconds.elapsed.push_back(plan.program.empty()
                                ? run_workload(plan, trace)
                                : run_program(plan.program, trace));
  seconds.of_processors.push_back(processor_seconds() - before);
}

// An empty trace takes the place of what is there, so that a program that does
// not record leaves none that looks like its own.
void make_empty_trace(const std::string& path) {
  bitcoinleveldb::TraceWriter writer;
  if (!writer.open(path) || !writer.close()) {
    throw std::invalid_argument(writer.error());
  }
}

}  // namespace

// By turns, and each first as often as the other, so that what changes in the
// machine meanwhile is not taken for the recording's.
RunTimes run_recorded(const RecordPlan& plan) {
  make_empty_trace(plan.output);
  const std::string trace = std::filesystem::absolute(plan.output);
  RunTimes times;
  if (plan.repetitions == 0) run_once(plan, trace, times.recorded);
  for (std::uint64_t i = 0; i != plan.repetitions; ++i) {
    const bool plain_first = i % 2 == 0;
    if (plain_first) run_once(plan, "", times.plain);
    run_once(plan, trace, times.recorded);
    if (!plain_first) run_once(plan, "", times.plain);
  }
  return times;
}

}  // namespace arenatest
