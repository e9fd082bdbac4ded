// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "peers/peers.h"
#include "peers/rocksdb_arena.h"

namespace arenatest {

namespace {

class SmallBlocksArena : public RocksDbArena {
 public:
  SmallBlocksArena() : RocksDbArena(4096) {}
};

}  // namespace

PeerCode rocksdb_code() { return code_of<SmallBlocksArena>(); }

}  // namespace arenatest
