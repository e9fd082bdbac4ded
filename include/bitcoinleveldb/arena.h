// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A bump allocator for storage engines: memory is handed out piece by piece
// from blocks and given back all at once. Use it for memtables, table builders
// and scratch space. It is not a general-purpose malloc: nothing is freed
// before the arena goes, and it runs no destructors of what lies in it by
// itself (arena_objects.h has objects that are destroyed).
//
//   bitcoinleveldb::Arena arena;
//   char* key = arena.allocate(33);           // packed, any address
//   char* node = arena.allocate_aligned(48);  // a multiple of 8
//   std::size_t held = arena.memory_usage();  // readable from any thread
//
// Behaviour, accounting and layout are those of LevelDB's C++ Arena; every
// deliberate difference is listed in docs/parity.md.

#ifndef BITCOINLEVELDB_ARENA_H_
#define BITCOINLEVELDB_ARENA_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/detail/attributes.h"
#include "bitcoinleveldb/detail/placement.h"

namespace bitcoinleveldb {

namespace detail {
class ArenaInsider;
class DefaultObservers;
class ObserverDoor;
struct ArenaLayout;
struct ArenaRecord;
struct Block;
}  // namespace detail

/// A monotonic arena with LevelDB's placement policy.
///
/// Invariants:
/// 1. What was allocated stays valid and in place until the arena goes, also
///    when the arena is moved.
/// 2. No two allocations share a byte, and none is null.
/// 3. A call that fails leaves the arena as it was.
/// 4. Usage is the sum over blocks of block bytes + `sizeof(char*)`.
///
/// Thread safety: one thread at a time, except `memory_usage`, which any
/// thread may call at any time while the arena lives and is not being moved.
/// Complexity: an allocation is O(1); destruction is O(slabs). A block source
/// is asked for memory at most once in a call.
class BITCOINLEVELDB_EXPORT Arena {
 public:
  /// The alignment of `allocate_aligned(bytes)`.
  static constexpr std::size_t kAlignment = alignof(void*) > 8 ? alignof(void*)
                                                               : 8;

  /// Every block starts and ends at a multiple of this, and `allocate_aligned`
  /// serves alignments up to it inline.
  static constexpr std::size_t kBlockAlignment = detail::kPlacementUnit;

  /// Makes an empty arena; takes no memory. The process-wide defaults apply as
  /// they are when it takes its first block.
  Arena() noexcept = default;

  /// Makes an empty arena with `options`; takes its first slab.
  /// THROWS: `std::invalid_argument` for an option that is not allowed,
  /// `std::bad_alloc` or what the block source throws.
  explicit Arena(const ArenaOptions& options);

  /// Gives every slab back to its block source.
  /// INVALIDATES: everything allocated from the arena.
  ~Arena() {
    if (record_ != nullptr) release_slabs();
  }

  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// Takes over all of `other`, which becomes like a default-constructed
  /// arena. Pointers into it stay valid. An arena assigned to gives its own
  /// memory back first.
  Arena(Arena&& other) noexcept { take(other); }
  Arena& operator=(Arena&& other) noexcept;

  /// Returns `bytes` bytes at any address; 0 bytes are served as 1. Their
  /// content is unspecified.
  /// THROWS: `std::bad_alloc` if memory runs out or `bytes` cannot be had, or
  /// what the block source throws.
  /// COMPAT: LevelDB's `Allocate`, but 0 bytes and failure are defined
  /// (docs/parity.md, P1-P3, D1-D3).
  [[nodiscard]] char* allocate(std::size_t bytes) {
    char* result;
    if (BITCOINLEVELDB_LIKELY(bump(bytes, 1, &result))) return result;
    return allocate_cold(bytes, 1);
  }

  /// As `allocate`, at a multiple of `kAlignment`.
  /// COMPAT: LevelDB's `AllocateAligned`, but sizes that overflow and 0 bytes
  /// are defined (docs/parity.md, P4, D1-D3).
  [[nodiscard]] char* allocate_aligned(std::size_t bytes) {
    char* result;
    if (BITCOINLEVELDB_LIKELY(bump(bytes, kAlignment, &result))) return result;
    return allocate_cold(bytes, kAlignment);
  }

  /// As `allocate`, at a multiple of `alignment`, which may be any power of
  /// two; above `kBlockAlignment` the call is served out of line.
  /// THROWS: also `std::invalid_argument` if `alignment` is no power of two.
  /// COMPAT: LevelDB has no such call (docs/parity.md, D4).
  [[nodiscard]] char* allocate_aligned(std::size_t bytes,
                                       std::size_t alignment) {
    char* result;
    if (is_inline(alignment) && bump(bytes, alignment, &result)) return result;
    return allocate_cold(bytes, alignment);
  }

  /// As the calls above, but return `nullptr` for every failure and never
  /// throw.
  /// COMPAT: LevelDB has no such calls (docs/parity.md, D3).
  [[nodiscard]] char* try_allocate(std::size_t bytes) noexcept {
    char* result;
    if (BITCOINLEVELDB_LIKELY(bump(bytes, 1, &result))) return result;
    return try_allocate_cold(bytes, 1);
  }
  [[nodiscard]] char* try_allocate_aligned(std::size_t bytes) noexcept {
    char* result;
    if (BITCOINLEVELDB_LIKELY(bump(bytes, kAlignment, &result))) return result;
    return try_allocate_cold(bytes, kAlignment);
  }
  [[nodiscard]] char* try_allocate_aligned(std::size_t bytes,
                                           std::size_t alignment) noexcept {
    char* result;
    if (is_inline(alignment) && bump(bytes, alignment, &result)) return result;
    return try_allocate_cold(bytes, alignment);
  }

  /// What `reset` keeps if it is to keep everything.
  static constexpr std::size_t kKeepAll = SIZE_MAX;

  /// Forgets everything allocated: usage is 0 again, and the arena places
  /// requests as a fresh one with the same options does. Keeps slabs for the
  /// next round, the oldest first, up to `keep_bytes` bytes, and gives the
  /// others back. If that is less than its first slab it keeps none and is
  /// like a default-constructed arena; one made with options, or one that is
  /// observed, guarded or checked, keeps its first slab even so.
  /// INVALIDATES: everything allocated from the arena.
  /// Complexity: O(slabs), whatever the number of allocations.
  /// COMPAT: LevelDB has no such call.
  void reset(std::size_t keep_bytes = kKeepAll) noexcept;

  /// Returns the usage in bytes: 0 at first; each block adds its bytes and
  /// `sizeof(char*)`, nothing else does.
  /// THREAD SAFETY: may be called from any thread; a relaxed read, which
  /// orders nothing else.
  /// COMPAT: LevelDB's `MemoryUsage` (docs/parity.md, P5, P6).
  [[nodiscard]] std::size_t memory_usage() const noexcept {
    return memory_usage_.load(std::memory_order_relaxed);
  }

 private:
  friend class detail::ArenaInsider;
  friend struct detail::ArenaLayout;

  static constexpr bool is_inline(std::size_t alignment) noexcept {
    return detail::is_inline_alignment(alignment);
  }

  bool bump(std::size_t bytes, std::size_t alignment, char** result) noexcept {
    return detail::bump_by_count(&alloc_ptr_, &alloc_bytes_remaining_, bytes,
                                 alignment, result);
  }

  BITCOINLEVELDB_COLD char* allocate_cold(std::size_t bytes,
                                          std::size_t alignment);
  BITCOINLEVELDB_COLD char* try_allocate_cold(std::size_t bytes,
                                              std::size_t alignment) noexcept;
  BITCOINLEVELDB_COLD void release_slabs() noexcept;
  void take(Arena& other) noexcept;

  // The placement of one request behind the cold door; null if memory ran out.
  char* place(std::size_t bytes, std::size_t alignment);
  char* place_first(std::size_t bytes, std::size_t alignment);
  char* place_watched(std::size_t bytes, std::size_t alignment);
  char* place_dedicated(std::size_t bytes, std::size_t alignment);
  char* place_anywhere(std::size_t bytes, std::size_t alignment);
  char* bump_real(std::size_t bytes, std::size_t alignment) noexcept;
  char* place_in_next_block(std::size_t bytes, std::size_t alignment) noexcept;
  char* place_in_new_block(std::size_t bytes, std::size_t alignment);
  char* enter_block(detail::Block& block, std::size_t bytes,
                    bool dedicated) noexcept;

  // The bump state. Code compiled from LevelDB's header reads and writes these
  // two at these offsets. The count may be withheld: smaller than what really
  // remains, by a multiple of kBlockAlignment, or 0, so that calls take the
  // cold path and can be seen there.
  char* alloc_ptr_ = nullptr;
  std::size_t alloc_bytes_remaining_ = 0;

  // Used out of line only; all null until the first slab is taken.
  detail::ArenaRecord* record_ = nullptr;
  detail::Block* newest_block_ = nullptr;
  char* block_end_ = nullptr;

  // Written by the owner with a relaxed load and store, read by anyone. It
  // publishes no other data, so nothing pairs with it.
  std::atomic<std::size_t> memory_usage_{0};
};

namespace detail {

// The layout that code compiled from LevelDB's header relies on, in words: with
// 64-bit pointers 0, 8, 16 and 40, and 48 bytes in all.
struct ArenaLayout {
  static constexpr std::size_t kWord = sizeof(void*);
  static_assert(offsetof(Arena, alloc_ptr_) == 0,
                "LevelDB's inlined Allocate finds the bump pointer here");
  static_assert(offsetof(Arena, alloc_bytes_remaining_) == kWord,
                "LevelDB's inlined Allocate finds the remaining count here");
  static_assert(offsetof(Arena, record_) == 2 * kWord,
                "only out-of-line code touches the three words from here");
  static_assert(offsetof(Arena, memory_usage_) == 5 * kWord,
                "LevelDB's inlined MemoryUsage reads the usage here");
  static_assert(sizeof(Arena) == 6 * kWord,
                "an Arena takes the place of LevelDB's inside its MemTable");
  static_assert(std::atomic<std::size_t>::is_always_lock_free,
                "usage is read as a plain word by compiled LevelDB code");
};

}  // namespace detail

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_ARENA_H_
