// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bodies.h"
#include "peers/llvm_arena.h"

namespace bench {

Peer llvm_peer() {
  return make_peer<arenatest::LlvmArena>("llvm", "llvm::BumpPtrAllocator");
}

}  // namespace bench
