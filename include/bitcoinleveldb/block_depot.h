// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Keeps slabs that one arena gave back for the next one. A storage engine makes
// and drops memtables for ever; on a depot, after the first few, it takes no
// page fault and makes no system call for them.
//
//   bitcoinleveldb::BlockDepot depot({.retained_bytes_max = 128 << 20});
//   bitcoinleveldb::ArenaOptions options;
//   options.block_source = &depot;
//   bitcoinleveldb::Arena memtable(options);
//
// Not for allocations of all kinds of sizes: only equal sizes are reused, which
// the slabs of arenas with the same options have.
//
// Thread safety: every member may be called from any thread, and in the child
// of a fork.

#ifndef BITCOINLEVELDB_BLOCK_DEPOT_H_
#define BITCOINLEVELDB_BLOCK_DEPOT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <mutex>

#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb {

namespace detail {
class DepotList;
}  // namespace detail

/// The settings of a depot.
struct BlockDepotOptions {
  /// How many bytes the depot may hold for reuse; what comes back beyond it
  /// goes upstream at once. 0: nothing is ever held.
  std::size_t retained_bytes_max = std::size_t{64} << 20U;

  /// How many slabs may come back before the depot looks at what it holds: what
  /// no one needed in that time goes upstream. One that would fit the bound but
  /// finds no room counts as 128. 0: it never looks by itself.
  std::uint64_t trim_interval = 4096;

  /// Where slabs come from and go to; `nullptr` is huge pages. It is not owned
  /// and must outlive the depot.
  std::pmr::memory_resource* upstream = nullptr;
};

/// What a depot holds and has done.
struct BlockDepotStats {
  std::size_t retained_bytes = 0;     ///< held for reuse now
  std::size_t retained_slabs = 0;     ///< held for reuse now
  std::size_t outstanding_bytes = 0;  ///< handed out and not yet back
  std::uint64_t reused = 0;           ///< slabs served out of the depot
  std::uint64_t taken = 0;            ///< slabs taken from upstream
};

/// A bounded store of slabs between arenas and their source.
///
/// Invariants:
/// 1. `retained_bytes` never exceeds `retained_bytes_max`.
/// 2. A slab is handed out to one owner at a time.
///
/// Complexity: O(1) for each slab, under a lock that is held for some
/// instructions; upstream is called without it.
class BITCOINLEVELDB_EXPORT BlockDepot final
    : public std::pmr::memory_resource {
 public:
  explicit BlockDepot(const BlockDepotOptions& options = {});

  /// Gives all it holds upstream. REQUIRES: every slab has come back.
  ~BlockDepot() override;

  BlockDepot(const BlockDepot&) = delete;
  BlockDepot& operator=(const BlockDepot&) = delete;

  /// Gives slabs upstream until at most `keep_bytes` are held, and returns how
  /// many bytes went.
  std::size_t trim(std::size_t keep_bytes = 0) noexcept;

  /// Gives upstream, of each size, as many slabs as were held all the time
  /// since the last call, or since the depot looked by itself: more than anyone
  /// has needed lately. Returns how many bytes went.
  std::size_t trim_unneeded() noexcept;

  /// Takes `slabs` slabs of `bytes` bytes from upstream, and memory for all of
  /// their pages, as far as the bound allows. Returns how many are held of it.
  /// THROWS: what upstream throws; what was taken before stays held.
  std::size_t prefill(std::size_t bytes, std::size_t slabs);

  [[nodiscard]] BlockDepotStats stats() const noexcept;

 private:
  friend class detail::DepotList;

  struct Retained;
  struct Shelf {  // the slabs of one size
    std::size_t bytes = 0;
    Retained* first = nullptr;
    std::size_t slabs = 0;
    std::size_t unneeded = 0;  // the least held since the last look
  };

  void* do_allocate(std::size_t bytes, std::size_t alignment) override;
  void do_deallocate(void* memory, std::size_t bytes,
                     std::size_t alignment) override;
  bool do_is_equal(const memory_resource& other) const noexcept override;

  // All of these need the lock.
  Shelf* shelf_of(std::size_t bytes) noexcept;
  bool retain(void* memory, std::size_t bytes) noexcept;
  Retained* take_off(Shelf& shelf) noexcept;
  Shelf* largest_shelf() noexcept;

  // These must not have it.
  bool has_room(std::size_t bytes) const noexcept;
  void release(Retained* slabs) noexcept;

  // Slabs of as many sizes can be held; an arena has some twenty.
  static constexpr std::size_t kShelves = 64;

  const BlockDepotOptions options_;
  std::pmr::memory_resource* const upstream_;
  mutable std::mutex mutex_;
  // All below is guarded by mutex_.
  std::array<Shelf, kShelves> shelves_{};
  BlockDepotStats stats_;
  std::uint64_t returns_ = 0;  // since the last look

  // In the list of all depots, guarded by its own lock.
  BlockDepot* next_ = nullptr;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_BLOCK_DEPOT_H_
