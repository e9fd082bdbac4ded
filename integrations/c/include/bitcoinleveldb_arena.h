// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The C interface: LevelDB's arena, and the generator of this project's random
// workloads. C99 or later, and every language that can call C.
//
//   bitcoinleveldb_arena* arena;
//   if (bitcoinleveldb_arena_create(NULL, &arena) != BITCOINLEVELDB_ARENA_OK) {
//     return 1;
//   }
//   char* key = bitcoinleveldb_arena_allocate(arena, 33);
//   bitcoinleveldb_arena_destroy(arena);
//
// Conventions
// - Ownership: the arena owns all that is allocated from it, until it is reset
//   or destroyed. Whoever creates an arena destroys it, once.
// - Errors: nothing is ever thrown. Calls that return memory return NULL if
//   they fail, and bitcoinleveldb_arena_last_error says why; the others return
//   an error code, BITCOINLEVELDB_ARENA_OK being 0. A call that fails leaves
//   the arena, and what it was to fill in, as they were.
// - NULL: where a function does not say what NULL means it is an invalid
//   argument: calls with an error code return it, those that return memory
//   return NULL, and those that return a number return 0.
// - Zero bytes are served as one: never NULL, and never an address that another
//   allocation has.
// - Threads: an arena belongs to one thread at a time, except that any thread
//   may read its usage while it lives. Different arenas, and all functions that
//   take none, may be used by different threads at the same time.
// - Structures that may grow start with their own size, which the program sets;
//   the _INIT macros do. A program and a library of different versions
//   understand each other by it.
// - Versions: what is here stays, with the same meaning, as long as
//   BITCOINLEVELDB_ARENA_ABI_VERSION stays the same.

#ifndef BITCOINLEVELDB_ARENA_C_H_
#define BITCOINLEVELDB_ARENA_C_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __GNUC__
#define BITCOINLEVELDB_ARENA_API __attribute__((visibility("default")))
#else
#define BITCOINLEVELDB_ARENA_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

// NOLINTBEGIN(modernize-use-using): C has no other way to name a type.

/// The version of the binary interface that a program was compiled with.
#define BITCOINLEVELDB_ARENA_ABI_VERSION 1

/// Returns the version of the library that is in use; a program that loads the
/// library by itself compares it with BITCOINLEVELDB_ARENA_ABI_VERSION.
BITCOINLEVELDB_ARENA_API uint32_t bitcoinleveldb_arena_abi_version(void);

/// What became of a call.
enum bitcoinleveldb_arena_error {
  BITCOINLEVELDB_ARENA_OK = 0,
  /// Memory ran out, or nobody can have that many bytes.
  BITCOINLEVELDB_ARENA_NO_MEMORY = 1,
  /// An argument has a value that is not allowed.
  BITCOINLEVELDB_ARENA_INVALID_ARGUMENT = 2
};
typedef enum bitcoinleveldb_arena_error bitcoinleveldb_arena_error;

/// Returns a line in English that lives for ever; never NULL, whatever `error`.
BITCOINLEVELDB_ARENA_API const char* bitcoinleveldb_arena_error_string(
    int error);

/// An arena. Programs have pointers to it only.
typedef struct bitcoinleveldb_arena bitcoinleveldb_arena;

/// The settings of an arena.
typedef struct bitcoinleveldb_arena_options {
  /// sizeof(bitcoinleveldb_arena_options). If the program's structure is longer
  /// than the library's, what the library does not know must be 0.
  size_t struct_bytes;
  /// Bytes of a standard block: a multiple of 16 from 64 to 2^30, or 0 for the
  /// default, which is LevelDB's 4096 unless the environment says otherwise in
  /// BITCOINLEVELDB_ARENA_BLOCK_BYTES.
  size_t block_bytes;
} bitcoinleveldb_arena_options;

#define BITCOINLEVELDB_ARENA_OPTIONS_INIT \
  { sizeof(bitcoinleveldb_arena_options), 0 }

/// Makes an empty arena and puts it into `*arena`. With NULL for `options` it
/// takes its first memory at its first allocation, otherwise at once.
BITCOINLEVELDB_ARENA_API bitcoinleveldb_arena_error bitcoinleveldb_arena_create(
    const bitcoinleveldb_arena_options* options, bitcoinleveldb_arena** arena);

/// Gives back the arena and all that was allocated from it. NULL is allowed and
/// does nothing.
BITCOINLEVELDB_ARENA_API void bitcoinleveldb_arena_destroy(
    bitcoinleveldb_arena* arena);

/// Returns `bytes` bytes at any address, with any content. LevelDB's Allocate.
BITCOINLEVELDB_ARENA_API void* bitcoinleveldb_arena_allocate(
    bitcoinleveldb_arena* arena, size_t bytes);

/// As above, at a multiple of 8, or of the size of a pointer if that is more.
/// LevelDB's AllocateAligned.
BITCOINLEVELDB_ARENA_API void* bitcoinleveldb_arena_allocate_aligned(
    bitcoinleveldb_arena* arena, size_t bytes);

/// As above, at a multiple of `alignment`, which may be any power of two and is
/// an invalid argument otherwise.
BITCOINLEVELDB_ARENA_API void* bitcoinleveldb_arena_allocate_aligned_to(
    bitcoinleveldb_arena* arena, size_t bytes, size_t alignment);

/// Returns why the last call that returned NULL for memory did so, and
/// BITCOINLEVELDB_ARENA_OK if none has since the arena was made. Calls that
/// succeed leave it as it is.
BITCOINLEVELDB_ARENA_API bitcoinleveldb_arena_error
bitcoinleveldb_arena_last_error(const bitcoinleveldb_arena* arena);

/// Returns the usage in bytes, as LevelDB's MemoryUsage counts it: the sum over
/// blocks of their bytes and the size of a pointer. Any thread may call it.
BITCOINLEVELDB_ARENA_API size_t
bitcoinleveldb_arena_memory_usage(const bitcoinleveldb_arena* arena);

#define BITCOINLEVELDB_ARENA_KEEP_NONE 0
#define BITCOINLEVELDB_ARENA_KEEP_ALL SIZE_MAX

/// Forgets all that was allocated; usage is 0 again. Keeps up to `keep_bytes`
/// bytes of memory for the next round and gives the rest back; an arena made
/// with options always keeps what it took when it was made.
BITCOINLEVELDB_ARENA_API bitcoinleveldb_arena_error
bitcoinleveldb_arena_reset(bitcoinleveldb_arena* arena, size_t keep_bytes);

/// What an arena holds.
typedef struct bitcoinleveldb_arena_stats {
  /// Set by the program to sizeof(bitcoinleveldb_arena_stats), and by the
  /// library to the bytes that it filled in; fields behind them were not
  /// measured.
  size_t struct_bytes;
  /// As bitcoinleveldb_arena_memory_usage.
  size_t memory_usage;
  /// Blocks, standard and dedicated.
  size_t blocks;
  /// Bytes held from the system or kept for the next round, all included.
  size_t reserved_bytes;
  /// The highest usage, over resets.
  size_t usage_peak;
  /// Blocks taken for one request, and the sum of their bytes.
  size_t dedicated_blocks;
  size_t dedicated_bytes;
  /// Standard blocks left behind with unused bytes, and the sum of those.
  size_t tails;
  size_t tail_bytes;
  /// Pieces of memory held, and those of them that are not in use yet.
  size_t slabs;
  size_t spare_slabs;
  size_t spare_bytes;
} bitcoinleveldb_arena_stats;

#define BITCOINLEVELDB_ARENA_STATS_INIT \
  { sizeof(bitcoinleveldb_arena_stats), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/// Fills in `*stats`. Looks at every block: some 16,000 in 64 MiB.
BITCOINLEVELDB_ARENA_API bitcoinleveldb_arena_error
bitcoinleveldb_arena_get_stats(const bitcoinleveldb_arena* arena,
                               bitcoinleveldb_arena_stats* stats);

/// A small random generator, the same on every machine: each draw steps
/// `state = state * 6364136223846793005 + 1` modulo 2^64 and uses the upper 32
/// bits of it. A plain value: copy it to branch off, one thread at a time.
typedef struct bitcoinleveldb_lcg {
  uint64_t state;
} bitcoinleveldb_lcg;

/// Returns a generator that starts from `seed`, which may be any value.
BITCOINLEVELDB_ARENA_API bitcoinleveldb_lcg
bitcoinleveldb_lcg_create(uint64_t seed);

/// Returns a draw modulo `range`, so a number below it. A `range` of 0 has none
/// and gives 0, without a draw.
BITCOINLEVELDB_ARENA_API uint64_t
bitcoinleveldb_lcg_uniform(bitcoinleveldb_lcg* random, uint64_t range);

/// Returns 1 about once in `n` calls, when a draw modulo `n` is 0, otherwise 0;
/// never for an `n` of 0, without a draw.
BITCOINLEVELDB_ARENA_API int bitcoinleveldb_lcg_one_in(
    bitcoinleveldb_lcg* random, uint64_t n);

// NOLINTEND(modernize-use-using)

#ifdef __cplusplus
}  // extern "C"
#endif

#endif  // BITCOINLEVELDB_ARENA_C_H_
