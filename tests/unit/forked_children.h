// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TESTS_UNIT_FORKED_CHILDREN_H_
#define BITCOINLEVELDB_TESTS_UNIT_FORKED_CHILDREN_H_

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bitcoinleveldb {

// Forks again and again, runs `work` in each child, and returns how many of
// `children` in a row came to its end, having found true.
template <class Work>
int count_children_that_finish(Work work, int children = 300) {
  for (int finished = 0; finished != children; ++finished) {
    const pid_t child = fork();
    if (child == 0) {
      alarm(5);  // a child that is locked out ends by it
      _exit(work() ? 0 : 1);
    }
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return finished;
  }
  return children;
}

// Leaves a child process with this status if a condition does not hold.
inline void check(bool condition, int status) {
  if (!condition) _exit(status);
}

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_UNIT_FORKED_CHILDREN_H_
