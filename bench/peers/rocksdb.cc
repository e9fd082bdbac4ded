// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bodies.h"
#include "peers/rocksdb_arena.h"

namespace bench {

namespace {

template <std::size_t kBlockBytes>
class RocksDbPeer {
 public:
  arenatest::RocksDbArena& hand() { return arena_; }

 private:
  arenatest::RocksDbArena arena_{kBlockBytes};
};

}  // namespace

Peer rocksdb_peer() {
  return make_peer<RocksDbPeer<4096>>("rocksdb",
                                      "rocksdb::Arena, blocks of 4 KiB");
}

// What RocksDB gives a memtable with a write buffer of 8 MiB or more.
Peer rocksdb_memtable_peer() {
  return make_peer<RocksDbPeer<std::size_t{1} << 20U>>(
      "rocksdb-memtable", "rocksdb::Arena, blocks of 1 MiB");
}

}  // namespace bench
