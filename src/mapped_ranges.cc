// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "mapped_ranges.h"

#include <algorithm>
#include <new>

#include "immortal.h"
#include "port/fork.h"
#include "port/pages.h"

namespace bitcoinleveldb::detail {

MappedRanges& MappedRanges::instance() noexcept {
  return immortal<MappedRanges>();
}

MappedRanges::MappedRanges() noexcept {
  static constexpr port::ForkCalls kCalls{[] { instance().mutex_.lock(); },
                                          [] { instance().mutex_.unlock(); },
                                          [] { instance().mutex_.unlock(); }};
  port::at_fork(port::ForkOrder::kMappedRanges, kCalls);
}

MappedRanges::Range** MappedRanges::chain_of(std::uintptr_t start) noexcept {
  return &chains_[start / port::kHugePageBytes % chains_.size()];
}

bool MappedRanges::add(const void* memory, std::size_t bytes) noexcept {
  const auto start = reinterpret_cast<std::uintptr_t>(memory);
  auto* const range = new (std::nothrow) Range{nullptr, start, bytes};
  if (range == nullptr) return false;
  const std::lock_guard lock(mutex_);
  Range** const chain = chain_of(start);
  range->next = *chain;
  *chain = range;
  return true;
}

void MappedRanges::remove(const void* memory) noexcept {
  const auto start = reinterpret_cast<std::uintptr_t>(memory);
  Range* range = nullptr;
  {
    const std::lock_guard lock(mutex_);
    Range** link = chain_of(start);
    while ((*link)->start != start) link = &(*link)->next;
    range = *link;
    *link = range->next;
  }
  delete range;
}

std::size_t MappedRanges::bytes_at(const void* memory) noexcept {
  const auto start = reinterpret_cast<std::uintptr_t>(memory);
  const std::lock_guard lock(mutex_);
  const Range* range = *chain_of(start);
  while (range != nullptr && range->start != start) range = range->next;
  return range == nullptr ? 0 : range->bytes;
}

std::size_t MappedRanges::bytes_within(std::uintptr_t start,
                                       std::uintptr_t end) noexcept {
  std::size_t sum = 0;
  const std::lock_guard lock(mutex_);
  for (const Range* range : chains_) {
    for (; range != nullptr; range = range->next) {
      const std::uintptr_t from = std::max(start, range->start);
      const std::uintptr_t to =
          std::min(end, range->start + port::up_to_page(range->bytes));
      if (from < to) sum += to - from;
    }
  }
  return sum;
}

}  // namespace bitcoinleveldb::detail
