// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A user's first containers on an arena: those of std::pmr, and a vector with
// an allocator.

#include <bitcoinleveldb/arena.h>
#include <bitcoinleveldb/arena_allocator.h>
#include <bitcoinleveldb/arena_resource.h>

#include <cstdio>
#include <map>
#include <memory_resource>
#include <string>
#include <vector>

int main() {
  bitcoinleveldb::Arena arena;
  bitcoinleveldb::ArenaResource resource(arena);
  std::pmr::map<int, std::pmr::string> words(&resource);
  std::vector<int, bitcoinleveldb::ArenaAllocator<int>> lengths(arena);
  for (int i = 0; i < 1000; ++i) {
    words[i].assign(static_cast<std::size_t>(i % 100), 'x');
    lengths.push_back(i % 100);
  }
  for (int i = 0; i < 1000; ++i) {
    const auto n = static_cast<std::size_t>(i);
    if (words[i].size() != static_cast<std::size_t>(lengths[n])) {
      std::fprintf(stderr, "word %d has changed\n", i);
      return 1;
    }
  }
  if (arena.memory_usage() < 50'000) {
    std::fprintf(stderr, "the containers do not lie in the arena\n");
    return 1;
  }
  return 0;
}
