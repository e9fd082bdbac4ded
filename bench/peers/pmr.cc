// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <memory_resource>

#include "bodies.h"
#include "peers/resource_arena.h"

namespace bench {

Peer pmr_peer() {
  return make_peer<
      arenatest::ResourceArena<std::pmr::monotonic_buffer_resource>>(
      "pmr", "std::pmr::monotonic_buffer_resource");
}

}  // namespace bench
