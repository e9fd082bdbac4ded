// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The link-time drop-in: defines the out-of-line members of leveldb::Arena, so
// that the linker takes them instead of those in libleveldb.a. What LevelDB's
// own objects have inlined, Allocate and MemoryUsage, works on the bump state
// and the usage where Arena's layout has them.

#include <atomic>
#include <cstddef>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/leveldb_dropin.h"
#include "bitcoinleveldb/leveldb_exhausted.h"

namespace bitcoinleveldb {

namespace {

std::atomic<std::size_t> g_arenas{0};

char* or_exhausted(char* ptr, std::size_t bytes) {
  if (ptr == nullptr) detail::leveldb_exhausted(bytes);
  return ptr;
}

}  // namespace

// Relaxed: the count stands for itself.
std::size_t leveldb_dropin_arenas() noexcept {
  return g_arenas.load(std::memory_order_relaxed);
}

}  // namespace bitcoinleveldb

namespace leveldb {

// The class as LevelDB's objects know it: these names, and 48 bytes.
class BITCOINLEVELDB_EXPORT Arena {
 public:
  Arena();
  ~Arena();
  char* AllocateAligned(std::size_t bytes);

 private:
  char* AllocateFallback(std::size_t bytes);
  char* AllocateNewBlock(std::size_t block_bytes);

  bitcoinleveldb::Arena arena_;
};

static_assert(sizeof(Arena) == sizeof(bitcoinleveldb::Arena));

Arena::Arena() {
  bitcoinleveldb::g_arenas.fetch_add(1, std::memory_order_relaxed);
}

Arena::~Arena() = default;

char* Arena::AllocateAligned(std::size_t bytes) {
  return bitcoinleveldb::or_exhausted(arena_.try_allocate_aligned(bytes),
                                      bytes);
}

// Called by the inlined Allocate when the remaining count does not suffice.
char* Arena::AllocateFallback(std::size_t bytes) {
  return bitcoinleveldb::or_exhausted(arena_.try_allocate(bytes), bytes);
}

// LevelDB calls this from the member above only. It is defined so that nothing
// can draw LevelDB's own arena into the program for its sake.
char* Arena::AllocateNewBlock(std::size_t block_bytes) {
  return AllocateFallback(block_bytes);
}

}  // namespace leveldb
