// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "bitcoinleveldb/log.h"
#include "interruption.h"

namespace bitcoinleveldb {

namespace {

std::string reason(int error) {
  return std::error_code(error, std::generic_category()).message();
}

int wait_for(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

// Lines of the log of another program are said again here, if a log is wanted.
void pass_on(std::string_view line) {
  if (log_level() == LogLevel::kOff ||
      !line.starts_with("bitcoinleveldb-arena: ")) {
    return;
  }
  const std::string whole = std::string(line) + '\n';
  std::fputs(whole.c_str(), stderr);
}

}  // namespace

ChildProcess::ChildProcess(std::vector<std::string> arguments) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);

  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("cannot make a pipe: " + reason(errno));
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  const int error =
      posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (error != 0) {
    close(ends[0]);
    throw std::runtime_error("cannot start " + arguments[0] + ": " +
                             reason(error));
  }
  stderr_ = ends[0];
}

ChildProcess::~ChildProcess() {
  close(stderr_);
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  wait_for(pid_);
}

bool ChildProcess::read_into(std::string& text) {
  std::array<char, 4096> bytes{};
  for (;;) {
    InterruptionWatch::check();
    // The time limit is for a signal that comes just before the call.
    pollfd ready{stderr_, POLLIN, 0};
    constexpr int kMilliseconds = 200;
    if (poll(&ready, 1, kMilliseconds) <= 0) continue;
    const ssize_t count = read(stderr_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.append(bytes.data(), static_cast<std::size_t>(count));
    return true;
  }
}

ChildEnd ChildProcess::wait(
    const std::function<void(std::string_view line)>& on_line) {
  const auto hear = [&on_line](std::string_view line) {
    pass_on(line);
    on_line(line);
  };
  std::string text;
  while (read_into(text)) {
    std::size_t start = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos;
         end = text.find('\n', start)) {
      hear(std::string_view(text).substr(start, end - start));
      start = end + 1;
    }
    text.erase(0, start);
  }
  if (!text.empty()) hear(text);
  const int status = wait_for(std::exchange(pid_, -1));
  if (WIFSIGNALED(status)) return {WTERMSIG(status), 0};
  return {0, WEXITSTATUS(status)};
}

}  // namespace bitcoinleveldb
