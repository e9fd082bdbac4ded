// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <boost/container/pmr/monotonic_buffer_resource.hpp>

#include "bodies.h"
#include "peers/resource_arena.h"

namespace bench {

Peer boost_peer() {
  return make_peer<arenatest::ResourceArena<
      boost::container::pmr::monotonic_buffer_resource>>(
      "boost", "boost::container::pmr::monotonic_buffer_resource");
}

}  // namespace bench
