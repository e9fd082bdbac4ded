// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Objects, arrays and copies in an arena, aligned as their types ask.
//
//   Point* point = make<Point>(arena, 3, 4);
//   Index* index = make_owned<Index>(arena, path);  // its destructor will run
//   double* sums = make_array<double>(arena, 1000);  // all 0
//   std::string_view key = copy_string(arena, line.substr(0, 20));
//
// An arena runs no destructors, so `make`, `make_array` and `copy` refuse, at
// compile time, types that have one; `make_owned` and `make_owned_array` see to
// it that it runs.
//
// Each call that allocates fails as `Arena::allocate` does, with
// `std::bad_alloc`. If a constructor throws, the exception passes through, what
// was already made is destroyed and nothing is registered. The bytes taken for
// it stay taken until the arena is reset, rewound by a scope or goes, as do the
// few that `make_owned` takes first where memory runs out after that.
//
// Thread safety: as the arena's own.

#ifndef BITCOINLEVELDB_ARENA_OBJECTS_H_
#define BITCOINLEVELDB_ARENA_OBJECTS_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/detail/attributes.h"
#include "bitcoinleveldb/detail/failure.h"

namespace bitcoinleveldb {

namespace detail {

class OwnedObjects;

// Stands in the arena right before what it owns.
struct OwnedNode {
  using Destroy = void (*)(OwnedNode& node);

  explicit OwnedNode(Destroy how) noexcept : destroy(how) {}

  Destroy destroy;
  const void* scope = nullptr;  // the innermost when it was allocated
  OwnedNode* older = nullptr;
};

// Returns what destroys the objects that `arena` owns. The first call takes a
// few words of the arena for it, and so does the first after it has gone with
// a reset or a rewind.
BITCOINLEVELDB_EXPORT OwnedObjects& owned_objects(Arena& arena);

// Notes the scope in which `node` has just been allocated.
BITCOINLEVELDB_EXPORT void note_scope(const Arena& arena,
                                      OwnedNode& node) noexcept;

// Lets `node`, whose object is complete, be destroyed before its memory goes.
BITCOINLEVELDB_EXPORT void own(const Arena& arena, OwnedObjects& owner,
                               OwnedNode& node) noexcept;

template <class T>
struct OwnedObject : OwnedNode {
  OwnedObject() noexcept : OwnedNode(&destroy_object) {}

  static void destroy_object(OwnedNode& node) {
    auto& self = static_cast<OwnedObject&>(node);
    std::launder(reinterpret_cast<T*>(self.storage))->~T();
  }

  alignas(T) unsigned char storage[sizeof(T)];
};

template <class T>
struct alignas(alignof(T) > alignof(OwnedNode) ? alignof(T)
                                               : alignof(OwnedNode)) OwnedArray
    : OwnedNode {
  explicit OwnedArray(std::size_t n) noexcept
      : OwnedNode(&destroy_elements), size(n) {}

  // The elements follow; this object's size is a multiple of their alignment.
  T* data() noexcept { return reinterpret_cast<T*>(this + 1); }

  static void destroy_elements(OwnedNode& node) {
    auto& self = static_cast<OwnedArray&>(node);
    T* const elements = std::launder(self.data());
    for (std::size_t i = self.size; i != 0; --i) elements[i - 1].~T();
  }

  std::size_t size;
};

// Returns the bytes of `head` and of `n` objects of T behind it.
template <class T>
std::size_t array_bytes(std::size_t n, std::size_t head = 0) {
  if (n > (PTRDIFF_MAX - head) / sizeof(T)) fail_exhausted(SIZE_MAX);
  return head + n * sizeof(T);
}

// Braces where there is no constructor, so that aggregates can be made too.
template <class T, class... Args>
T* construct(void* memory, Args&&... args) {
  if constexpr (std::is_constructible_v<T, Args...>) {
    return ::new (memory) T(std::forward<Args>(args)...);
  } else {
    return ::new (memory) T{std::forward<Args>(args)...};
  }
}

template <class T>
T* allocate_array(Arena& arena, std::size_t n) {
  return reinterpret_cast<T*>(
      arena.allocate_aligned(array_bytes<T>(n), alignof(T)));
}

}  // namespace detail

/// Makes a T in `arena` from `args`, or with braces if T has no constructor for
/// them. T must have no destructor to run.
template <class T, class... Args>
[[nodiscard]] T* make(Arena& arena, Args&&... args) {
  static_assert(
      std::is_trivially_destructible_v<T>,
      "make: nothing would run T's destructor; call make_owned, which "
      "sees to it");
  return detail::construct<T>(arena.allocate_aligned(sizeof(T), alignof(T)),
                              std::forward<Args>(args)...);
}

/// Makes a T in `arena` that is destroyed before its memory goes: when the
/// arena is destroyed, assigned to or reset, or a scope begun before this call
/// rewinds or ends. All that an arena owns is destroyed in the reverse order in
/// which it was completed. If the arena is moved, its objects go along.
///
/// Takes three words beside T and what T's alignment adds to them, unless T has
/// no destructor to run; the first call in an arena, and in each scope, a few
/// words more.
/// REQUIRES: T's constructor leaves no scope on `arena` open or ended that was
/// not before, which ends the program with one line; its destructor does not
/// allocate from `arena`, reset it or begin or end a scope on it.
template <class T, class... Args>
[[nodiscard]] T* make_owned(Arena& arena, Args&&... args) {
  if constexpr (std::is_trivially_destructible_v<T>) {
    return make<T>(arena, std::forward<Args>(args)...);
  } else {
    using Owned = detail::OwnedObject<T>;
    detail::OwnedObjects& owner = detail::owned_objects(arena);
    auto* const owned = ::new (static_cast<void*>(
        arena.allocate_aligned(sizeof(Owned), alignof(Owned)))) Owned;
    detail::note_scope(arena, *owned);
    T* const object =
        detail::construct<T>(owned->storage, std::forward<Args>(args)...);
    detail::own(arena, owner, *owned);
    return object;
  }
}

/// Makes `n` objects in `arena`, each as by `T()`: numbers are 0. T must have
/// no destructor to run. With `n` 0 the result is not null and may not be
/// read.
/// THROWS: also `std::bad_alloc` if no object can be that large.
template <class T>
[[nodiscard]] T* make_array(Arena& arena, std::size_t n) {
  static_assert(std::is_trivially_destructible_v<T>,
                "make_array: nothing would run T's destructor; call "
                "make_owned_array, which sees to it");
  T* const first = detail::allocate_array<T>(arena, n);
  std::uninitialized_value_construct_n(first, n);
  return first;
}

/// As `make_array`, for objects that are destroyed, the last one first, when
/// those of `make_owned` are. Takes four words beside them.
/// REQUIRES: as `make_owned`.
template <class T>
[[nodiscard]] T* make_owned_array(Arena& arena, std::size_t n) {
  if constexpr (std::is_trivially_destructible_v<T>) {
    return make_array<T>(arena, n);
  } else {
    using Owned = detail::OwnedArray<T>;
    const std::size_t bytes = detail::array_bytes<T>(n, sizeof(Owned));
    detail::OwnedObjects& owner = detail::owned_objects(arena);
    auto* const owned = ::new (static_cast<void*>(
        arena.allocate_aligned(bytes, alignof(Owned)))) Owned(n);
    detail::note_scope(arena, *owned);
    T* const first = owned->data();
    std::uninitialized_value_construct_n(first, n);
    detail::own(arena, owner, *owned);
    return first;
  }
}

/// Copies the elements of `source`, which has `data()` and `size()` or is an
/// array, into `arena` and returns the first. They must have no destructor to
/// run. Of an empty source the result is not null and may not be read.
template <class Source>
[[nodiscard]] auto copy(Arena& arena, const Source& source) {
  using T =
      std::remove_cv_t<std::remove_pointer_t<decltype(std::data(source))>>;
  static_assert(std::is_trivially_destructible_v<T>,
                "copy: nothing would run the elements' destructors; make a "
                "container of them with make_owned, which sees to it");
  const std::size_t n = std::size(source);
  T* const first = detail::allocate_array<T>(arena, n);
  std::uninitialized_copy_n(std::data(source), n, first);
  return first;
}

/// Copies the bytes of `text`, and no more, into `arena`: there is no zero
/// behind them. An empty text takes one byte, as every allocation of 0 does.
[[nodiscard]] inline std::string_view copy_string(Arena& arena,
                                                  std::string_view text) {
  char* const bytes = arena.allocate(text.size());
  if (!text.empty()) std::memcpy(bytes, text.data(), text.size());
  return {bytes, text.size()};
}

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_ARENA_OBJECTS_H_
