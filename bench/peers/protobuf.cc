// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bodies.h"
#include "peers/protobuf_arena.h"

namespace bench {

Peer protobuf_peer() {
  return make_peer<arenatest::ProtobufArena>("protobuf",
                                             "google::protobuf::Arena");
}

}  // namespace bench
