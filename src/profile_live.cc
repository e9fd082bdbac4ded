// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "profile_live.h"

namespace bitcoinleveldb::detail {

LiveSamples::LiveSamples(std::size_t samples_max) {
  nodes_.reserve(samples_max);
}

bool LiveSamples::add(const LiveSample& sample) noexcept {
  if (!push(sample, false)) return false;
  ++samples_;
  return true;
}

// All stores to lists are relaxed: only the owners of their arenas look at them
// without the lock.
bool LiveSamples::push(const LiveSample& sample, bool is_scope) noexcept {
  std::uint32_t number = free_;
  if (number != kNone) {
    free_ = node(number).older;
  } else {
    if (nodes_.size() == nodes_.capacity()) return false;
    nodes_.emplace_back();
    number = static_cast<std::uint32_t>(nodes_.size());
  }
  std::atomic<std::uint32_t>& list = lists_[list_of(sample.arena)];
  node(number) = {sample, list.load(std::memory_order_relaxed), is_scope};
  list.store(number, std::memory_order_relaxed);
  return true;
}

std::uint32_t LiveSamples::find(std::uint64_t arena,
                                std::uint32_t& newer) noexcept {
  newer = kNone;
  std::uint32_t number = lists_[list_of(arena)].load(std::memory_order_relaxed);
  while (number != kNone && node(number).sample.arena != arena) {
    newer = number;
    number = node(number).older;
  }
  return number;
}

void LiveSamples::remove(std::uint64_t arena, std::uint32_t number,
                         std::uint32_t newer) noexcept {
  Node& removed = node(number);
  if (newer == kNone) {
    lists_[list_of(arena)].store(removed.older, std::memory_order_relaxed);
  } else {
    node(newer).older = removed.older;
  }
  if (!removed.is_scope) --samples_;
  removed.older = free_;
  free_ = number;
}

bool LiveSamples::begin_scope(std::uint64_t arena) noexcept {
  std::uint32_t newer = kNone;
  if (find(arena, newer) == kNone) return true;
  LiveSample scope;
  scope.arena = arena;
  return push(scope, true);
}

// Its samples have gone before.
void LiveSamples::end_scope(std::uint64_t arena) noexcept {
  std::uint32_t newer = kNone;
  const std::uint32_t number = find(arena, newer);
  if (number != kNone && node(number).is_scope) remove(arena, number, newer);
}

bool LiveSamples::take(std::uint64_t arena, bool within_scope,
                       LiveSample& sample) noexcept {
  std::uint32_t newer = kNone;
  std::uint32_t number = find(arena, newer);
  while (number != kNone && node(number).is_scope) {
    if (within_scope) return false;
    remove(arena, number, newer);
    number = find(arena, newer);
  }
  if (number == kNone) return false;
  sample = node(number).sample;
  remove(arena, number, newer);
  return true;
}

bool LiveSamples::take_from_scope(std::uint64_t arena,
                                  LiveSample& sample) noexcept {
  return take(arena, true, sample);
}

bool LiveSamples::take_from_arena(std::uint64_t arena,
                                  LiveSample& sample) noexcept {
  return take(arena, false, sample);
}

// The newest allocation of a block is the newest of all that were bumped, or of
// all that have dedicated blocks.
LiveSample* LiveSamples::find_newest(std::uint64_t arena,
                                     const char* ptr) noexcept {
  bool passed[2] = {false, false};
  std::uint32_t newer = kNone;
  for (std::uint32_t number = find(arena, newer);
       number != kNone && !(passed[0] && passed[1]);
       number = node(number).older) {
    Node& one = node(number);
    if (one.sample.arena != arena || one.is_scope) continue;
    if (one.sample.ptr == ptr) return &one.sample;
    passed[one.sample.dedicated ? 1 : 0] = true;
  }
  return nullptr;
}

}  // namespace bitcoinleveldb::detail
