// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Runs the randomized test out of the installed harness.

#include <bitcoinleveldb/arena.h>
#include <bitcoinleveldb/arena_test.h>

#include <cstdio>

int main() {
  bitcoinleveldb::Arena arena;
  const bitcoinleveldb::ArenaTestResult result =
      bitcoinleveldb::ArenaTest{}.run(arena);
  if (result.passed() && result.allocations == 100'000) return 0;
  std::fprintf(stderr, "%zu faults in %zu allocations\n", result.faults_total,
               result.allocations);
  return 1;
}
