// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The blocks of an arena as a range, newest first: what lies behind the figure
// that `memory_usage` returns.
//
//   for (const bitcoinleveldb::ArenaBlock& block : ArenaBlocks(arena)) {
//     dump(block.data, block.bytes);
//   }
//
// Thread safety: as the arena's own; only its owner may look, and not while
// it allocates.

#ifndef BITCOINLEVELDB_ARENA_BLOCKS_H_
#define BITCOINLEVELDB_ARENA_BLOCKS_H_

#include <cstddef>
#include <iterator>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/detail/arena_insider.h"

namespace bitcoinleveldb {

/// One block of an arena.
struct ArenaBlock {
  const char* data;   ///< its first byte, aligned to at least 16
  std::size_t bytes;  ///< as counted in usage, without the pointer
};

/// A forward range over the blocks of an arena, newest first.
/// INVALIDATES: an allocation invalidates its iterators.
/// Complexity: O(1) for each step.
class ArenaBlocks {
 public:
  class iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = ArenaBlock;
    using difference_type = std::ptrdiff_t;
    using pointer = const ArenaBlock*;
    using reference = ArenaBlock;

    iterator() noexcept = default;

    ArenaBlock operator*() const noexcept {
      return {block_->data(), block_->bytes()};
    }
    iterator& operator++() noexcept {
      block_ = block_->previous();
      return *this;
    }
    iterator operator++(int) noexcept {
      const iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(iterator a, iterator b) noexcept {
      return a.block_ == b.block_;
    }
    friend bool operator!=(iterator a, iterator b) noexcept {
      return !(a == b);
    }

   private:
    friend class ArenaBlocks;
    explicit iterator(const detail::Block* block) noexcept : block_(block) {}

    const detail::Block* block_ = nullptr;
  };

  /// Looks at `arena`, which must outlive this object.
  explicit ArenaBlocks(const Arena& arena) noexcept : arena_(&arena) {}

  [[nodiscard]] iterator begin() const noexcept {
    return iterator(detail::ArenaInsider::newest_block(*arena_));
  }
  [[nodiscard]] iterator end() const noexcept { return iterator(); }

  /// Returns the number of blocks, in O(1).
  [[nodiscard]] std::size_t size() const noexcept {
    return detail::ArenaInsider::blocks(*arena_);
  }

 private:
  const Arena* arena_;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_ARENA_BLOCKS_H_
