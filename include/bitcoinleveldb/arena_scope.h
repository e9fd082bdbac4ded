// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A checkpoint in an arena: what is allocated within a scope is given back when
// it ends, and the arena is as if it had never been. Use it for a request, a
// batch that may be taken back, or scratch space beside what is to stay.
//
//   {
//     bitcoinleveldb::ArenaScope scope(arena);
//     char* scratch = arena.allocate(4000);
//     ...
//   }  // scratch is gone, usage is what it was before
//
// Scopes nest, and end in the reverse order of their beginning, as local
// variables do by themselves.

#ifndef BITCOINLEVELDB_ARENA_SCOPE_H_
#define BITCOINLEVELDB_ARENA_SCOPE_H_

#include <cstddef>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/detail/failure.h"

namespace bitcoinleveldb {

/// Gives back, at its end or on request, what was allocated since it began.
///
/// Invariants:
/// 1. After a rewind, usage, blocks and bump state are what they were when the
///    scope began, and every further request is placed as if what was given
///    back had never been asked for (docs/parity.md, P1-P5).
/// 2. What was allocated before the scope began stays as it is.
/// 3. Misuse never goes unseen. A scope that ends before one begun after it,
///    or whose arena was moved, and an arena that is reset or ends before a
///    scope on it, end the program with one line: going on would give memory
///    back that is in use.
///
/// Thread safety: as the arena's own; a scope is part of its arena.
/// Complexity: O(1) to begin; a rewind is O(slabs given back), however many
/// blocks and allocations lie in them. Allocations cost the same as ever.
/// COMPAT: LevelDB has no such thing.
class [[nodiscard]] ArenaScope {
 public:
  /// Begins a scope on `arena`, which must outlive it. Takes the first slab of
  /// an arena that has none.
  /// THROWS: as `Arena::allocate`, if that slab cannot be had.
  explicit ArenaScope(Arena& arena) : arena_(arena) {
    detail::ArenaInsider::set_mark(arena, mark_);
  }

  /// Rewinds and ends the scope. Slabs stay with the arena, as with `rewind`.
  /// INVALIDATES: everything allocated since it began.
  ~ArenaScope() {
    if (!is_innermost()) {
      detail::fail_misuse(
          "an ArenaScope ended before one within it, or its arena was moved");
    }
    detail::ArenaInsider::rewind(arena_, mark_, Arena::kKeepAll);
    detail::ArenaInsider::lift_mark(arena_, mark_);
  }

  ArenaScope(const ArenaScope&) = delete;
  ArenaScope& operator=(const ArenaScope&) = delete;

  /// Gives back everything allocated since the scope began, which goes on.
  /// Slabs that are no longer used stay with the arena for its next requests;
  /// of these it keeps as many as bring all it holds to at most `keep_bytes`
  /// bytes, and gives the others to the block source. With 0 it keeps none.
  /// INVALIDATES: everything allocated since the scope began.
  /// THROWS: `std::invalid_argument`, with the arena unchanged, if a scope
  /// within this one has not ended, or the arena was moved.
  void rewind(std::size_t keep_bytes = Arena::kKeepAll) {
    if (!is_innermost()) {
      detail::fail_invalid(
          "ArenaScope::rewind: a scope within it is open, or its arena was "
          "moved");
    }
    detail::ArenaInsider::rewind(arena_, mark_, keep_bytes);
  }

  /// Returns what usage was when the scope began, in bytes.
  [[nodiscard]] std::size_t usage_before() const noexcept {
    return mark_.usage;
  }

 private:
  bool is_innermost() const noexcept {
    return detail::ArenaInsider::is_innermost(arena_, mark_);
  }

  Arena& arena_;
  detail::ArenaMark mark_;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_ARENA_SCOPE_H_
