// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_cursor.h"
#include "bitcoinleveldb/block_depot.h"
#include "bodies.h"

namespace bench {

namespace {

class CursorPeer {
 public:
  bitcoinleveldb::ArenaCursor hand() {
    return bitcoinleveldb::ArenaCursor(arena_);
  }

 private:
  bitcoinleveldb::Arena arena_;
};

// Holds what two memtables of the largest row need.
constexpr std::size_t kHeldBytesMax = std::size_t{160} << 20U;

bitcoinleveldb::BlockDepot& depot() {
  static bitcoinleveldb::BlockDepot instance(
      {.retained_bytes_max = kHeldBytesMax});
  return instance;
}

class DepotPeer {
 public:
  bitcoinleveldb::Arena& hand() { return arena_; }

  static void trim() { depot().trim(); }
  static double held_bytes() {
    return static_cast<double>(depot().stats().retained_bytes);
  }
  static double held_bytes_max() { return static_cast<double>(kHeldBytesMax); }

 private:
  static bitcoinleveldb::ArenaOptions options() {
    bitcoinleveldb::ArenaOptions options;
    options.block_source = &depot();
    return options;
  }

  bitcoinleveldb::Arena arena_{options()};
};

}  // namespace

Peer ours_peer() {
  return make_peer<bitcoinleveldb::Arena>("ours",
                                          "bitcoinleveldb::Arena by default");
}

Peer ours_cursor_peer() {
  return make_peer<CursorPeer>("ours-cursor", "bitcoinleveldb::ArenaCursor");
}

Peer ours_depot_peer() {
  return make_peer<DepotPeer>("ours-depot",
                              "bitcoinleveldb::Arena on a BlockDepot");
}

}  // namespace bench
