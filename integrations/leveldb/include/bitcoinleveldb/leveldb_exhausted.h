// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What the LevelDB drop-ins do when memory runs out. LevelDB is built without
// exception tables and allocates while it holds its lock, so an exception
// would end the program without a word, or leave the lock taken; by default
// the program says what happened and aborts. Whoever has built a LevelDB that
// can take an exception sets the environment variable
// BITCOINLEVELDB_ARENA_DROPIN_THROW to 1 and gets std::bad_alloc.

#ifndef BITCOINLEVELDB_LEVELDB_EXHAUSTED_H_
#define BITCOINLEVELDB_LEVELDB_EXHAUSTED_H_

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "bitcoinleveldb/detail/attributes.h"
#include "bitcoinleveldb/detail/failure.h"

namespace bitcoinleveldb::detail {

/// Ends a request of LevelDB's for `bytes` bytes that cannot be met.
[[noreturn]] BITCOINLEVELDB_COLD inline void leveldb_exhausted(
    std::size_t bytes) {
  const char* const choice = std::getenv("BITCOINLEVELDB_ARENA_DROPIN_THROW");
  if (choice != nullptr && std::strcmp(choice, "1") == 0) {
    fail_exhausted(bytes);
  }
  std::fprintf(stderr,
               "bitcoinleveldb-arena: out of memory for %zu bytes of a LevelDB "
               "memtable; aborting, because LevelDB cannot go on\n",
               bytes);
  std::abort();
}

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_LEVELDB_EXHAUSTED_H_
