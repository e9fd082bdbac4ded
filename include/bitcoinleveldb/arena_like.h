// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// One face for every arena that the harness drives: ours, LevelDB's, the
// standard's memory resources, and whatever else hands out bytes.
//
//   leveldb::Arena theirs;
//   bitcoinleveldb::ArenaOf<leveldb::Arena> face(theirs);
//   char* p = face.allocate_aligned(16);
//
// The calls are virtual: for tests and for building one report over many
// arenas, not for timing.

#ifndef BITCOINLEVELDB_ARENA_LIKE_H_
#define BITCOINLEVELDB_ARENA_LIKE_H_

#include <concepts>
#include <cstddef>
#include <memory_resource>
#include <optional>

#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb {

/// An arena with the names of this project.
template <class A>
concept SnakeCaseArena = requires(A& arena, std::size_t n) {
  { arena.allocate(n) } -> std::convertible_to<char*>;
  { arena.allocate_aligned(n) } -> std::convertible_to<char*>;
};

/// An arena with LevelDB's names.
template <class A>
concept CamelCaseArena = requires(A& arena, std::size_t n) {
  { arena.Allocate(n) } -> std::convertible_to<char*>;
  { arena.AllocateAligned(n) } -> std::convertible_to<char*>;
};

/// Whatever the harness can drive.
template <class A>
concept ArenaLike = SnakeCaseArena<A> || CamelCaseArena<A> ||
    std::derived_from<A, std::pmr::memory_resource>;

/// What the harness sees of an arena. Not owned by it; one thread at a time.
class BITCOINLEVELDB_EXPORT ArenaFace {
 public:
  ArenaFace() = default;
  ArenaFace(const ArenaFace&) = delete;
  ArenaFace& operator=(const ArenaFace&) = delete;
  virtual ~ArenaFace();

  /// Returns `bytes` bytes at any address.
  virtual char* allocate(std::size_t bytes) = 0;
  /// Returns `bytes` bytes at a multiple of `Arena::kAlignment`.
  virtual char* allocate_aligned(std::size_t bytes) = 0;
  /// Returns the usage in bytes, if the arena tells.
  [[nodiscard]] virtual std::optional<std::size_t> memory_usage() const = 0;
};

/// The face of an arena of type `A`, which must outlive it.
template <ArenaLike A>
class ArenaOf final : public ArenaFace {
 public:
  explicit ArenaOf(A& arena) noexcept : arena_(&arena) {}

  char* allocate(std::size_t bytes) override {
    if constexpr (SnakeCaseArena<A>) {
      return arena_->allocate(bytes);
    } else if constexpr (CamelCaseArena<A>) {
      return arena_->Allocate(bytes);
    } else {
      return static_cast<char*>(arena_->allocate(bytes, 1));
    }
  }

  char* allocate_aligned(std::size_t bytes) override {
    if constexpr (SnakeCaseArena<A>) {
      return arena_->allocate_aligned(bytes);
    } else if constexpr (CamelCaseArena<A>) {
      return arena_->AllocateAligned(bytes);
    } else {
      constexpr std::size_t kAlignment =
          alignof(void*) > 8 ? alignof(void*) : 8;
      return static_cast<char*>(arena_->allocate(bytes, kAlignment));
    }
  }

  [[nodiscard]] std::optional<std::size_t> memory_usage() const override {
    if constexpr (requires { arena_->memory_usage(); }) {
      return arena_->memory_usage();
    } else if constexpr (requires { arena_->MemoryUsage(); }) {
      return arena_->MemoryUsage();
    } else {
      return std::nullopt;
    }
  }

 private:
  A* arena_;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_ARENA_LIKE_H_
