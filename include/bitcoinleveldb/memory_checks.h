// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Under AddressSanitizer, MemorySanitizer and Valgrind arenas say which of
// their bytes are allocated, so that wrong accesses to all others are reported
// as they are to memory of malloc (docs/sanitizers.md). That is on by itself,
// also if the library was built without the sanitizer of the program.

#ifndef BITCOINLEVELDB_MEMORY_CHECKS_H_
#define BITCOINLEVELDB_MEMORY_CHECKS_H_

#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb {

/// What arenas say of their memory to what checks it.
enum class MemoryChecks : unsigned char {
  kOff,    ///< nothing
  kExact,  ///< each allocation to its byte, where parity puts it
  kGaps,   ///< as kExact, with a gap of 1 to 8 bytes behind each allocation
           ///< that leaves room for it, so that an overrun by one byte is seen
           ///< too: no parity with LevelDB then
};

/// Names the environment variable that the default is read from: `off`, `on`
/// (or nothing) for `kExact`, `gaps`.
inline constexpr char kMemoryChecksVariable[] =
    "BITCOINLEVELDB_ARENA_MEMORY_CHECKS";

/// Returns what checks the memory of this process, `AddressSanitizer`,
/// `MemorySanitizer` or `Memcheck`, or null if nothing does.
/// THREAD SAFETY: may be called from any thread, as the calls below.
[[nodiscard]] BITCOINLEVELDB_EXPORT const char* memory_checker() noexcept;

/// Returns what arenas that take their first slab from now on will do. Where
/// nothing checks, that has no effect.
[[nodiscard]] BITCOINLEVELDB_EXPORT MemoryChecks
default_memory_checks() noexcept;

/// Sets it; arenas that have a slab go on as they are.
BITCOINLEVELDB_EXPORT void set_default_memory_checks(
    MemoryChecks checks) noexcept;

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_MEMORY_CHECKS_H_
