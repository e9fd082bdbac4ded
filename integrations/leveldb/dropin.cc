// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The link-time drop-in: defines the out-of-line members of leveldb::Arena, so
// that the linker takes them instead of those in libleveldb.a. What LevelDB's
// own objects have inlined, Allocate and MemoryUsage, works on the bump state
// and the usage where Arena's layout has them.
//
// libleveldb.so hides its arena, which therefore cannot be replaced. A program
// that was linked with it by mistake is told so when it starts.

#include <atomic>
#include <cstddef>
#include <cstdio>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_guard.h"
#include "bitcoinleveldb/arena_profile.h"
#include "bitcoinleveldb/leveldb_dropin.h"
#include "bitcoinleveldb/leveldb_exhausted.h"
#include "bitcoinleveldb/owner_check.h"
#include "bitcoinleveldb/stream_logger.h"
#include "bitcoinleveldb/trace_recorder.h"

namespace bitcoinleveldb {

namespace {

std::atomic<std::size_t> g_arenas{0};

// Run when the program starts: whoever runs a LevelDB that was compiled long
// ago says in the environment what is to be seen of it.
[[maybe_unused]] const bool g_logged = log_from_environment();
[[maybe_unused]] const bool g_profiled = profile_from_environment();
[[maybe_unused]] const bool g_recorded = record_trace_from_environment();
[[maybe_unused]] const bool g_guarded = guard_arenas_from_environment();
[[maybe_unused]] const bool g_checked = check_owners_from_environment();

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

#ifdef __ELF__

// Two functions of LevelDB's, declared only to ask whether the program has
// them: weak, so that they draw nothing in and may be missing. Their names do
// not tell what they return, nor whether they are static.
class Slice;
struct WriteOptions;

class DB {
 public:
  // Shown by libleveldb.a and libleveldb.so.
  [[gnu::weak]] static void Put(const WriteOptions&, const Slice&,
                                const Slice&);
};

class MemTable {
 public:
  // Hidden by libleveldb.so, as the arena is; in a static LevelDB it comes
  // with every database.
  [[gnu::weak]] static void ApproximateMemoryUsage();
};

namespace {

bool says_if_shared() {
  const bool shared =
      &DB::Put != nullptr && &MemTable::ApproximateMemoryUsage == nullptr;
  if (shared) {
    std::fputs(
        "bitcoinleveldb-arena: the LevelDB drop-in is not at work: this "
        "program uses libleveldb.so, which goes on with its own arena; link "
        "libleveldb.a instead\n",
        stderr);
  }
  return shared;
}

// Runs when the program starts.
[[maybe_unused]] const bool g_shared = says_if_shared();

}  // namespace

#endif  // __ELF__

}  // namespace leveldb
