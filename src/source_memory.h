// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_SOURCE_MEMORY_H_
#define BITCOINLEVELDB_SRC_SOURCE_MEMORY_H_

#include <cstddef>
#include <memory_resource>

#include "bitcoinleveldb/detail/attributes.h"
#include "bitcoinleveldb/detail/failure.h"

namespace bitcoinleveldb::detail {

// Returns what `source` returns, null included. The standard library promises
// its compilers that no source returns null or misaligned memory, and they drop
// checks of what is promised. Ours returns null where exceptions are off, and
// anyone's may be wrong, so the promise is forgotten.
inline void* take_from(std::pmr::memory_resource& source, std::size_t bytes,
                       std::size_t alignment) {
  void* memory = source.allocate(bytes, alignment);
  BITCOINLEVELDB_FORGET(memory);
  return memory;
}

// What a source of this library does when it has nothing: throws
// std::bad_alloc, or returns null where exceptions are off.
inline void* no_memory([[maybe_unused]] std::size_t bytes) {
#ifdef __cpp_exceptions
  fail_exhausted(bytes);
#else
  return nullptr;
#endif
}

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_SOURCE_MEMORY_H_
