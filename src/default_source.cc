// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "default_source.h"

#include <array>
#include <new>

#include "bitcoinleveldb/block_depot.h"
#include "heap_source.h"
#include "port/fork.h"

namespace bitcoinleveldb::detail {

// Holds the lock of the process's depot over a fork, so that it is free in the
// child, as malloc's are.
class DepotAtFork {
 public:
  static void lock();
  static void unlock();
};

namespace {

// What all slabs are asked for with, so that whoever gave one back does not
// matter to whoever takes it.
constexpr std::size_t kAlignment = 16;

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

BlockDepot& make_depot() noexcept {
  alignas(BlockDepot) static std::byte storage[sizeof(BlockDepot)];
  auto* const instance = new (storage)
      BlockDepot(BlockDepotOptions{kKeep ? kDepotBytesMax : 0, 4096, nullptr});
  port::at_fork(DepotAtFork::lock, DepotAtFork::unlock);
  return *instance;
}

BlockDepot& depot() noexcept {
  static BlockDepot& instance = make_depot();
  return instance;
}

}  // namespace

void DepotAtFork::lock() { depot().mutex_.lock(); }
void DepotAtFork::unlock() { depot().mutex_.unlock(); }

namespace {

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
      heap().deallocate(slab.memory, slab.bytes, kAlignment);
    }
  }
};

thread_local ThreadEnd t_end;

// Takes the entry out and keeps the order, oldest first.
ThreadSlab take_out(ThreadCache& cache, std::size_t index) noexcept {
  const ThreadSlab slab = cache.slabs[index];
  --cache.count;
  cache.bytes -= slab.bytes;
  for (std::size_t i = index; i != cache.count; ++i) {
    cache.slabs[i] = cache.slabs[i + 1];
  }
  return slab;
}

void* take_kept(std::size_t bytes) noexcept {
  ThreadCache& cache = t_cache;
  for (std::size_t i = cache.count; i-- != 0;) {
    if (cache.slabs[i].bytes == bytes) return take_out(cache, i).memory;
  }
  // Made here, before anything can be kept: what is kept by a thread that is
  // ending already would be kept for ever.
  (void)&t_end;
  return nullptr;
}

bool keep(void* memory, std::size_t bytes) noexcept {
  ThreadCache& cache = t_cache;
  if (cache.ended) return false;
  if (cache.count == 0) (void)&t_end;  // for what another thread took
  while (cache.count == kThreadSlabs || bytes > kThreadBytesMax - cache.bytes) {
    const ThreadSlab oldest = take_out(cache, 0);
    heap().deallocate(oldest.memory, oldest.bytes, kAlignment);
  }
  cache.slabs[cache.count++] = {memory, bytes};
  cache.bytes += bytes;
  return true;
}

constexpr bool is_small(std::size_t bytes, std::size_t alignment) {
  return bytes <= kThreadSlabBytesMax && alignment <= kAlignment;
}

}  // namespace

void* DefaultSource::take(std::size_t bytes, std::size_t alignment) {
  if (is_small(bytes, alignment)) {
    if (void* const memory = take_kept(bytes)) return memory;
    return heap().allocate(bytes, kAlignment);
  }
  return depot().allocate(bytes, alignment);
}

void DefaultSource::give(void* memory, std::size_t bytes,
                         std::size_t alignment) noexcept {
  if (is_small(bytes, alignment)) {
    if (!kKeep || !keep(memory, bytes)) {
      heap().deallocate(memory, bytes, kAlignment);
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
