// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "oracle/our_subject.h"

#include <sstream>

#include "bitcoinleveldb/detail/arena_insider.h"

namespace bitcoinleveldb {

std::size_t residue_of(const char* ptr) {
  return reinterpret_cast<std::uintptr_t>(ptr) % Placement::kResidues;
}

std::size_t offset_in(const char* block, std::size_t block_bytes,
                      const char* ptr, std::size_t bytes) {
  const auto start = reinterpret_cast<std::uintptr_t>(block);
  const auto place = reinterpret_cast<std::uintptr_t>(ptr);
  if (block == nullptr || place < start || place - start > block_bytes ||
      bytes > block_bytes - (place - start)) {
    return Placement::kOutside;
  }
  return place - start;
}

std::string to_string(const Placement& placement) {
  std::ostringstream text;
  if (placement.block == Placement::kOutside) {
    text << "in no block";
  } else {
    text << "block " << placement.block << " offset " << placement.offset;
  }
  text << ", address % " << Placement::kResidues << " = " << placement.residue
       << ", usage " << placement.usage;
  return text.str();
}

Placement OurSubject::place(ArenaRequest request) {
  using detail::ArenaInsider;
  const std::size_t blocks = ArenaInsider::blocks(arena_);
  const char* const ptr = serve(request);
  const char* block = ArenaInsider::current_block(arena_);
  std::size_t block_bytes = static_cast<std::size_t>(
      ArenaInsider::position(arena_) + ArenaInsider::remaining(arena_) - block);
  std::size_t number = current_;
  if (ArenaInsider::blocks(arena_) != blocks) {
    const detail::Block* const newest = ArenaInsider::newest_block(arena_);
    number = blocks;
    if (newest->data() == block) current_ = number;
    block = newest->data();
    block_bytes = newest->bytes();
  }
  const std::size_t offset = offset_in(block, block_bytes, ptr, request.bytes);
  return {offset == Placement::kOutside ? offset : number, offset,
          residue_of(ptr), arena_.memory_usage()};
}

char* OurSubject::serve(ArenaRequest request) {
  return request.aligned ? arena_.allocate_aligned(request.bytes)
                         : arena_.allocate(request.bytes);
}

}  // namespace bitcoinleveldb
