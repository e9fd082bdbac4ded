// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/arena_objects.h"

#include <cstdint>
#include <new>
#include <type_traits>

#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/detail/failure.h"

namespace bitcoinleveldb::detail {

namespace {
constexpr char kKind = 0;
}  // namespace

// The objects that an arena owns, newest first. It lies in the arena itself and
// goes with it: at a reset, or at a rewind to before it was made, it leaves the
// arena's doors once it has destroyed what it holds.
class OwnedObjects final : public ArenaDoor {
 public:
  OwnedObjects() noexcept : ArenaDoor(&kKind, true) {}

  // To be told when an object is made it need not see allocations.
  std::size_t passed(const Arena& /*arena*/,
                     const ColdAllocation& /*allocation*/) noexcept override {
    return SIZE_MAX;
  }

  // The mark is the innermost, so what is younger was made in its scope: what
  // was made in a scope within that went with it.
  void rewinding(Arena& arena, const ArenaMark& mark,
                 std::size_t /*keep_bytes*/) noexcept override {
    while (newest_ != nullptr && newest_->scope == &mark) destroy_newest();
    if (scope_ == &mark) ArenaInsider::detach(arena, *this);
  }

  void resetting(Arena& arena, std::size_t /*keep_bytes*/) noexcept override {
    ending(arena);
    ArenaInsider::detach(arena, *this);
  }

  void ending(Arena& /*arena*/) noexcept override {
    while (newest_ != nullptr) destroy_newest();
  }

  void attach_to(Arena& arena) {
    ArenaInsider::attach(arena, *this);
    scope_ = ArenaInsider::innermost_mark(arena);
  }

  void add(const Arena& arena, OwnedNode& node) noexcept {
    if (node.scope != ArenaInsider::innermost_mark(arena)) {
      fail_misuse("a constructor called by make_owned began or ended a scope");
    }
    node.older = newest_;
    newest_ = &node;
  }

 private:
  // Unlinked first, so that a destructor finds a list without its object.
  void destroy_newest() noexcept {
    OwnedNode& node = *newest_;
    newest_ = node.older;
    node.destroy(node);
  }

  OwnedNode* newest_ = nullptr;
  const void* scope_ = nullptr;  // the innermost when it was made
};

static_assert(std::is_trivially_destructible_v<OwnedObjects>,
              "it lies in the arena, which runs no destructors");

OwnedObjects& owned_objects(Arena& arena) {
  if (ArenaDoor* const door = ArenaInsider::find_door(arena, &kKind)) {
    return static_cast<OwnedObjects&>(*door);
  }
  auto* const owner = ::new (static_cast<void*>(arena.allocate_aligned(
      sizeof(OwnedObjects), alignof(OwnedObjects)))) OwnedObjects;
  owner->attach_to(arena);
  return *owner;
}

void note_scope(const Arena& arena, OwnedNode& node) noexcept {
  node.scope = ArenaInsider::innermost_mark(arena);
}

void own(const Arena& arena, OwnedObjects& owner, OwnedNode& node) noexcept {
  owner.add(arena, node);
}

}  // namespace bitcoinleveldb::detail
