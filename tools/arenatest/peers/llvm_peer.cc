// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <llvm/Support/Allocator.h>

#include "peers/peers.h"

namespace arenatest {

namespace {

class LlvmArena {
 public:
  char* allocate(std::size_t bytes) {
    return static_cast<char*>(arena_.Allocate(bytes, llvm::Align(1)));
  }
  char* allocate_aligned(std::size_t bytes) {
    return static_cast<char*>(arena_.Allocate(bytes, llvm::Align(8)));
  }

 private:
  llvm::BumpPtrAllocator arena_;
};

}  // namespace

std::unique_ptr<bitcoinleveldb::ArenaFace> make_llvm() {
  return make_owned<LlvmArena>();
}

}  // namespace arenatest
