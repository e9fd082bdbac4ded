// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Runs the randomized test on our arena and on the standard's resource.

#include <bitcoinleveldb/arena.h>
#include <bitcoinleveldb/arena_test.h>

#include <iostream>
#include <memory_resource>

int main() {
  bitcoinleveldb::Arena arena;
  const auto ours = bitcoinleveldb::ArenaTest{}.run(arena);

  bitcoinleveldb::ArenaTestOptions options;
  options.seed = 42;
  std::pmr::monotonic_buffer_resource resource;
  const auto theirs = bitcoinleveldb::ArenaTest(options).run(resource);

  std::cout << ours.allocations << " allocations on our arena, "
            << ours.faults_total << " faults\n"
            << theirs.allocations << " on the standard's, "
            << theirs.faults_total << " faults\n";
  return ours.passed() && theirs.passed() ? 0 : 1;
}
