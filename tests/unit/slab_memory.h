// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TESTS_UNIT_SLAB_MEMORY_H_
#define BITCOINLEVELDB_TESTS_UNIT_SLAB_MEMORY_H_

#include <cstddef>
#include <new>

namespace bitcoinleveldb {

// What arenas ask of their sources. Where operator new aligns to less, with 32
// bits, it has to be told.
inline constexpr std::align_val_t kSlabAlignment{16};

inline void* take_slab_memory(std::size_t bytes) {
#ifdef __cpp_exceptions
  return ::operator new(bytes, kSlabAlignment);
#else
  return ::operator new(bytes, kSlabAlignment, std::nothrow);
#endif
}

inline void give_slab_memory(void* memory) {
  ::operator delete(memory, kSlabAlignment);
}

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_UNIT_SLAB_MEMORY_H_
