// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "peers/llvm_arena.h"
#include "peers/peers.h"

namespace arenatest {

PeerCode llvm_code() { return code_of<LlvmArena>(); }

}  // namespace arenatest
