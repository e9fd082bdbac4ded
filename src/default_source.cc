// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "default_source.h"

#include <array>
#include <new>

#include "bitcoinleveldb/block_depot.h"
#include "heap_source.h"

namespace bitcoinleveldb::detail {

namespace {

// What a thread keeps: enough for the slabs of a few small arenas, so that one
// that is made and dropped in a loop costs no call of malloc.
constexpr std::size_t kThreadSlabs = 8;
// With 128 KiB the first slab of one of more than 64 KiB would just not fit.
constexpr std::size_t kThreadBytesMax = std::size_t{144} << 10U;
constexpr std::size_t kThreadSlabBytesMax = std::size_t{64} << 10U;

// What the process keeps: two memtables of LevelDB's default size.
constexpr std::size_t kDepotBytesMax = std::size_t{9} << 20U;

// AddressSanitizer cannot see a use after the end of an arena whose memory
// went to the next one, so nothing is kept under it.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kKeep = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr bool kKeep = false;
#else
constexpr bool kKeep = true;
#endif
#else
constexpr bool kKeep = true;
#endif

// These are never destroyed: an arena with static storage may go after main
// ends.
HeapSource& heap() noexcept {
  alignas(HeapSource) static std::byte storage[sizeof(HeapSource)];
  static HeapSource* const instance = new (storage) HeapSource;
  return *instance;
}

BlockDepot& depot() noexcept {
  alignas(BlockDepot) static std::byte storage[sizeof(BlockDepot)];
  static BlockDepot* const instance = new (storage)
      BlockDepot(BlockDepotOptions{kKeep ? kDepotBytesMax : 0, 4096, nullptr});
  return *instance;
}

struct ThreadSlab {
  void* memory;
  std::size_t bytes;
};

// Plain data, so that it may be looked at before and after the guard lives.
struct ThreadCache {
  std::array<ThreadSlab, kThreadSlabs> slabs;
  std::size_t count;
  std::size_t bytes;
  bool ended;
};

thread_local ThreadCache t_cache{};

// Gives back what a thread kept when it ends.
struct ThreadEnd {
  ThreadEnd() = default;
  ThreadEnd(const ThreadEnd&) = delete;
  ThreadEnd& operator=(const ThreadEnd&) = delete;
  ~ThreadEnd() {
    t_cache.ended = true;
    while (t_cache.count != 0) {
      const ThreadSlab& slab = t_cache.slabs[--t_cache.count];
      heap().deallocate(slab.memory, slab.bytes, 16);
    }
  }
};

thread_local ThreadEnd t_end;

void* take_kept(std::size_t bytes) noexcept {
  ThreadCache& cache = t_cache;
  for (std::size_t i = cache.count; i-- != 0;) {
    if (cache.slabs[i].bytes != bytes) continue;
    void* const memory = cache.slabs[i].memory;
    cache.slabs[i] = cache.slabs[--cache.count];
    cache.bytes -= bytes;
    return memory;
  }
  return nullptr;
}

bool keep(void* memory, std::size_t bytes) noexcept {
  ThreadCache& cache = t_cache;
  if (cache.count == kThreadSlabs || bytes > kThreadBytesMax - cache.bytes ||
      cache.ended) {
    return false;
  }
  if (cache.count == 0) (void)&t_end;  // made by the first use
  cache.slabs[cache.count++] = {memory, bytes};
  cache.bytes += bytes;
  return true;
}

}  // namespace

void* DefaultSource::take(std::size_t bytes, std::size_t alignment) {
  if (bytes <= kThreadSlabBytesMax && alignment <= 16) {
    if (void* const memory = take_kept(bytes)) return memory;
    return heap().allocate(bytes, alignment);
  }
  return depot().allocate(bytes, alignment);
}

void DefaultSource::give(void* memory, std::size_t bytes,
                         std::size_t alignment) noexcept {
  if (bytes <= kThreadSlabBytesMax && alignment <= 16) {
    if (!kKeep || !keep(memory, bytes)) {
      heap().deallocate(memory, bytes, alignment);
    }
  } else {
    depot().deallocate(memory, bytes, alignment);
  }
}

void* DefaultSource::do_allocate(std::size_t bytes, std::size_t alignment) {
  return take(bytes, alignment);
}

void DefaultSource::do_deallocate(void* memory, std::size_t bytes,
                                  std::size_t alignment) {
  give(memory, bytes, alignment);
}

bool DefaultSource::do_is_equal(
    const std::pmr::memory_resource& other) const noexcept {
  return this == &other;
}

}  // namespace bitcoinleveldb::detail
