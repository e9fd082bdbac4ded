// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_PEERS_MALLOC_ARENA_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_PEERS_MALLOC_ARENA_H_

#include <cstddef>
#include <cstdlib>
#include <vector>

namespace arenatest {

// Each request is a call, and so is its end: that is what doing without an
// arena costs.
class MallocArena {
 public:
  MallocArena() = default;
  MallocArena(const MallocArena&) = delete;
  MallocArena& operator=(const MallocArena&) = delete;
  ~MallocArena() {
    for (void* const ptr : owned_) std::free(ptr);
  }

  char* allocate(std::size_t bytes) {
    owned_.push_back(std::malloc(bytes));
    return static_cast<char*>(owned_.back());
  }
  // What malloc returns is aligned for every fundamental type.
  char* allocate_aligned(std::size_t bytes) { return allocate(bytes); }

 private:
  std::vector<void*> owned_;
};

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_PEERS_MALLOC_ARENA_H_
