// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "depot_list.h"

#include "immortal.h"
#include "linked_list.h"
#include "port/fork.h"

namespace bitcoinleveldb::detail {

DepotList& DepotList::instance() noexcept { return immortal<DepotList>(); }

DepotList::DepotList() noexcept {
  static constexpr port::ForkCalls kCalls{lock_all, unlock_all, unlock_all};
  port::at_fork(port::ForkOrder::kDepots, kCalls);
}

void DepotList::lock_all() {
  DepotList& list = instance();
  list.mutex_.lock();
  for (BlockDepot* depot = list.first_; depot != nullptr;
       depot = depot->next_) {
    depot->mutex_.lock();
  }
}

void DepotList::unlock_all() {
  DepotList& list = instance();
  for (BlockDepot* depot = list.first_; depot != nullptr;
       depot = depot->next_) {
    depot->mutex_.unlock();
  }
  list.mutex_.unlock();
}

void DepotList::add(BlockDepot& depot) noexcept {
  const std::lock_guard lock(mutex_);
  link_first(first_, depot, &BlockDepot::next_);
}

void DepotList::remove(BlockDepot& depot) noexcept {
  const std::lock_guard lock(mutex_);
  unlink(first_, depot, &BlockDepot::next_);
}

std::size_t DepotList::bytes_retained_of(
    const std::pmr::memory_resource* source) noexcept {
  std::size_t sum = 0;
  const std::lock_guard lock(mutex_);
  for (const BlockDepot* depot = first_; depot != nullptr;
       depot = depot->next_) {
    if (depot->upstream_ == source) sum += depot->stats().retained_bytes;
  }
  return sum;
}

}  // namespace bitcoinleveldb::detail
