// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <cstdlib>
#include <memory_resource>
#include <vector>

#include "peers/peers.h"

namespace arenatest {

namespace {

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

}  // namespace

std::unique_ptr<bitcoinleveldb::ArenaFace> make_malloc() {
  return make_owned<MallocArena>();
}

std::unique_ptr<bitcoinleveldb::ArenaFace> make_pmr() {
  return make_owned<std::pmr::monotonic_buffer_resource>();
}

}  // namespace arenatest
