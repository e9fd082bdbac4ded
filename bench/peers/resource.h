// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// A peer on a monotonic_buffer_resource, the standard library's or Boost's.

#ifndef BITCOINLEVELDB_BENCH_PEERS_RESOURCE_H_
#define BITCOINLEVELDB_BENCH_PEERS_RESOURCE_H_

#include <cstddef>

namespace bench {

template <class Resource>
class ResourcePeer {
 public:
  ResourcePeer& hand() { return *this; }
  char* allocate(std::size_t bytes) {
    return static_cast<char*>(resource_.allocate(bytes, 1));
  }
  char* allocate_aligned(std::size_t bytes) {
    return static_cast<char*>(resource_.allocate(bytes, 8));
  }

 private:
  Resource resource_;
};

}  // namespace bench

#endif  // BITCOINLEVELDB_BENCH_PEERS_RESOURCE_H_
