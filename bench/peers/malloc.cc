// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bodies.h"
#include "peers/malloc_arena.h"

namespace bench {

Peer malloc_peer() {
  return make_peer<arenatest::MallocArena>("malloc",
                                           "malloc, a call for each request");
}

}  // namespace bench
