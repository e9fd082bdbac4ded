// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <memory_resource>

#include "bitcoinleveldb/arena.h"
#include "oracle/leveldb_arena.h"
#include "peers/malloc_arena.h"
#include "peers/peers.h"
#include "peers/resource_arena.h"

namespace arenatest {

PeerCode our_code() { return code_of<bitcoinleveldb::Arena>(); }

PeerCode leveldb_code() { return code_of<leveldb::Arena>(); }

PeerCode pmr_code() {
  return code_of<ResourceArena<std::pmr::monotonic_buffer_resource>>();
}

PeerCode malloc_code() { return code_of<MallocArena>(); }

}  // namespace arenatest
