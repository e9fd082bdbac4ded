// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "page_source.h"

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "bitcoinleveldb/page_source.h"
#include "immortal.h"
#include "mapped_ranges.h"
#include "port/pages.h"
#include "source_memory.h"

namespace bitcoinleveldb {

namespace detail {

namespace {

// No mapping is larger, and sizes up to this can be rounded up.
constexpr std::size_t kMappedBytesMax = PTRDIFF_MAX - port::kHugePageBytes;

std::size_t up_to_page(std::size_t bytes) {
  return port::up_to_page(std::max<std::size_t>(bytes, 1));
}

// It stands for itself; nothing is published by it.
std::atomic<std::size_t> g_held_bytes{0};

}  // namespace

std::size_t PageSource::held_bytes() noexcept {
  return g_held_bytes.load(std::memory_order_relaxed);
}

void* PageSource::do_allocate(std::size_t bytes, std::size_t alignment) {
  if (bytes > kMappedBytesMax) return no_memory(bytes);
  const bool huge = bytes >= port::kHugePageBytes;
  const std::size_t mapped = up_to_page(bytes);
  void* const memory = port::map_pages(
      mapped,
      std::max(alignment, huge ? port::kHugePageBytes : port::page_bytes()));
  if (memory == nullptr) return no_memory(bytes);
  if (!MappedRanges::instance().add(memory, bytes)) {
    port::unmap_pages(memory, mapped);
    return no_memory(bytes);
  }
  g_held_bytes.fetch_add(mapped, std::memory_order_relaxed);
  if (huge) port::advise_huge_pages(memory, mapped);
  return memory;
}

// It is forgotten first: once unmapped, another thread may get the addresses.
void PageSource::do_deallocate(void* memory, std::size_t bytes,
                               std::size_t /*alignment*/) {
  const std::size_t mapped = up_to_page(bytes);
  MappedRanges::instance().remove(memory);
  g_held_bytes.fetch_sub(mapped, std::memory_order_relaxed);
  port::unmap_pages(memory, mapped);
}

bool PageSource::do_is_equal(
    const std::pmr::memory_resource& other) const noexcept {
  return this == &other;
}

}  // namespace detail

std::pmr::memory_resource* page_source() noexcept {
  return &detail::immortal<detail::PageSource>();
}

}  // namespace bitcoinleveldb
