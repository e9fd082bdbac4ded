// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// An arena's bump state in the registers of a loop. The arena's own lies in
// memory, so each allocation waits for the stores of the one before; a loop
// that builds a table or a batch need not.
//
//   bitcoinleveldb::ArenaCursor cursor(arena);
//   for (const Entry& entry : batch) {
//     std::memcpy(cursor.allocate(entry.size()), entry.data(), entry.size());
//   }
//
// Make it right before the loop, as a local variable, and do not take its
// address: then compilers keep it in registers.

#ifndef BITCOINLEVELDB_ARENA_CURSOR_H_
#define BITCOINLEVELDB_ARENA_CURSOR_H_

#include <cstddef>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/detail/attributes.h"
#include "bitcoinleveldb/detail/placement.h"

namespace bitcoinleveldb {

/// Allocates from an arena for the length of a loop.
///
/// Invariants:
/// 1. What it returns, and what the arena is afterwards, is what the same calls
///    on the arena itself would give (docs/parity.md, P1-P5).
///
/// Thread safety: as the arena's own. While a cursor lives, its arena may be
/// asked for its usage only.
class ArenaCursor {
 public:
  /// Takes over the bump state of `arena`, which must outlive the cursor.
  explicit ArenaCursor(Arena& arena) noexcept : arena_(&arena) { take(); }

  /// Gives the bump state back to the arena.
  ~ArenaCursor() { give(); }

  ArenaCursor(const ArenaCursor&) = delete;
  ArenaCursor& operator=(const ArenaCursor&) = delete;

  /// As `Arena::allocate`.
  [[nodiscard]] char* allocate(std::size_t bytes) {
    char* result;
    if (BITCOINLEVELDB_LIKELY(bump(bytes, 1, &result))) return result;
    const Returned returned(*this);
    return arena_->allocate(bytes);
  }

  /// As `Arena::allocate_aligned`.
  [[nodiscard]] char* allocate_aligned(std::size_t bytes) {
    char* result;
    if (BITCOINLEVELDB_LIKELY(bump(bytes, Arena::kAlignment, &result))) {
      return result;
    }
    const Returned returned(*this);
    return arena_->allocate_aligned(bytes);
  }

 private:
  // The arena has its state back for as long as this lives, also if the cold
  // path throws.
  class Returned {
   public:
    explicit Returned(ArenaCursor& cursor) noexcept : cursor_(cursor) {
      cursor_.give();
    }
    ~Returned() { cursor_.take(); }
    Returned(const Returned&) = delete;
    Returned& operator=(const Returned&) = delete;

   private:
    ArenaCursor& cursor_;
  };

  void take() noexcept {
    detail::ArenaInsider::take_bump_state(*arena_, &ptr_, &remaining_);
  }
  void give() noexcept {
    detail::ArenaInsider::give_bump_state(*arena_, ptr_, remaining_);
  }

  bool bump(std::size_t bytes, std::size_t alignment, char** result) noexcept {
    return detail::bump_by_count(&ptr_, &remaining_, bytes, alignment, result);
  }

  Arena* arena_;
  char* ptr_ = nullptr;
  std::size_t remaining_ = 0;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_ARENA_CURSOR_H_
