// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_OBSERVER_DOOR_H_
#define BITCOINLEVELDB_SRC_OBSERVER_DOOR_H_

#include <cstddef>
#include <cstdint>

#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/detail/attributes.h"
#include "owner_flag.h"

namespace bitcoinleveldb::detail {

// One observer at one arena: what the cold path tells a door, it tells the
// observer in its words. It lives on the heap until it is detached or the arena
// goes.
class ObserverDoor final : public ArenaDoor {
 public:
  // Attaches `observer` to an arena that has a slab, unless it is already.
  // Returns false if there is no memory for it.
  static bool attach(Arena& arena, ArenaObserver& observer) noexcept;
  // The same, before the first point of a sample, which lies so many bytes
  // behind the first one of the next block, or of what is left of the current
  // one.
  static void attach_before(Arena& arena, ArenaObserver& observer,
                            std::size_t point, bool of_next_block) noexcept;
  static void detach(Arena& arena, ArenaObserver& observer) noexcept;

  std::size_t passed(const Arena& arena,
                     const ColdAllocation& allocation) noexcept override;
  void entering(const Arena& arena) noexcept override;
  void reserved(const Arena& arena) noexcept override;
  void handed_over(const Arena& arena) noexcept override;
  void resized(const Arena& arena, char* ptr, std::size_t old_bytes,
               std::size_t new_bytes) noexcept override;
  void exhausted(const Arena& arena, std::size_t bytes,
                 std::size_t alignment) noexcept override;
  void marked(const Arena& arena) noexcept override;
  void mark_lifted(const Arena& arena) noexcept override;
  void rewinding(Arena& arena, const ArenaMark& mark,
                 std::size_t keep_bytes) noexcept override;
  void resetting(Arena& arena, std::size_t keep_bytes) noexcept override;
  void ending(Arena& arena) noexcept override;

 private:
  ObserverDoor(const Arena& arena, ArenaObserver& observer) noexcept;
  ~ObserverDoor();
  ObserverDoor(const ObserverDoor&) = delete;
  ObserverDoor& operator=(const ObserverDoor&) = delete;

  // Attaches a new one, or returns null.
  static ObserverDoor* make(Arena& arena, ArenaObserver& observer) noexcept;

  ObservedArena observed(const Arena& arena) const noexcept;
  void tell_slabs(const Arena& arena, const Slab* newest) noexcept;
  // Out of line, so that a sample which is not due costs little at a block.
  BITCOINLEVELDB_COLD void tell_slabs_and_block(
      const Arena& arena, const ColdAllocation& allocation) noexcept;
  BITCOINLEVELDB_COLD void tell_allocation(const Arena& arena,
                                           const ColdAllocation& allocation,
                                           double weight) noexcept;

  // Each returns how far it is to the next allocation of the sample.
  std::size_t sample(const Arena& arena, const ColdAllocation& allocation,
                     std::size_t mean) noexcept;
  std::size_t sample_dedicated(const Arena& arena,
                               const ColdAllocation& allocation) noexcept;
  std::size_t grant_to_point(const Arena& arena) noexcept;

  std::ptrdiff_t distance_to_point(const ColdAllocation& allocation,
                                   std::size_t left) noexcept;
  void forget_point() noexcept;
  BITCOINLEVELDB_COLD void tell_sampled(
      const Arena& arena, const ColdAllocation& allocation) noexcept;

  ArenaObserver& observer_;
  std::uint64_t number_;
  OwnerFlag owner_;

  // How far the arena had come when this was told last.
  const Slab* newest_slab_;
  const char* current_block_;
  const char* position_;

  // The points of the sample lie at random in the bytes of blocks, and the next
  // is `distance_` bytes behind `position_`, or beyond the current block and
  // skipped to. They have no memory, so wherever it does not depend on where a
  // point lies it may be drawn anew.
  std::size_t mean_ = 0;  // that it was drawn with; 0: it is not known
  std::ptrdiff_t distance_ = 0;
  bool skipping_ = false;
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_OBSERVER_DOOR_H_
