// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "heap_source.h"

#include <atomic>
#include <new>

#include "source_memory.h"

namespace bitcoinleveldb::detail {

namespace {

constexpr bool is_over_aligned(std::size_t alignment) {
  return alignment > __STDCPP_DEFAULT_NEW_ALIGNMENT__;
}

void* allocate_or_null(std::size_t bytes, std::size_t alignment) noexcept {
  return is_over_aligned(alignment)
             ? ::operator new (bytes, std::align_val_t{alignment}, std::nothrow)
             : ::operator new(bytes, std::nothrow);
}

// It stands for itself; nothing is published by it.
std::atomic<std::size_t> g_held_bytes{0};

}  // namespace

std::size_t HeapSource::held_bytes() noexcept {
  return g_held_bytes.load(std::memory_order_relaxed);
}

void* HeapSource::do_allocate(std::size_t bytes, std::size_t alignment) {
  void* const memory = allocate_or_null(bytes, alignment);
  if (memory == nullptr) return no_memory(bytes);
  g_held_bytes.fetch_add(bytes, std::memory_order_relaxed);
  return memory;
}

void HeapSource::do_deallocate(void* memory, std::size_t bytes,
                               std::size_t alignment) {
  g_held_bytes.fetch_sub(bytes, std::memory_order_relaxed);
  if (is_over_aligned(alignment)) {
    ::operator delete (memory, std::align_val_t{alignment});
  } else {
    ::operator delete(memory);
  }
}

bool HeapSource::do_is_equal(
    const std::pmr::memory_resource& other) const noexcept {
  return this == &other;
}

}  // namespace bitcoinleveldb::detail
