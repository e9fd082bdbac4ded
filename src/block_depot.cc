// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/block_depot.h"

#include <algorithm>
#include <cstdint>
#include <new>

#include "bitcoinleveldb/huge_page_source.h"
#include "depot_list.h"
#include "port/memory_checker.h"
#include "port/pages.h"
#include "source_memory.h"

namespace bitcoinleveldb {

namespace {

// The one alignment that slabs are asked for with. A request above it passes
// by the shelves, which know sizes only.
constexpr std::size_t kAlignment = 16;

// What a slab that finds no room counts towards the next look, so that a depot
// full of what a burst left behind makes room for what is in use now within a
// few arenas.
constexpr std::uint64_t kRefusalWeight = 128;

constexpr bool can_be_held(std::size_t bytes, std::size_t alignment) {
  return bytes >= 2 * sizeof(void*) && alignment <= kAlignment;
}

// Upstream is asked for all that can be held with one alignment, because that
// is what it will get it back with.
constexpr std::size_t upstream_alignment(std::size_t bytes,
                                         std::size_t alignment) {
  return can_be_held(bytes, alignment) ? kAlignment : alignment;
}

// A byte of each page is enough to have memory for all of it; the last one is
// of a page of its own if the slab does not start at a page.
void touch_pages(void* memory, std::size_t bytes) {
  auto* const start = static_cast<volatile char*>(memory);
  for (std::size_t at = 0; at < bytes; at += port::page_bytes()) start[at] = 0;
  start[bytes - 1] = 0;
}

}  // namespace

// Lies at the start of a slab that is held.
struct BlockDepot::Retained {
  Retained* next;
  std::size_t bytes;
};

BlockDepot::BlockDepot(const BlockDepotOptions& options)
    : options_(options),
      upstream_(options.upstream == nullptr ? huge_page_source()
                                            : options.upstream) {
  static_assert(sizeof(Retained) == 2 * sizeof(void*));
  detail::DepotList::instance().add(*this);
}

BlockDepot::~BlockDepot() {
  detail::DepotList::instance().remove(*this);
  trim();
}

std::size_t BlockDepot::trim(std::size_t keep_bytes) noexcept {
  Retained* slabs = nullptr;
  std::size_t bytes = 0;
  {
    const std::lock_guard lock(mutex_);
    while (stats_.retained_bytes > keep_bytes) {
      Retained* const slab = take_off(*largest_shelf());
      bytes += slab->bytes;
      slab->next = slabs;
      slabs = slab;
    }
  }
  release(slabs);
  return bytes;
}

std::size_t BlockDepot::trim_unneeded() noexcept {
  Retained* slabs = nullptr;
  std::size_t bytes = 0;
  {
    const std::lock_guard lock(mutex_);
    for (Shelf& shelf : shelves_) {
      for (std::size_t left = shelf.unneeded; left != 0; --left) {
        Retained* const slab = take_off(shelf);
        bytes += slab->bytes;
        slab->next = slabs;
        slabs = slab;
      }
      shelf.unneeded = shelf.slabs;
    }
    returns_ = 0;
  }
  release(slabs);
  return bytes;
}

std::size_t BlockDepot::prefill(std::size_t bytes, std::size_t slabs) {
  std::size_t held = 0;
  while (held != slabs && has_room(bytes)) {
    void* const memory = detail::take_from(*upstream_, bytes, kAlignment);
    if (memory == nullptr) break;
    touch_pages(memory, bytes);
    std::unique_lock lock(mutex_);
    ++stats_.taken;
    if (!retain(memory, bytes)) {
      lock.unlock();
      upstream_->deallocate(memory, bytes, kAlignment);
      break;
    }
    ++held;
  }
  return held;
}

bool BlockDepot::has_room(std::size_t bytes) const noexcept {
  const std::lock_guard lock(mutex_);
  return can_be_held(bytes, kAlignment) &&
         bytes <= options_.retained_bytes_max - stats_.retained_bytes;
}

BlockDepotStats BlockDepot::stats() const noexcept {
  const std::lock_guard lock(mutex_);
  return stats_;
}

void* BlockDepot::do_allocate(std::size_t bytes, std::size_t alignment) {
  if (can_be_held(bytes, alignment)) {
    const std::lock_guard lock(mutex_);
    Shelf* const shelf = shelf_of(bytes);
    if (shelf != nullptr && shelf->first != nullptr) {
      stats_.outstanding_bytes += bytes;
      ++stats_.reused;
      return take_off(*shelf);
    }
  }
  void* const memory = detail::take_from(*upstream_, bytes,
                                         upstream_alignment(bytes, alignment));
  if (memory == nullptr) return nullptr;
  const std::lock_guard lock(mutex_);
  ++stats_.taken;
  stats_.outstanding_bytes += bytes;
  return memory;
}

void BlockDepot::do_deallocate(void* memory, std::size_t bytes,
                               std::size_t alignment) {
  bool held = false;
  bool look = false;
  {
    const std::lock_guard lock(mutex_);
    stats_.outstanding_bytes -= bytes;
    const bool wanted =
        can_be_held(bytes, alignment) && bytes <= options_.retained_bytes_max;
    held = wanted && retain(memory, bytes);
    returns_ += wanted && !held ? kRefusalWeight : 1;
    look = options_.trim_interval != 0 && returns_ >= options_.trim_interval;
    // Whoever comes next begins a new count, while this one looks.
    if (look) returns_ = 0;
  }
  if (!held) {
    upstream_->deallocate(memory, bytes, upstream_alignment(bytes, alignment));
  }
  if (look) trim_unneeded();
}

bool BlockDepot::do_is_equal(
    const std::pmr::memory_resource& other) const noexcept {
  return this == &other;
}

// Returns the shelf for that size, one that is empty, or null.
BlockDepot::Shelf* BlockDepot::shelf_of(std::size_t bytes) noexcept {
  Shelf* empty = nullptr;
  for (Shelf& shelf : shelves_) {
    if (shelf.bytes == bytes) return &shelf;
    if (empty == nullptr && shelf.first == nullptr) empty = &shelf;
  }
  return empty;
}

bool BlockDepot::retain(void* memory, std::size_t bytes) noexcept {
  // What a source has misaligned is no use to anyone.
  if (reinterpret_cast<std::uintptr_t>(memory) % kAlignment != 0) return false;
  if (bytes > options_.retained_bytes_max - stats_.retained_bytes) return false;
  Shelf* const shelf = shelf_of(bytes);
  if (shelf == nullptr) return false;
  shelf->bytes = bytes;
  port::open_memory(memory, sizeof(Retained));
  shelf->first = new (memory) Retained{shelf->first, bytes};
  port::close_memory(shelf->first + 1, bytes - sizeof(Retained));
  ++shelf->slabs;
  stats_.retained_bytes += bytes;
  ++stats_.retained_slabs;
  return true;
}

BlockDepot::Retained* BlockDepot::take_off(Shelf& shelf) noexcept {
  Retained* const slab = shelf.first;
  shelf.first = slab->next;
  port::open_memory(slab + 1, slab->bytes - sizeof(Retained));
  --shelf.slabs;
  shelf.unneeded = std::min(shelf.unneeded, shelf.slabs);
  --stats_.retained_slabs;
  stats_.retained_bytes -= slab->bytes;
  return slab;
}

// Returns the shelf of the largest slabs held. REQUIRES: some are.
BlockDepot::Shelf* BlockDepot::largest_shelf() noexcept {
  Shelf* largest = nullptr;
  for (Shelf& shelf : shelves_) {
    if (shelf.first != nullptr &&
        (largest == nullptr || shelf.bytes > largest->bytes)) {
      largest = &shelf;
    }
  }
  return largest;
}

void BlockDepot::release(Retained* slabs) noexcept {
  while (slabs != nullptr) {
    Retained* const next = slabs->next;
    upstream_->deallocate(slabs, slabs->bytes, kAlignment);
    slabs = next;
  }
}

}  // namespace bitcoinleveldb
