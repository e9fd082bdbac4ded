// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "heap_source.h"

#include <new>

#include "bitcoinleveldb/detail/failure.h"

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

}  // namespace

void* HeapSource::do_allocate(std::size_t bytes, std::size_t alignment) {
  void* const memory = allocate_or_null(bytes, alignment);
#ifdef __cpp_exceptions
  if (memory == nullptr) fail_exhausted(bytes);
#endif
  return memory;
}

void HeapSource::do_deallocate(void* memory, std::size_t /*bytes*/,
                               std::size_t alignment) {
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
