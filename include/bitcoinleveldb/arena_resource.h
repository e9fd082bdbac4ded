// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// An arena as a std::pmr::memory_resource, for the containers of std::pmr and
// for every library that takes a resource.
//
//   bitcoinleveldb::Arena arena;
//   bitcoinleveldb::ArenaResource resource(arena);
//   std::pmr::vector<std::pmr::string> words(&resource);
//
// A container that grows leaves its old memory behind in the arena, so reserve
// where the size is known. Containers must be gone, or never be touched again,
// before the arena is reset or goes; the arena runs no destructor.

#ifndef BITCOINLEVELDB_ARENA_RESOURCE_H_
#define BITCOINLEVELDB_ARENA_RESOURCE_H_

#include <cstddef>
#include <memory_resource>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb {

/// A memory resource that allocates from an arena and never frees.
///
/// `allocate(bytes, alignment)` is `Arena::allocate_aligned(bytes, alignment)`:
/// 0 bytes are served as 1, every power of two is an alignment, usage counts as
/// ever. `deallocate` does nothing.
///
/// Thread safety: as the arena's own; resources of one arena share its one
/// thread at a time. Complexity: an allocation is O(1).
class BITCOINLEVELDB_EXPORT ArenaResource final
    : public std::pmr::memory_resource {
 public:
  /// Allocates from `arena`, which must outlive this object and stay where it
  /// is: memory of an arena that was moved from is the other arena's.
  explicit ArenaResource(Arena& arena) noexcept : arena_(&arena) {}

  /// Returns the arena.
  [[nodiscard]] Arena& arena() const noexcept { return *arena_; }

 private:
  // THROWS: `std::bad_alloc` if memory runs out or `bytes` cannot be had,
  // `std::invalid_argument` if `alignment` is no power of two, or what the
  // block source throws.
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    return arena_->allocate_aligned(bytes, alignment);
  }

  void do_deallocate(void* /*memory*/, std::size_t /*bytes*/,
                     std::size_t /*alignment*/) override {}

  // True if `other` is an ArenaResource on the same arena: then either may be
  // asked to deallocate what the other allocated.
  bool do_is_equal(
      const std::pmr::memory_resource& other) const noexcept override;

  Arena* arena_;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_ARENA_RESOURCE_H_
