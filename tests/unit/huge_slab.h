// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TESTS_UNIT_HUGE_SLAB_H_
#define BITCOINLEVELDB_TESTS_UNIT_HUGE_SLAB_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "bitcoinleveldb/huge_page_source.h"
#include "sizes.h"

namespace bitcoinleveldb {

inline constexpr std::size_t kHugePage = std::size_t{2} << 20U;

inline bool starts_huge_page(const void* memory) {
  return reinterpret_cast<std::uintptr_t>(memory) % kHugePage == 0;
}

inline bool is_aligned(const void* memory, std::size_t alignment) {
  return reinterpret_cast<std::uintptr_t>(memory) % alignment == 0;
}

// A slab of huge_page_source().
class HugeSlab {
 public:
  explicit HugeSlab(std::size_t bytes, std::size_t alignment = kAlignment)
      : bytes_(bytes),
        alignment_(alignment),
        memory_(static_cast<char*>(
            huge_page_source()->allocate(bytes, alignment))) {}
  HugeSlab(const HugeSlab&) = delete;
  HugeSlab& operator=(const HugeSlab&) = delete;
  ~HugeSlab() { huge_page_source()->deallocate(memory_, bytes_, alignment_); }

  char* memory() const { return memory_; }

  // Writes every byte and reads them back.
  bool holds_what_is_written() const {
    std::memset(memory_, 0x5a, bytes_);
    for (std::size_t i = 0; i < bytes_; i += 1021) {
      if (memory_[i] != 0x5a) return false;
    }
    return memory_[bytes_ - 1] == 0x5a;
  }

 private:
  std::size_t bytes_;
  std::size_t alignment_;
  char* memory_;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_UNIT_HUGE_SLAB_H_
