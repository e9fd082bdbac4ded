// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// rocksdb::Arena, whose header is not installed but whose members librocksdb
// exports. They are called by the names that the linker knows them by, with the
// object as the first argument, as on every system with the Itanium C++ ABI.

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_PEERS_ROCKSDB_ARENA_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_PEERS_ROCKSDB_ARENA_H_

#include <cstddef>

namespace arenatest {

void rocksdb_arena_construct(
    void* arena, std::size_t block_bytes, void* tracker,
    std::size_t
        huge_page_bytes) __asm__("_ZN7rocksdb5ArenaC1EmPNS_12AllocTrackerEm");
void rocksdb_arena_destroy(void* arena) __asm__("_ZN7rocksdb5ArenaD1Ev");
char* rocksdb_arena_allocate(void* arena, std::size_t bytes) __asm__(
    "_ZN7rocksdb5Arena8AllocateEm");
char* rocksdb_arena_allocate_aligned(
    void* arena, std::size_t bytes, std::size_t huge_page_bytes,
    void* logger) __asm__("_ZN7rocksdb5Arena15AllocateAlignedEmmPNS_6LoggerE");

class RocksDbArena {
 public:
  explicit RocksDbArena(std::size_t block_bytes) {
    rocksdb_arena_construct(object_, block_bytes, nullptr, 0);
  }
  ~RocksDbArena() { rocksdb_arena_destroy(object_); }
  RocksDbArena(const RocksDbArena&) = delete;
  RocksDbArena& operator=(const RocksDbArena&) = delete;

  char* allocate(std::size_t bytes) {
    return rocksdb_arena_allocate(object_, bytes);
  }
  char* allocate_aligned(std::size_t bytes) {
    return rocksdb_arena_allocate_aligned(object_, bytes, 0, nullptr);
  }

  // The object ends before this, as a test finds out. RocksDB 7.8 needs 2176
  // bytes, of which 2048 are a first block inside the object.
  static constexpr std::size_t kObjectBytes = 2304;

 private:
  alignas(std::max_align_t) unsigned char object_[kObjectBytes];
};

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_PEERS_ROCKSDB_ARENA_H_
