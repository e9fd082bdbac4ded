// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bodies.h"
#include "oracle/leveldb_arena.h"

namespace bench {

namespace {

class LevelDbPeer {
 public:
  char* allocate(std::size_t bytes) { return arena_.Allocate(bytes); }
  char* allocate_aligned(std::size_t bytes) {
    return arena_.AllocateAligned(bytes);
  }

 private:
  leveldb::Arena arena_;
};

}  // namespace

Peer leveldb_peer() {
  return make_peer<LevelDbPeer>("leveldb",
                                "leveldb::Arena of the system's libleveldb.a");
}

// Beside itself, to show the noise.
Peer leveldb_again_peer() {
  Peer peer = leveldb_peer();
  peer.name = "leveldb-again";
  return peer;
}

}  // namespace bench
