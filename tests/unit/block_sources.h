// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Block sources for tests: they count, run dry on demand, or break the rules.

#ifndef BITCOINLEVELDB_TESTS_UNIT_BLOCK_SOURCES_H_
#define BITCOINLEVELDB_TESTS_UNIT_BLOCK_SOURCES_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <memory>
#include <memory_resource>
#include <new>

#include "slab_memory.h"

// The standard library declares that a source returns no null, and
// UndefinedBehaviorSanitizer ends the program when one does.
// GCC does not tell its presence, but that of its companion.
#if defined(__SANITIZE_ADDRESS__)
#define BITCOINLEVELDB_NULL_IS_CHECKED true
#elif defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
#define BITCOINLEVELDB_NULL_IS_CHECKED true
#endif
#endif
#ifndef BITCOINLEVELDB_NULL_IS_CHECKED
#define BITCOINLEVELDB_NULL_IS_CHECKED false
#endif

namespace bitcoinleveldb {

inline constexpr bool kNullIsChecked = BITCOINLEVELDB_NULL_IS_CHECKED;

#ifdef __cpp_exceptions
inline constexpr bool kWithoutExceptions = false;
#else
inline constexpr bool kWithoutExceptions = true;
#endif

// What a source does when it has nothing: where exceptions are off it can only
// return null.
inline void* run_dry() {
#ifdef __cpp_exceptions
  throw std::bad_alloc();
#else
  return nullptr;
#endif
}

// Counts what is taken and given back, and runs dry at one call of many.
class CountingSource : public std::pmr::memory_resource {
 public:
  static constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();

  explicit CountingSource(std::size_t dry_at_call = kNever)
      : dry_at_call_(dry_at_call) {}

  std::size_t calls() const { return calls_; }
  std::size_t deallocations() const { return deallocations_; }
  std::size_t live_slabs() const { return live_slabs_; }
  std::size_t live_bytes() const { return live_bytes_; }
  std::size_t most_bytes() const { return most_bytes_; }
  bool ran_dry() const { return calls_ >= dry_at_call_; }

 protected:
  // Called before anything else when it is asked for memory.
  virtual void asked() {}
  virtual void* take(std::size_t bytes) { return take_slab_memory(bytes); }
  virtual void give_back(void* memory) { give_slab_memory(memory); }

  // For a `take` that hands out nothing after all.
  void forget(std::size_t bytes) {
    --live_slabs_;
    live_bytes_ -= bytes;
  }

 private:
  void* do_allocate(std::size_t bytes, std::size_t /*alignment*/) override {
    asked();
    if (++calls_ == dry_at_call_) return run_dry();
    ++live_slabs_;
    live_bytes_ += bytes;
    most_bytes_ = std::max(most_bytes_, live_bytes_);
    return take(bytes);
  }
  void do_deallocate(void* memory, std::size_t bytes,
                     std::size_t /*alignment*/) override {
    ++deallocations_;
    --live_slabs_;
    live_bytes_ -= bytes;
    give_back(memory);
  }
  bool do_is_equal(
      const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::size_t dry_at_call_;
  std::size_t calls_ = 0;
  std::size_t deallocations_ = 0;
  std::size_t live_slabs_ = 0;
  std::size_t live_bytes_ = 0;
  std::size_t most_bytes_ = 0;
};

// Counts for many threads what is out at once.
class SharedSource final : public std::pmr::memory_resource {
 public:
  std::atomic<std::size_t> live_bytes{0};
  std::atomic<std::size_t> most_bytes{0};

 private:
  void* do_allocate(std::size_t bytes, std::size_t /*alignment*/) override {
    const std::size_t live = live_bytes += bytes;
    std::size_t most = most_bytes;
    while (most < live && !most_bytes.compare_exchange_weak(most, live)) {
    }
    return take_slab_memory(bytes);
  }
  void do_deallocate(void* memory, std::size_t bytes,
                     std::size_t /*alignment*/) override {
    live_bytes -= bytes;
    give_slab_memory(memory);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }
};

// A counting source whose addresses are the same, relative to its region, in
// every run with the same requests: what is left to chance elsewhere, the slop
// up to large alignments, is then reproducible.
class ReproducibleSource final : public CountingSource {
 public:
  static constexpr std::size_t kRegionBytes = std::size_t{64} << 20U;
  static constexpr std::size_t kRegionAlignment = std::size_t{1} << 20U;

  explicit ReproducibleSource(std::size_t dry_at_call = kNever)
      : CountingSource(dry_at_call),
        region_(static_cast<char*>(::operator new (
            kRegionBytes, std::align_val_t{kRegionAlignment}))) {}

 private:
  struct RegionDelete {
    void operator()(char* region) const {
      ::operator delete (region, std::align_val_t{kRegionAlignment});
    }
  };

  void* take(std::size_t bytes) override {
    char* const memory = region_.get() + used_;
    used_ += (bytes + 15) & ~std::size_t{15};
    if (used_ > kRegionBytes) std::abort();
    return memory;
  }
  void give_back(void* /*memory*/) override {}

  std::unique_ptr<char, RegionDelete> region_;
  std::size_t used_ = 0;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_UNIT_BLOCK_SOURCES_H_
