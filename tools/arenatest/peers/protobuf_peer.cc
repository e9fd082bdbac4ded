// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "peers/peers.h"
#include "peers/protobuf_arena.h"

namespace arenatest {

PeerCode protobuf_code() { return code_of<ProtobufArena>(); }

}  // namespace arenatest
