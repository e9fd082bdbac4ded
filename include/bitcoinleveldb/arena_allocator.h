// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// An arena as the allocator of standard containers, without virtual calls.
//
//   template <class T>
//   using ArenaVector = std::vector<T, bitcoinleveldb::ArenaAllocator<T>>;
//
//   bitcoinleveldb::Arena arena;
//   ArenaVector<int> numbers(arena);
//
// The arena is part of the container's type, unlike with std::pmr
// (arena_resource.h). A container that grows leaves its old memory behind in
// the arena, so reserve where the size is known. Containers must be gone, or
// never be touched again, before the arena is reset or goes.

#ifndef BITCOINLEVELDB_ARENA_ALLOCATOR_H_
#define BITCOINLEVELDB_ARENA_ALLOCATOR_H_

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/detail/failure.h"

namespace bitcoinleveldb {

/// A standard allocator of `T` on an arena. `deallocate` does nothing.
///
/// There is no default arena, so there is no default constructor: where memory
/// comes from is always said.
///
/// Thread safety: as the arena's own; containers on one arena share its one
/// thread at a time. Complexity: an allocation is O(1).
template <class T>
class ArenaAllocator {
 public:
  using value_type = T;

  /// Two allocators are equal when they are on the same arena, so they are not
  /// always equal.
  using is_always_equal = std::false_type;

  /// Moving a container takes its memory over, in O(1) and without touching an
  /// element; the memory stays in its arena, so the allocator must go along.
  using propagate_on_container_move_assignment = std::true_type;

  /// Containers on different arenas can be swapped only if their allocators are
  /// swapped too; otherwise the standard leaves it undefined.
  using propagate_on_container_swap = std::true_type;

  /// Copying copies elements into the arena that the target was made on: it may
  /// live longer than the source's, and must not come to depend on it unseen.
  using propagate_on_container_copy_assignment = std::false_type;

  /// Allocates from `arena`, which must outlive every copy of this object and
  /// stay where it is. Implicit, because `vector<T, ArenaAllocator<T>>
  /// v(ArenaAllocator<T>(arena));` would declare a function.
  // NOLINTNEXTLINE(google-explicit-constructor)
  ArenaAllocator(Arena& arena) noexcept : arena_(&arena) {}

  /// Allocates from the arena of `other`; containers allocate their nodes so.
  template <class U>
  // NOLINTNEXTLINE(google-explicit-constructor)
  ArenaAllocator(const ArenaAllocator<U>& other) noexcept
      : arena_(&other.arena()) {}

  /// Returns uninitialized memory for `n` objects, at a multiple of
  /// `alignof(T)`; never null, also for 0 objects.
  /// THROWS: `std::bad_array_new_length` if `n` objects exceed what a size can
  /// say, `std::bad_alloc` if memory runs out, or what the block source throws.
  [[nodiscard]] T* allocate(std::size_t n) {
    // NOLINTNEXTLINE(bugprone-sizeof-expression): T may well be a pointer.
    constexpr std::size_t kBytes = sizeof(T);
    if (n > SIZE_MAX / kBytes) detail::fail_array_length(n, kBytes);
    void* const memory = arena_->allocate_aligned(n * kBytes, alignof(T));
    return static_cast<T*>(memory);
  }

  /// Does nothing: the arena gives its memory back all at once.
  void deallocate(T* /*memory*/, std::size_t /*n*/) noexcept {}

  /// Returns this allocator: a copy of a container lies in the same arena, for
  /// lack of another one. Give the copy's constructor an arena to change that.
  [[nodiscard]] ArenaAllocator select_on_container_copy_construction()
      const noexcept {
    return *this;
  }

  /// Returns the arena.
  [[nodiscard]] Arena& arena() const noexcept { return *arena_; }

 private:
  Arena* arena_;
};

/// True if both allocate from the same arena.
template <class T, class U>
[[nodiscard]] bool operator==(const ArenaAllocator<T>& a,
                              const ArenaAllocator<U>& b) noexcept {
  return &a.arena() == &b.arena();
}
template <class T, class U>
[[nodiscard]] bool operator!=(const ArenaAllocator<T>& a,
                              const ArenaAllocator<U>& b) noexcept {
  return !(a == b);
}

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_ARENA_ALLOCATOR_H_
