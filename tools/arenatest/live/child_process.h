// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Another program, run to its end, whose lines on stderr are read as they come.

#ifndef ARENATEST_LIVE_CHILD_PROCESS_H_
#define ARENATEST_LIVE_CHILD_PROCESS_H_

#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace bitcoinleveldb {

// How a program ended: by a signal, or with an exit status.
struct ChildEnd {
  int signal = 0;
  int exit_status = 0;
};

class ChildProcess {
 public:
  // Starts `arguments[0]`, a path or a name that is looked for as a shell does,
  // with all `arguments`. Throws std::runtime_error if that fails.
  explicit ChildProcess(std::vector<std::string> arguments);

  // Kills the program if it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Calls `on_line` for each line and returns when the program has ended; to be
  // called once. Throws Interrupted if a signal was noted meanwhile.
  ChildEnd wait(const std::function<void(std::string_view line)>& on_line);

 private:
  // Waits for bytes and appends them to `text`; false at the end.
  bool read_into(std::string& text);

  pid_t pid_ = -1;
  int stderr_ = -1;
};

}  // namespace bitcoinleveldb

#endif  // ARENATEST_LIVE_CHILD_PROCESS_H_
