// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_DEPOT_LIST_H_
#define BITCOINLEVELDB_SRC_DEPOT_LIST_H_

#include <cstddef>
#include <mutex>

#include "bitcoinleveldb/block_depot.h"

namespace bitcoinleveldb::detail {

// All depots of the process, for its figures, and so that none of their locks
// is held in the child of a fork.
class DepotList {
 public:
  static DepotList& instance() noexcept;

  DepotList() noexcept;
  DepotList(const DepotList&) = delete;
  DepotList& operator=(const DepotList&) = delete;
  ~DepotList() = delete;

  void add(BlockDepot& depot) noexcept;
  void remove(BlockDepot& depot) noexcept;

  // Returns the bytes retained by those depots whose upstream is `source`.
  std::size_t bytes_retained_of(
      const std::pmr::memory_resource* source) noexcept;

 private:
  static void lock_all();
  static void unlock_all();

  // Taken before the lock of a depot.
  std::mutex mutex_;
  BlockDepot* first_ = nullptr;
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_DEPOT_LIST_H_
