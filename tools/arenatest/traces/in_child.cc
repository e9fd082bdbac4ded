// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "traces/in_child.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <new>
#include <stdexcept>

namespace arenatest {

namespace {

constexpr char kValue = 'v';
constexpr char kThrown = 't';

void write_all(int to, const std::string& text) {
  for (std::size_t done = 0; done != text.size();) {
    const ssize_t count = write(to, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) _exit(1);
    done += static_cast<std::size_t>(count);
  }
}

std::string read_all(int from) {
  std::string text;
  std::array<char, 4096> bytes{};
  for (;;) {
    const ssize_t count = read(from, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return text;
    text.append(bytes.data(), static_cast<std::size_t>(count));
  }
}

[[noreturn]] void be_child(int to, const std::function<std::string()>& work) {
  std::string answer;
  try {
    answer = kValue + work();
  } catch (const std::bad_alloc&) {
    answer = kThrown + std::string("memory ran out");
  } catch (const std::exception& error) {
    answer = kThrown + std::string(error.what());
  }
  write_all(to, answer);
  _exit(0);
}

}  // namespace

std::string bytes_of_child(const std::function<std::string()>& work) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw std::runtime_error("cannot make a pipe");
  std::fflush(nullptr);
  const pid_t pid = fork();
  if (pid == 0) {
    close(ends[0]);
    be_child(ends[1], work);
  }
  close(ends[1]);
  std::string answer;
  if (pid > 0) answer = read_all(ends[0]);
  close(ends[0]);
  if (pid < 0) throw std::runtime_error("cannot fork");
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (status != 0 || answer.empty()) {
    throw std::runtime_error(
        WIFSIGNALED(status)
            ? "it was ended by signal " + std::to_string(WTERMSIG(status))
            : "it ended with status " + std::to_string(WEXITSTATUS(status)));
  }
  if (answer[0] == kThrown) throw std::runtime_error(answer.substr(1));
  return answer.substr(1);
}

}  // namespace arenatest
