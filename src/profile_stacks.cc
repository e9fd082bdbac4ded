// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "profile_stacks.h"

#include <algorithm>

namespace bitcoinleveldb::detail {

namespace {

// An index that is at most half full.
std::size_t index_size(std::size_t stacks_max) {
  std::size_t size = 2;
  while (size < 2 * stacks_max) size *= 2;
  return size;
}

// FNV-1a over words, with the high bits mixed into the low ones that count.
std::size_t hash(const std::uintptr_t* frames, std::size_t count) {
  std::uint64_t value = 0xCBF29CE484222325U;
  for (const std::uintptr_t* frame = frames; frame != frames + count; ++frame) {
    value = (value ^ *frame) * 0x100000001B3U;
    value ^= value >> 29U;
  }
  return static_cast<std::size_t>(value ^ (value >> 32U));
}

}  // namespace

ProfileStacks::ProfileStacks(std::size_t stacks_max)
    : index_(index_size(stacks_max), kOthers) {
  stacks_.reserve(stacks_max + 1);
  stacks_.emplace_back();
}

std::uint32_t ProfileStacks::find_or_add(const std::uintptr_t* frames,
                                         std::size_t count) noexcept {
  if (count == 0) return kOthers;
  const std::size_t mask = index_.size() - 1;
  std::size_t slot = hash(frames, count) & mask;
  for (; index_[slot] != kOthers; slot = (slot + 1) & mask) {
    const ProfileStack& stack = stacks_[index_[slot]];
    if (stack.frame_count == count &&
        std::equal(frames, frames + count, stack.frames.begin())) {
      return index_[slot];
    }
  }
  if (stacks_.size() == stacks_.capacity()) return kOthers;
  const auto number = static_cast<std::uint32_t>(stacks_.size());
  ProfileStack& stack = stacks_.emplace_back();
  std::copy(frames, frames + count, stack.frames.begin());
  stack.frame_count = count;
  index_[slot] = number;
  return number;
}

}  // namespace bitcoinleveldb::detail
