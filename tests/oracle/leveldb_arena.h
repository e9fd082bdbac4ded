// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The oracle: a declaration of the real leveldb::Arena, whose out-of-line
// members the system's libleveldb.a defines. Its own headers are not installed,
// so its layout and the two members that compilers inline stand here.

#ifndef BITCOINLEVELDB_TESTS_ORACLE_LEVELDB_ARENA_H_
#define BITCOINLEVELDB_TESTS_ORACLE_LEVELDB_ARENA_H_

#include <atomic>
#include <cstddef>
#include <vector>

namespace leveldb {

class Arena {
 public:
  Arena();
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  char* Allocate(std::size_t bytes) {
    if (bytes > remaining) return AllocateFallback(bytes);
    remaining -= bytes;
    ptr += bytes;
    return ptr - bytes;
  }
  char* AllocateAligned(std::size_t bytes);
  std::size_t MemoryUsage() const {
    return usage.load(std::memory_order_relaxed);
  }

  // Open to the tests, which look at where a pointer lies.
  char* ptr;
  std::size_t remaining;
  std::vector<char*> blocks;
  std::atomic<std::size_t> usage;

  char* AllocateFallback(std::size_t bytes);
};

static_assert(sizeof(Arena) == (sizeof(void*) == 8 ? 48 : 24));

}  // namespace leveldb

#endif  // BITCOINLEVELDB_TESTS_ORACLE_LEVELDB_ARENA_H_
