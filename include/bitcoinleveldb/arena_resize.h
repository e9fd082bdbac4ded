// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Makes the newest allocation longer or shorter where it stands: for a builder
// that learns the length of what it writes only at its end.
//
//   char* text = arena.allocate(100);
//   std::size_t length = write(text, 100);
//   try_resize_newest(arena, text, 100, length);  // the rest is free again
//
// To be told no is ordinary: there is no room behind the allocation, or it is
// not the newest. Then allocate anew and copy, or live with what there is.

#ifndef BITCOINLEVELDB_ARENA_RESIZE_H_
#define BITCOINLEVELDB_ARENA_RESIZE_H_

#include <cstddef>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/detail/arena_insider.h"

namespace bitcoinleveldb {

/// Changes the newest allocation of its block, which is `ptr` with `old_bytes`
/// bytes, to `new_bytes` bytes where it stands, and returns true; or returns
/// false and changes nothing. Its first bytes keep their content. As with
/// `Arena::allocate`, 0 bytes count as 1, both times.
///
/// It is told no if
/// - another one was made after it in its block, or a block was taken after its
///   dedicated one, and has not been given back since by a scope;
/// - it was made before the innermost scope, which will bring back its end;
/// - its block has no room for `new_bytes`;
/// - it has a dedicated block, and `new_bytes` is at most a quarter block or
///   exceeds what is free behind that block.
///
/// Afterwards the arena is the one that would have been, had `new_bytes` been
/// asked for at once, with the same slop and usage (a dedicated block is
/// counted with its new bytes). But where that request would have been placed
/// elsewhere, the allocation stays where it is:
/// - one that opened a standard block and has grown above a quarter block would
///   have been given a dedicated block;
/// - one that has shrunk might have fit into the block that was current before
///   its own was taken, or next to its dedicated block.
/// Either way usage remains the sum over blocks, and what is asked for next is
/// placed by the policy (docs/parity.md, P1-P5).
///
/// REQUIRES: `ptr` and `old_bytes` are those of an allocation of `arena`.
/// INVALIDATES: the bytes from `new_bytes` on, if it has shrunk.
/// THREAD SAFETY: as the arena's own. Complexity: O(1).
/// COMPAT: LevelDB has no such call.
[[nodiscard]] inline bool try_resize_newest(Arena& arena, char* ptr,
                                            std::size_t old_bytes,
                                            std::size_t new_bytes) noexcept {
  return detail::ArenaInsider::resize_newest(arena, ptr, old_bytes, new_bytes);
}

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_ARENA_RESIZE_H_
