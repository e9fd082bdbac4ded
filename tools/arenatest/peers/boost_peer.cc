// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <boost/container/pmr/monotonic_buffer_resource.hpp>

#include "peers/peers.h"

namespace arenatest {

namespace {

class BoostArena {
 public:
  char* allocate(std::size_t bytes) {
    return static_cast<char*>(resource_.allocate(bytes, 1));
  }
  char* allocate_aligned(std::size_t bytes) {
    return static_cast<char*>(resource_.allocate(bytes, 8));
  }

 private:
  boost::container::pmr::monotonic_buffer_resource resource_;
};

}  // namespace

std::unique_ptr<bitcoinleveldb::ArenaFace> make_boost() {
  return make_owned<BoostArena>();
}

}  // namespace arenatest
