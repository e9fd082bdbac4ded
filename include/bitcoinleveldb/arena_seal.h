// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Seals an arena that will not change any more, such as that of a memtable that
// has become immutable: the hardware makes its memory read-only, and a stray
// write traps where it is made.
//
//   bitcoinleveldb::Arena arena({4096, bitcoinleveldb::page_source()});
//   ...
//   bitcoinleveldb::seal(arena);  // read as ever, from any thread
//
// The arena's slabs must lie on pages of their own (page_source.h). Who wrote
// there is said by `install_guard_reporter` (arena_guard.h).

#ifndef BITCOINLEVELDB_ARENA_SEAL_H_
#define BITCOINLEVELDB_ARENA_SEAL_H_

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb {

/// Seals `arena` until it is unsealed, reset, assigned to or destroyed, which
/// first makes its memory writable again. Does nothing if it is sealed already.
///
/// Until then a write to anything in it, what it owns (`make_owned`) included,
/// ends the program, and so does a request to allocate from it, the `try_`
/// forms included, with one clear line. What was allocated, `memory_usage`,
/// `stats`, `find_block` and `ArenaBlocks` are read as ever, except that slabs
/// in reserve are not in the `stats`. It may be moved; scopes may begin and
/// end.
///
/// What was guarded (arena_guard.h) lies on pages of its own, outside the
/// arena's slabs, and is sealed with them.
///
/// To make memory writable again may take a mapping or two more, where arenas
/// lie sealed side by side. If the process has as many as the system allows
/// (`vm.max_map_count` on Linux) it is refused, and that ends the program with
/// one line: in `unseal`, and in a reset, an assignment or a destruction.
///
/// THROWS: `std::invalid_argument` if a slab shares its pages with something
/// else, which is so on the heap and on most block sources, or if a scope is
/// open on the arena; `std::bad_alloc` if the system refuses. The arena is then
/// as it was.
/// THREAD SAFETY: to be called by the arena's owner, between two calls; other
/// threads may be reading what was allocated, in this call and after it.
/// Complexity: O(slabs and guarded allocations) calls of the system.
BITCOINLEVELDB_EXPORT void seal(Arena& arena);

/// As `seal`, but returns false for every failure.
[[nodiscard]] BITCOINLEVELDB_EXPORT bool try_seal(Arena& arena) noexcept;

/// Lets `arena` change again; does nothing if it is not sealed.
/// REQUIRES: no scope that began while it was sealed is open on it, which ends
/// the program with one line.
/// THREAD SAFETY: as `seal`.
BITCOINLEVELDB_EXPORT void unseal(Arena& arena) noexcept;

/// Returns whether `arena` is sealed. To be called by the arena's owner.
[[nodiscard]] BITCOINLEVELDB_EXPORT bool is_sealed(const Arena& arena) noexcept;

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_ARENA_SEAL_H_
