// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// An arena on a monotonic_buffer_resource, the standard library's or Boost's.

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_PEERS_RESOURCE_ARENA_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_PEERS_RESOURCE_ARENA_H_

#include <cstddef>

namespace arenatest {

template <class Resource>
class ResourceArena {
 public:
  char* allocate(std::size_t bytes) {
    return static_cast<char*>(resource_.allocate(bytes, 1));
  }
  char* allocate_aligned(std::size_t bytes) {
    return static_cast<char*>(resource_.allocate(bytes, 8));
  }
  char* allocate_aligned(std::size_t bytes, std::size_t alignment) {
    return static_cast<char*>(resource_.allocate(bytes, alignment));
  }
  void reset() { resource_.release(); }

 private:
  Resource resource_;
};

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_PEERS_RESOURCE_ARENA_H_
