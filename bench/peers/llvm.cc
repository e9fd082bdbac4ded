// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <llvm/Support/Allocator.h>

#include "bodies.h"

namespace bench {

namespace {

class LlvmPeer {
 public:
  LlvmPeer& hand() { return *this; }
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

Peer llvm_peer() {
  return make_peer<LlvmPeer>("llvm", "llvm::BumpPtrAllocator");
}

}  // namespace bench
