// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The source drop-in: takes the place of LevelDB's own util/arena.h when
// LevelDB, or Bitcoin Core's subtree of it, is compiled. Put the folder that
// holds `util` in front of LevelDB's include path and leave util/arena.cc out
// of the build; integrations/leveldb/README.md shows it in CMake.
//
// Needs C++17, neither exceptions nor RTTI. Thread safety is that of
// bitcoinleveldb::Arena. For other programs use <bitcoinleveldb/arena.h>.

// LevelDB's own guard, so that its header and this one never meet.
#ifndef STORAGE_LEVELDB_UTIL_ARENA_H_
#define STORAGE_LEVELDB_UTIL_ARENA_H_

// Not all of these are needed here: LevelDB's files get them from its arena.h.
#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/leveldb_exhausted.h"
#include "bitcoinleveldb/stream_logger.h"

namespace leveldb {

// Runs once, when the program starts: the level of the log is read from the
// environment, as with the link-time drop-in.
inline const bool kArenaLogIsAllowed = bitcoinleveldb::log_from_environment();

/// bitcoinleveldb::Arena under LevelDB's names. The process-wide default
/// options apply. When memory runs out the program says so and aborts, or
/// throws `std::bad_alloc` (<bitcoinleveldb/leveldb_exhausted.h>).
class Arena {
 public:
  Arena() noexcept = default;

  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// Returns `bytes` bytes at any address.
  /// COMPAT: as LevelDB's; 0 bytes are served as 1 (docs/parity.md, D2).
  char* Allocate(std::size_t bytes) { return Serve(bytes, 1); }

  /// Returns `bytes` bytes at a multiple of 8, or of a pointer's size if that
  /// is more.
  /// COMPAT: as LevelDB's; 0 bytes are served as 1 (docs/parity.md, D2).
  char* AllocateAligned(std::size_t bytes) {
    return Serve(bytes, bitcoinleveldb::Arena::kAlignment);
  }

  /// Returns the usage in bytes.
  /// THREAD SAFETY: may be called from any thread.
  /// COMPAT: identical to LevelDB's (docs/parity.md, P5, P6).
  std::size_t MemoryUsage() const { return arena_.memory_usage(); }

 private:
  // Through the insider, because a null from the try_ forms would have to be
  // told from a pointer by a second comparison in every allocation.
  char* Serve(std::size_t bytes, std::size_t alignment) {
    using Insider = bitcoinleveldb::detail::ArenaInsider;
    char* result;
    if (BITCOINLEVELDB_LIKELY(
            Insider::bump(arena_, bytes, alignment, &result))) {
      return result;
    }
    return ServeCold(bytes, alignment);
  }

  BITCOINLEVELDB_COLD char* ServeCold(std::size_t bytes,
                                      std::size_t alignment) {
    char* const result = arena_.try_allocate_aligned(bytes, alignment);
    if (result == nullptr) bitcoinleveldb::detail::leveldb_exhausted(bytes);
    return result;
  }

  bitcoinleveldb::Arena arena_;
};

static_assert(sizeof(Arena) == sizeof(bitcoinleveldb::Arena),
              "a MemTable with this arena is laid out as with LevelDB's");

}  // namespace leveldb

#endif  // STORAGE_LEVELDB_UTIL_ARENA_H_
