// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <cstdio>
#include <cstdlib>
#include <string>

#include "bitcoinleveldb/trace_recorder.h"
#include "immortal.h"
#include "port/output_file.h"

namespace bitcoinleveldb {

namespace {

// Processes that inherit the variable would all record to one file.
std::string with_process_number(std::string path) {
  const std::string number = std::to_string(port::process_number());
  std::size_t at = 0;
  while ((at = path.find("%p", at)) != std::string::npos) {
    path.replace(at, 2, number);
    at += number.size();
  }
  return path;
}

// Never destroyed, because arenas may end after main does.
TraceRecorder& recorder() { return detail::immortal<TraceRecorder>(); }

}  // namespace

bool record_trace_from_environment() {
  const char* const value = std::getenv(kTraceVariable);
  if (value == nullptr) return false;
  if (recorder().is_recording()) return true;
  if (!recorder().start(with_process_number(value))) {
    std::fprintf(stderr,
                 "bitcoinleveldb-arena: %s: %s; allowed: the path of a file "
                 "that can be written\n",
                 kTraceVariable, recorder().error().c_str());
    return false;
  }
  add_default_observer(recorder());
  // At the second call, after a fork, it is registered already and does no harm
  // twice.
  return std::atexit([] { (void)recorder().stop(); }) == 0;
}

}  // namespace bitcoinleveldb
