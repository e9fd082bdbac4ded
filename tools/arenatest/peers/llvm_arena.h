// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_PEERS_LLVM_ARENA_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_PEERS_LLVM_ARENA_H_

#include <llvm/Support/Allocator.h>

#include <cstddef>

namespace arenatest {

class LlvmArena {
 public:
  char* allocate(std::size_t bytes) {
    return static_cast<char*>(arena_.Allocate(bytes, llvm::Align(1)));
  }
  char* allocate_aligned(std::size_t bytes) {
    return static_cast<char*>(arena_.Allocate(bytes, llvm::Align(8)));
  }
  char* allocate_aligned(std::size_t bytes, std::size_t alignment) {
    return static_cast<char*>(arena_.Allocate(bytes, llvm::Align(alignment)));
  }
  void reset() { arena_.Reset(); }

 private:
  llvm::BumpPtrAllocator arena_;
};

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_PEERS_LLVM_ARENA_H_
