// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_GUARD_DOOR_H_
#define BITCOINLEVELDB_SRC_GUARD_DOOR_H_

#include <cstddef>
#include <cstdint>

#include "bitcoinleveldb/arena_guard.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/lcg_random.h"
#include "guard_table.h"
#include "port/pages.h"

namespace bitcoinleveldb::detail {

// Gives allocations of one arena pages of their own. It lives on the heap until
// the arena goes, and is told of ends after all others, who may still use what
// it takes away.
class GuardDoor final : public ArenaDoor {
 public:
  // Attaches one to an arena that has a slab, unless it has one already.
  // Returns false if there is no memory for it.
  static bool attach(Arena& arena, const GuardOptions& options) noexcept;
  // Says what may be done with the guarded allocations that the arena has, if
  // it has any; false if the system refuses.
  static bool protect(const Arena& arena, port::PageAccess access) noexcept;

  std::size_t passed(const Arena& arena,
                     const ColdAllocation& allocation) noexcept override;
  void rewinding(Arena& arena, const ArenaMark& mark,
                 std::size_t keep_bytes) noexcept override;
  void resetting(Arena& arena, std::size_t keep_bytes) noexcept override;
  void ending(Arena& arena) noexcept override;

 private:
  explicit GuardDoor(const GuardOptions& options) noexcept;
  ~GuardDoor() = default;

  bool is_sampled(const Arena& arena,
                  const ColdAllocation& allocation) noexcept;
  std::uintptr_t draw() noexcept;
  bool guard(const Arena& arena, const ColdAllocation& allocation) noexcept;

  GuardedAllocation next_;  // what is the same of all, and the next number
  std::size_t sample_bytes_;

  // Where the next one of the sample is reached, in the current block or beyond
  // it; 0: it is not known. As it has no memory it may be drawn anew wherever
  // that does not depend on where it is.
  std::uintptr_t point_ = 0;
  LcgRandom random_;

  std::uint32_t live_ = GuardTable::kNone;  // newest first
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_GUARD_DOOR_H_
