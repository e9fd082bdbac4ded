// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "default_source.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>

#include "bitcoinleveldb/block_depot.h"
#include "bitcoinleveldb/detail/attributes.h"
#include "heap_source.h"
#include "immortal.h"
#include "linked_list.h"
#include "mapped_ranges.h"
#include "port/fork.h"
#include "port/memory_checker.h"
#include "port/pages.h"
#include "port/thread_end.h"

namespace bitcoinleveldb::detail {

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

// What checks accesses also knows who freed what, and when, so under it all
// memory goes back at once.
bool keeps() noexcept { return !port::memory_is_checked(); }

// What a thread keeps is to go back when it ends.
bool threads_keep() noexcept { return port::kThreadEndIsSeen && keeps(); }

HeapSource& heap() noexcept { return immortal<HeapSource>(); }

// What the default source keeps for the process.
class ProcessDepot {
 public:
  BlockDepot depot{
      BlockDepotOptions{keeps() ? kDepotBytesMax : 0, 4096, nullptr}};
};

BlockDepot& depot() noexcept { return immortal<ProcessDepot>().depot; }

struct ThreadSlab {
  void* memory;
  std::size_t bytes;
};

// Without a destructor, so that it may be looked at before and after the guard
// lives. Its thread alone writes it; others read the bytes.
struct ThreadCache {
  std::array<ThreadSlab, kThreadSlabs> slabs;
  std::size_t count;
  std::atomic<std::size_t> bytes{0};
  bool listed;  // until the thread ends
  bool ended;
  ThreadCache* next;  // in the list of all

  std::size_t held() const { return bytes.load(std::memory_order_relaxed); }
  void set_held(std::size_t held) {
    bytes.store(held, std::memory_order_relaxed);
  }
};

thread_local ThreadCache t_cache{};

// The caches of all threads that may hold something.
class ThreadCaches {
 public:
  ThreadCaches() noexcept;
  void add(ThreadCache& cache) noexcept;
  void remove(ThreadCache& cache) noexcept;
  std::size_t bytes() noexcept;

 private:
  static void lock();
  static void unlock();
  static void begin_child();

  std::mutex mutex_;
  ThreadCache* first_ = nullptr;
  std::size_t lost_bytes_ = 0;  // kept by threads that a fork left behind
};

ThreadCaches& caches() noexcept { return immortal<ThreadCaches>(); }

ThreadCaches::ThreadCaches() noexcept {
  static constexpr port::ForkCalls kCalls{lock, unlock, begin_child};
  port::at_fork(port::ForkOrder::kThreadCaches, kCalls);
}

void ThreadCaches::lock() { caches().mutex_.lock(); }
void ThreadCaches::unlock() { caches().mutex_.unlock(); }

// The child has one thread, and the memory of the others' caches is no longer
// theirs.
void ThreadCaches::begin_child() {
  ThreadCache* own = nullptr;
  for (ThreadCache* cache = caches().first_; cache != nullptr;
       cache = cache->next) {
    if (cache == &t_cache) {
      own = cache;
    } else {
      caches().lost_bytes_ += cache->held();
    }
  }
  caches().first_ = own;
  if (own != nullptr) own->next = nullptr;
  unlock();
}

void ThreadCaches::add(ThreadCache& cache) noexcept {
  const std::lock_guard guard(mutex_);
  link_first(first_, cache, &ThreadCache::next);
}

void ThreadCaches::remove(ThreadCache& cache) noexcept {
  const std::lock_guard guard(mutex_);
  unlink(first_, cache, &ThreadCache::next);
}

std::size_t ThreadCaches::bytes() noexcept {
  const std::lock_guard guard(mutex_);
  std::size_t sum = lost_bytes_;
  for (ThreadCache* cache = first_; cache != nullptr; cache = cache->next) {
    sum += cache->held();
  }
  return sum;
}

// Gives back all that a thread keeps.
void empty(ThreadCache& cache) noexcept {
  while (cache.count != 0) {
    const ThreadSlab& slab = cache.slabs[--cache.count];
    cache.set_held(cache.held() - slab.bytes);
    heap().deallocate(slab.memory, slab.bytes, kAlignment);
  }
}

// Lists the cache of a thread, and gives back what it kept when it ends.
struct ThreadEnd {
  ThreadEnd() noexcept {
    caches().add(t_cache);
    t_cache.listed = true;
  }
  ThreadEnd(const ThreadEnd&) = delete;
  ThreadEnd& operator=(const ThreadEnd&) = delete;
  ~ThreadEnd() {
    t_cache.listed = false;
    t_cache.ended = true;
    empty(t_cache);
    caches().remove(t_cache);
  }
};

thread_local ThreadEnd t_end;

// All that is made at its first use is made before main: the child of a fork
// would wait for ever for another thread of its parent that was making it.
[[maybe_unused]] const bool g_made_before_main = [] {
  (void)heap();
  (void)depot();
  (void)caches();
  (void)MappedRanges::instance();
  (void)port::page_bytes();
  (void)immortal<DefaultSource>();
  return true;
}();

// Takes the entry out and keeps the order, oldest first.
ThreadSlab take_out(ThreadCache& cache, std::size_t index) noexcept {
  const ThreadSlab slab = cache.slabs[index];
  --cache.count;
  cache.set_held(cache.held() - slab.bytes);
  for (std::size_t i = index; i != cache.count; ++i) {
    cache.slabs[i] = cache.slabs[i + 1];
  }
  return slab;
}

// The slab kept last is the one that is most often asked for, so it is looked
// at first, in a few instructions.
void* take_newest_kept(std::size_t bytes) noexcept {
  ThreadCache& cache = t_cache;
  if (cache.count == 0) return nullptr;
  const ThreadSlab& newest = cache.slabs[cache.count - 1];
  if (newest.bytes != bytes) return nullptr;
  --cache.count;
  cache.set_held(cache.held() - bytes);
  return newest.memory;
}

void* take_kept(std::size_t bytes) noexcept {
  ThreadCache& cache = t_cache;
  for (std::size_t i = cache.count; i-- != 0;) {
    if (cache.slabs[i].bytes == bytes) return take_out(cache, i).memory;
  }
  // Made here, before anything can be kept: what is kept by a thread that is
  // ending already would be kept for ever.
  if (threads_keep()) (void)&t_end;
  return nullptr;
}

bool has_room(const ThreadCache& cache, std::size_t bytes) noexcept {
  return cache.count != kThreadSlabs && bytes <= kThreadBytesMax - cache.held();
}

void keep_as_newest(ThreadCache& cache, void* memory,
                    std::size_t bytes) noexcept {
  cache.slabs[cache.count++] = {memory, bytes};
  cache.set_held(cache.held() + bytes);
}

bool keep(void* memory, std::size_t bytes) noexcept {
  ThreadCache& cache = t_cache;
  if (cache.ended || !threads_keep()) return false;
  if (!cache.listed) (void)&t_end;  // for what another thread took
  while (!has_room(cache, bytes)) {
    const ThreadSlab oldest = take_out(cache, 0);
    heap().deallocate(oldest.memory, oldest.bytes, kAlignment);
  }
  keep_as_newest(cache, memory, bytes);
  return true;
}

constexpr bool is_small(std::size_t bytes, std::size_t alignment) {
  return bytes <= kThreadSlabBytesMax && alignment <= kAlignment;
}

BITCOINLEVELDB_NOINLINE void* take_any(std::size_t bytes,
                                       std::size_t alignment) {
  if (is_small(bytes, alignment)) {
    if (void* const memory = take_kept(bytes)) return memory;
    return heap().allocate(bytes, kAlignment);
  }
  return depot().allocate(bytes, alignment);
}

BITCOINLEVELDB_NOINLINE void give_any(void* memory, std::size_t bytes,
                                      std::size_t alignment) noexcept {
  port::open_memory(memory, bytes);
  if (is_small(bytes, alignment)) {
    if (!keep(memory, bytes)) heap().deallocate(memory, bytes, kAlignment);
  } else {
    depot().deallocate(memory, bytes, alignment);
  }
}

}  // namespace

// Both begin with what an arena does that is made and dropped in a loop, so
// that this stays free of what the other cases need.
void* DefaultSource::take(std::size_t bytes, std::size_t alignment) {
  if (is_small(bytes, alignment)) {
    if (void* const memory = take_newest_kept(bytes)) return memory;
  }
  return take_any(bytes, alignment);
}

void DefaultSource::give(void* memory, std::size_t bytes,
                         std::size_t alignment) noexcept {
  ThreadCache& cache = t_cache;
  if (cache.listed && is_small(bytes, alignment) && has_room(cache, bytes)) {
    keep_as_newest(cache, memory, bytes);
  } else {
    give_any(memory, bytes, alignment);
  }
}

std::size_t DefaultSource::trim(std::size_t keep_bytes) noexcept {
  const std::size_t bytes = t_cache.held();
  empty(t_cache);
  return bytes + depot().trim(keep_bytes);
}

std::size_t DefaultSource::bytes_of_threads() noexcept {
  return caches().bytes();
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
