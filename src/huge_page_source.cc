// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/huge_page_source.h"

#include <atomic>
#include <cstdint>

#include "bitcoinleveldb/detail/log_line.h"
#include "heap_source.h"
#include "immortal.h"
#include "mapped_ranges.h"
#include "port/pages.h"
#include "source_memory.h"

namespace bitcoinleveldb {

namespace {

using port::kHugePageBytes;
using port::up_to_page;

bool starts_huge_page(const void* memory) {
  return reinterpret_cast<std::uintptr_t>(memory) % kHugePageBytes == 0;
}

// Mapped memory starts a huge page. Memory of the heap that stands in for it
// never does, so that what comes back tells where it is from.
class HugePageSource final : public std::pmr::memory_resource {
 public:
  HugePageStats stats() const noexcept {
    return {mapped_bytes_.load(kRelaxed), advised_.load(kRelaxed),
            refused_.load(kRelaxed), fallbacks_.load(kRelaxed)};
  }

 private:
  // The figures stand for themselves; nothing is published by them.
  static constexpr auto kRelaxed = std::memory_order_relaxed;

  // What a stand-in is moved by so that it starts no huge page.
  static constexpr std::size_t kShift = 64;
  static_assert(kShift % alignof(std::max_align_t) == 0);

  // No mapping is larger, and sizes up to this can be rounded up.
  static constexpr std::size_t kMappedBytesMax = PTRDIFF_MAX - kHugePageBytes;

  static bool is_mapped(std::size_t bytes, std::size_t alignment) {
    return bytes >= kHugePageBytes && alignment <= kShift;
  }

  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    if (!is_mapped(bytes, alignment)) {
      return heap_.allocate(bytes, alignment);
    }
    if (bytes > kMappedBytesMax) return detail::no_memory(bytes);
    const std::size_t mapped = up_to_page(bytes);
    void* const memory = port::map_pages(mapped, kHugePageBytes);
    if (memory == nullptr) return stand_in(bytes);
    if (!detail::MappedRanges::instance().add(memory, bytes)) {
      port::unmap_pages(memory, mapped);
      return detail::no_memory(bytes);
    }
    mapped_bytes_.fetch_add(mapped, kRelaxed);
    const bool granted = port::advise_huge_pages(memory, mapped);
    (granted ? advised_ : refused_).fetch_add(1, kRelaxed);
    if (!granted) {
      detail::log_line(LogLevel::kWarn,
                       "huge pages refused for %zu bytes at %p, small pages "
                       "serve them",
                       mapped, memory);
    }
    return memory;
  }

  // Memory of the heap at kShift bytes into what was got of it: no multiple of
  // a huge page, because the heap gives it at a multiple of kShift.
  void* stand_in(std::size_t bytes) {
    void* const memory = detail::take_from(heap_, bytes + 2 * kShift, kShift);
    if (memory == nullptr) return nullptr;
    fallbacks_.fetch_add(1, kRelaxed);
    detail::log_line(LogLevel::kWarn,
                     "no mapping for %zu bytes, the heap serves them without "
                     "huge pages",
                     bytes);
    char* shifted = static_cast<char*>(memory) + kShift;
    const bool twice = starts_huge_page(shifted);
    if (twice) shifted += kShift;
    shifted[-1] = twice ? 2 : 1;
    return shifted;
  }

  void do_deallocate(void* memory, std::size_t bytes,
                     std::size_t alignment) override {
    if (!is_mapped(bytes, alignment)) {
      heap_.deallocate(memory, bytes, alignment);
    } else if (starts_huge_page(memory)) {
      unmap(memory, up_to_page(bytes));
    } else {
      char* const shifted = static_cast<char*>(memory);
      const auto shifts = static_cast<unsigned char>(shifted[-1]);
      heap_.deallocate(shifted - shifts * kShift, bytes + 2 * kShift, kShift);
    }
  }

  // It is forgotten first: once unmapped, another thread may get the addresses.
  void unmap(void* memory, std::size_t bytes) {
    detail::MappedRanges::instance().remove(memory);
    if (port::unmap_pages(memory, bytes)) {
      mapped_bytes_.fetch_sub(bytes, kRelaxed);
    } else {
      (void)detail::MappedRanges::instance().add(memory, bytes);
    }
  }

  bool do_is_equal(
      const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }

  detail::HeapSource heap_;
  std::atomic<std::size_t> mapped_bytes_{0};
  std::atomic<std::uint64_t> advised_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<std::uint64_t> fallbacks_{0};
};

HugePageSource& instance() noexcept {
  return detail::immortal<HugePageSource>();
}

}  // namespace

std::pmr::memory_resource* huge_page_source() noexcept { return &instance(); }

HugePageStats huge_page_stats() noexcept { return instance().stats(); }

}  // namespace bitcoinleveldb
