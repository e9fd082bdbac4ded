// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "observer_door.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <new>
#include <utility>

#include "default_observers.h"
#include "sample_points.h"

namespace bitcoinleveldb::detail {

ObserverDoor::ObserverDoor(const Arena& arena, ArenaObserver& observer) noexcept
    : ArenaDoor(&observer),
      observer_(observer),
      number_(observer.attachments_.fetch_add(1, std::memory_order_relaxed) +
              1),
      newest_slab_(ArenaInsider::blocks(arena) == 0
                       ? nullptr
                       : ArenaInsider::record(arena)->newest_slab),
      current_block_(ArenaInsider::current_block(arena)),
      position_(ArenaInsider::position(arena)) {}

// Release pairs with the acquire in the observer's destructor.
ObserverDoor::~ObserverDoor() {
  observer_.endings_.fetch_add(1, std::memory_order_release);
}

bool ObserverDoor::attach(Arena& arena, ArenaObserver& observer) noexcept {
  if (ArenaInsider::find_door(arena, &observer) != nullptr) return true;
  return make(arena, observer) != nullptr;
}

void ObserverDoor::attach_before(Arena& arena, ArenaObserver& observer,
                                 std::size_t point,
                                 bool of_next_block) noexcept {
  if (ArenaInsider::find_door(arena, &observer) != nullptr) return;
  ObserverDoor* const door = make(arena, observer);
  if (door == nullptr) return;
  door->mean_ = observer.interest_.load(std::memory_order_relaxed);
  if (of_next_block) {
    door->skipping_ = true;
    door->skip_blocks(point);
  } else {
    door->distance_ = static_cast<std::ptrdiff_t>(point);
  }
}

ObserverDoor* ObserverDoor::make(Arena& arena,
                                 ArenaObserver& observer) noexcept {
  auto* const door = new (std::nothrow) ObserverDoor(arena, observer);
  if (door == nullptr) return nullptr;
  ArenaInsider::attach(arena, *door);
  ObserverCall(observer)->attached(door->observed(arena),
                                   ArenaInsider::blocks(arena) == 0);
  return door;
}

void ObserverDoor::detach(Arena& arena, ArenaObserver& observer) noexcept {
  ArenaDoor* const door = ArenaInsider::find_door(arena, &observer);
  if (door == nullptr) return;
  ArenaInsider::detach(arena, *door);
  delete static_cast<ObserverDoor*>(door);
}

ObservedArena ObserverDoor::observed(const Arena& arena) const noexcept {
  return {arena, number_, ArenaInsider::block_bytes(arena)};
}

std::size_t ObserverDoor::passed(const Arena& arena,
                                 const ColdAllocation& allocation) noexcept {
  owner_.leave(observer_.owner_rule_);
  if (observer_.sees_blocks_) tell_slabs_and_block(arena, allocation);
  // Relaxed: an interest stands for itself.
  const std::size_t mean = observer_.interest_.load(std::memory_order_relaxed);
  if (mean != 0 && mean != SIZE_MAX) return sample(arena, allocation, mean);
  forget_point();
  if (mean == 0) tell_allocation(arena, allocation, 1);
  return mean;
}

void ObserverDoor::entering(const Arena& /*arena*/) noexcept {
  owner_.enter(observer_.owner_rule_);
}

void ObserverDoor::reserved(const Arena& /*arena*/) noexcept {
  owner_.leave(observer_.owner_rule_);
}

void ObserverDoor::handed_over(const Arena& /*arena*/) noexcept {
  owner_.forget();
}

// Oldest first. There is seldom more than one, and never more than the blocks
// taken since.
void ObserverDoor::tell_slabs(const Arena& arena, const Slab* newest) noexcept {
  if (newest == nullptr || newest == newest_slab_) return;
  tell_slabs(arena, newest->previous);
  newest_slab_ = newest;
  ObserverCall(observer_)->slab_taken(
      observed(arena),
      {newest, newest->bytes, ArenaInsider::reserved_bytes(arena)});
}

void ObserverDoor::tell_slabs_and_block(
    const Arena& arena, const ColdAllocation& allocation) noexcept {
  tell_slabs(arena, ArenaInsider::record(arena)->newest_slab);
  if (!allocation.took_block) return;
  const Block& block = *ArenaInsider::newest_block(arena);
  const bool left_one = !block.is_dedicated() && current_block_ != nullptr;
  const std::size_t tail = left_one ? Block::of(current_block_)->tail() : 0;
  current_block_ = ArenaInsider::current_block(arena);
  ObserverCall(observer_)->block_taken(
      observed(arena), {block.data(), block.bytes(), block.is_dedicated(),
                        ArenaInsider::blocks(arena) - 1, arena.memory_usage(),
                        tail, allocation.bytes});
}

void ObserverDoor::tell_allocation(const Arena& arena,
                                   const ColdAllocation& allocation,
                                   double weight) noexcept {
  ObserverCall(observer_)->allocated(
      observed(arena),
      {allocation.ptr, allocation.bytes, allocation.alignment, allocation.slop,
       ArenaInsider::remaining(arena), allocation.took_block, weight});
}

// A point among the bytes of the allocation makes it one of the sample. What
// was handed out unseen since the last time has none. Points in slop and tails
// do not count.
std::size_t ObserverDoor::sample(const Arena& arena,
                                 const ColdAllocation& allocation,
                                 std::size_t mean) noexcept {
  const std::size_t left = skipping_ ? end_skip() : kNotSkipping;
  if (mean != mean_ || (skipping_ && left == kNotSkipping)) {
    forget_point();
    mean_ = mean;
    position_ = nullptr;
  }
  if (allocation.took_block &&
      ArenaInsider::newest_block(arena)->is_dedicated()) {
    return sample_dedicated(arena, allocation);
  }
  std::ptrdiff_t distance = distance_to_point(allocation, left);
  // No object is so large that this would lose a bit.
  const auto bytes = static_cast<std::ptrdiff_t>(allocation.bytes);
  if (distance < bytes) {
    tell_sampled(arena, allocation);
    distance = draw_point(mean_);
  } else {
    distance -= bytes;
  }
  position_ = ArenaInsider::position(arena);
  distance_ = distance;
  return grant_to_point(arena);
}

// A block of its own has points of its own, and the current block keeps its
// point. If that lies beyond the current block it is what was skipped to, and
// then it lies in this one.
std::size_t ObserverDoor::sample_dedicated(
    const Arena& arena, const ColdAllocation& allocation) noexcept {
  const auto bytes = static_cast<std::ptrdiff_t>(allocation.bytes);
  if (skipping_ || draw_point(mean_) < bytes) tell_sampled(arena, allocation);
  if (skipping_) {
    skip_blocks(static_cast<std::size_t>(draw_point(mean_)));
    return SIZE_MAX;
  }
  if (position_ == nullptr) {
    position_ = ArenaInsider::position(arena);
    distance_ = draw_point(mean_);
  }
  return grant_to_point(arena);
}

// Returns how far behind the first byte of the allocation the next point lies.
// It may be drawn anew wherever that does not depend on where it lies: at each
// block, if blocks are seen. If they are not, a point that was in the current
// block, and so not skipped to, was in the tail, and the next block has its
// own.
std::ptrdiff_t ObserverDoor::distance_to_point(const ColdAllocation& allocation,
                                               std::size_t left) noexcept {
  if (skipping_) return static_cast<std::ptrdiff_t>(left);
  if (!allocation.took_block && position_ != nullptr) {
    const std::ptrdiff_t distance = distance_ - (allocation.ptr - position_);
    if (distance >= 0) return distance;
  }
  return draw_point(mean_);
}

// Returns how many bytes may be handed out before the point.
std::size_t ObserverDoor::grant_to_point(const Arena& arena) noexcept {
  const auto grant = static_cast<std::size_t>(
      distance_ - (ArenaInsider::position(arena) - position_));
  const std::size_t remaining = ArenaInsider::remaining(arena);
  skipping_ = !observer_.sees_blocks_ && grant >= remaining;
  if (skipping_) skip_blocks(grant - remaining);
  return grant;
}

void ObserverDoor::forget_point() noexcept {
  mean_ = 0;
  skipping_ = false;
  (void)end_skip();
}

void ObserverDoor::tell_sampled(const Arena& arena,
                                const ColdAllocation& allocation) noexcept {
  const double probability = -std::expm1(
      -static_cast<double>(allocation.bytes) / static_cast<double>(mean_));
  tell_allocation(arena, allocation, 1 / probability);
}

void ObserverDoor::resized(const Arena& arena, char* ptr, std::size_t old_bytes,
                           std::size_t new_bytes) noexcept {
  owner_.visit(observer_.owner_rule_);
  // Drawn anew at the next allocation, of which this is told whichever it is.
  forget_point();
  ObserverCall(observer_)->resized(observed(arena), ptr, old_bytes, new_bytes);
}

void ObserverDoor::exhausted(const Arena& arena, std::size_t bytes,
                             std::size_t alignment) noexcept {
  owner_.leave(observer_.owner_rule_);
  ObserverCall(observer_)->out_of_memory(observed(arena), bytes, alignment);
}

void ObserverDoor::marked(const Arena& arena) noexcept {
  owner_.visit(observer_.owner_rule_);
  ObserverCall(observer_)->scope_begun(observed(arena));
}

void ObserverDoor::mark_lifted(const Arena& arena) noexcept {
  owner_.visit(observer_.owner_rule_);
  ObserverCall(observer_)->scope_ended(observed(arena));
}

void ObserverDoor::rewinding(Arena& arena, const ArenaMark& mark,
                             std::size_t keep_bytes) noexcept {
  owner_.visit(observer_.owner_rule_);
  ObserverCall(observer_)->scope_rewinding(observed(arena), mark.usage,
                                           keep_bytes);
  if (newest_slab_ != nullptr) newest_slab_ = mark.newest_slab;
  current_block_ = mark.block_end == nullptr
                       ? nullptr
                       : mark.block_end - ArenaInsider::block_bytes(arena);
  forget_point();
}

void ObserverDoor::resetting(Arena& arena, std::size_t keep_bytes) noexcept {
  owner_.visit(observer_.owner_rule_);
  ObserverCall(observer_)->resetting(observed(arena), keep_bytes);
  if (newest_slab_ != nullptr) {
    // Not by the record, which is elsewhere while the arena is sealed.
    newest_slab_ = ArenaInsider::record(arena)->newest_slab;
    while (newest_slab_->previous != nullptr) {
      newest_slab_ = newest_slab_->previous;
    }
  }
  current_block_ = nullptr;
  forget_point();
}

void ObserverDoor::ending(Arena& arena) noexcept {
  owner_.visit(observer_.owner_rule_);
  ObserverCall(observer_)->ending(observed(arena));
  delete this;
}

}  // namespace bitcoinleveldb::detail
