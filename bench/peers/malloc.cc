// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <cstdlib>
#include <vector>

#include "bodies.h"

namespace bench {

namespace {

// Each request is a call, and so is its end: that is what doing without an
// arena costs.
class MallocPeer {
 public:
  MallocPeer() = default;
  MallocPeer(const MallocPeer&) = delete;
  MallocPeer& operator=(const MallocPeer&) = delete;
  ~MallocPeer() {
    for (void* const ptr : owned_) std::free(ptr);
  }

  MallocPeer& hand() { return *this; }
  char* allocate(std::size_t bytes) {
    owned_.push_back(std::malloc(bytes));
    return static_cast<char*>(owned_.back());
  }
  char* allocate_aligned(std::size_t bytes) { return allocate(bytes); }

 private:
  std::vector<void*> owned_;
};

}  // namespace

Peer malloc_peer() {
  return make_peer<MallocPeer>("malloc", "malloc, a call for each request");
}

}  // namespace bench
