// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_CHECKS_DOOR_H_
#define BITCOINLEVELDB_SRC_CHECKS_DOOR_H_

#include <cstddef>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/detail/arena_insider.h"

namespace bitcoinleveldb::detail {

// Says to what checks the memory of the process which of an arena's bytes are
// allocated. The heads of slabs and the record stay open, for the library; the
// heads of blocks are guarded from all but their own functions.
class ChecksDoor final : public ArenaDoor {
 public:
  // Attaches one to an arena that has just taken its first slab, if the default
  // is to. Without memory for it the arena goes unchecked.
  static void attach(Arena& arena) noexcept;

  std::size_t passed(const Arena& arena,
                     const ColdAllocation& allocation) noexcept override;
  void resized(const Arena& arena, char* ptr, std::size_t old_bytes,
               std::size_t new_bytes) noexcept override;
  void reserved(const Arena& arena) noexcept override;
  void rewinding(Arena& arena, const ArenaMark& mark,
                 std::size_t keep_bytes) noexcept override;
  void resetting(Arena& arena, std::size_t keep_bytes) noexcept override;
  void ending(Arena& arena) noexcept override;

 private:
  ChecksDoor(const Arena& arena, bool gaps) noexcept;
  ~ChecksDoor() = default;
  ChecksDoor(const ChecksDoor&) = delete;
  ChecksDoor& operator=(const ChecksDoor&) = delete;
  void go() noexcept;

  void took_block(const Arena& arena, const Block& block) noexcept;

  const Slab* newest_slab_;  // all before it are as they should be
  const bool gaps_;
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_CHECKS_DOOR_H_
