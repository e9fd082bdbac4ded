// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "port/memory_checker.h"

#include <cstdint>

// The requests to Valgrind are instructions that do nothing outside of it.
// NVALGRIND is the switch of its own headers, which they set themselves for a
// processor that Valgrind does not know.
#if defined(__has_include) && !defined(NVALGRIND)
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/valgrind.h>
#ifndef NVALGRIND
#include <valgrind/memcheck.h>
#endif
#endif
#endif

#if defined(__ELF__)

// The sanitizers' interface, as far as it is used here. It is in programs built
// with the sanitizer; elsewhere these are null.
// NOLINTBEGIN(bugprone-reserved-identifier): the names are theirs
extern "C" {
[[gnu::weak]] void __asan_poison_memory_region(const volatile void* memory,
                                               std::size_t bytes);
[[gnu::weak]] void __asan_unpoison_memory_region(const volatile void* memory,
                                                 std::size_t bytes);
[[gnu::weak]] void __msan_allocated_memory(const volatile void* memory,
                                           std::size_t bytes);
}
// NOLINTEND(bugprone-reserved-identifier)

#endif

namespace bitcoinleveldb::port {

namespace {

#if defined(__ELF__)

bool is_asan() noexcept { return &__asan_poison_memory_region != nullptr; }
bool is_msan() noexcept { return &__msan_allocated_memory != nullptr; }

void asan_close(void* memory, std::size_t bytes) noexcept {
  if (is_asan()) __asan_poison_memory_region(memory, bytes);
}
void asan_open(void* memory, std::size_t bytes) noexcept {
  if (is_asan()) __asan_unpoison_memory_region(memory, bytes);
}
void msan_forget(void* memory, std::size_t bytes) noexcept {
  if (is_msan()) __msan_allocated_memory(memory, bytes);
}

#else

bool is_asan() noexcept { return false; }
bool is_msan() noexcept { return false; }
void asan_close(void*, std::size_t) noexcept {}
void asan_open(void*, std::size_t) noexcept {}
void msan_forget(void*, std::size_t) noexcept {}

#endif

#ifdef VALGRIND_GET_VBITS

// Other tools of Valgrind do not answer.
bool find_memcheck() noexcept {
  const char byte = 0;
  char bits = 0;
  return VALGRIND_GET_VBITS(&byte, &bits, 1) == 1;
}

#else

#undef VALGRIND_CREATE_MEMPOOL
#undef VALGRIND_MEMPOOL_ALLOC
#undef VALGRIND_MEMPOOL_CHANGE
#undef VALGRIND_MEMPOOL_TRIM
#undef VALGRIND_DESTROY_MEMPOOL
#define VALGRIND_MAKE_MEM_NOACCESS(memory, bytes) static_cast<void>(0)
#define VALGRIND_MAKE_MEM_UNDEFINED(memory, bytes) static_cast<void>(0)
#define VALGRIND_CREATE_MEMPOOL(pool, redzone, zeroed) static_cast<void>(pool)
#define VALGRIND_MEMPOOL_ALLOC(pool, memory, bytes) static_cast<void>(pool)
#define VALGRIND_MEMPOOL_CHANGE(pool, from, to, bytes) static_cast<void>(pool)
#define VALGRIND_MEMPOOL_TRIM(pool, memory, bytes) \
  (static_cast<void>(pool), static_cast<void>(bytes))
#define VALGRIND_DESTROY_MEMPOOL(pool) static_cast<void>(pool)

bool find_memcheck() noexcept { return false; }

#endif

bool g_memcheck = false;

// Before objects with static storage are made, some of which may be arenas.
[[gnu::constructor(101)]] void find_checker() noexcept {
  g_memcheck = find_memcheck();
  g_memory_is_checked = is_asan() || is_msan() || g_memcheck;
}

constexpr std::size_t up_to_granule(std::size_t bytes) {
  return (bytes + (kCheckedGranule - 1)) & (0 - kCheckedGranule);
}

}  // namespace

bool g_memory_is_checked = false;

const char* memory_checker_name() noexcept {
  if (is_asan()) return "AddressSanitizer";
  if (is_msan()) return "MemorySanitizer";
  return g_memcheck ? "Memcheck" : nullptr;
}

void open_checked(void* memory, std::size_t bytes) noexcept {
  asan_open(memory, bytes);
  if (g_memcheck) VALGRIND_MAKE_MEM_UNDEFINED(memory, bytes);
}

void close_checked(void* memory, std::size_t bytes) noexcept {
  asan_close(memory, bytes);
  msan_forget(memory, bytes);
  if (g_memcheck) VALGRIND_MAKE_MEM_NOACCESS(memory, bytes);
}

void guard_head(void* head, std::size_t bytes) noexcept {
  asan_close(head, bytes);
}

void block_begins(const void* block) noexcept {
  if (g_memcheck) VALGRIND_CREATE_MEMPOOL(block, 0, 0);
}

void allocated(const void* block, void* memory, std::size_t bytes) noexcept {
  asan_open(memory, bytes);
  msan_forget(memory, bytes);
  if (g_memcheck) VALGRIND_MEMPOOL_ALLOC(block, memory, bytes);
}

void resized(const void* block, char* memory, std::size_t old_bytes,
             std::size_t new_bytes) noexcept {
  if (g_memcheck) VALGRIND_MEMPOOL_CHANGE(block, memory, memory, new_bytes);
  if (new_bytes > old_bytes) {
    char* const more = memory + old_bytes;
    open_checked(more, new_bytes - old_bytes);
    msan_forget(more, new_bytes - old_bytes);
  } else if (new_bytes < old_bytes) {
    const auto address = reinterpret_cast<std::uintptr_t>(memory);
    const std::size_t end = up_to_granule(address + old_bytes);
    close_checked(memory + new_bytes, end - (address + new_bytes));
  }
}

void block_shrinks(const void* block, std::size_t bytes) noexcept {
  if (g_memcheck) VALGRIND_MEMPOOL_TRIM(block, block, bytes);
}

void block_ends(const void* block) noexcept {
  if (g_memcheck) VALGRIND_DESTROY_MEMPOOL(block);
}

}  // namespace bitcoinleveldb::port
