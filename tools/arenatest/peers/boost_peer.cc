// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <boost/container/pmr/monotonic_buffer_resource.hpp>

#include "peers/peers.h"
#include "peers/resource_arena.h"

namespace arenatest {

PeerCode boost_code() {
  return code_of<
      ResourceArena<boost::container::pmr::monotonic_buffer_resource>>();
}

}  // namespace arenatest
