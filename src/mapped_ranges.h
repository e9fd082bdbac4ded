// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_MAPPED_RANGES_H_
#define BITCOINLEVELDB_SRC_MAPPED_RANGES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace bitcoinleveldb::detail {

// Where the slabs lie that were mapped, in whole pages, so that the system can
// be asked about them. May be used from any thread and in the child of a fork.
class MappedRanges {
 public:
  static MappedRanges& instance() noexcept;

  MappedRanges() noexcept;
  MappedRanges(const MappedRanges&) = delete;
  MappedRanges& operator=(const MappedRanges&) = delete;
  ~MappedRanges() = delete;

  // Returns false if there is no memory to remember it in.
  bool add(const void* memory, std::size_t bytes) noexcept;
  // REQUIRES: it was added.
  void remove(const void* memory) noexcept;

  // Returns how many bytes were added at `memory`, or 0: those that were asked
  // for, beyond which the last page is no one's.
  std::size_t bytes_at(const void* memory) noexcept;

  // Returns how many bytes from `start` to `end` are on pages of one.
  // O(ranges).
  std::size_t bytes_within(std::uintptr_t start, std::uintptr_t end) noexcept;

 private:
  struct Range {
    Range* next;
    std::uintptr_t start;
    std::size_t bytes;
  };

  Range** chain_of(std::uintptr_t start) noexcept;

  std::mutex mutex_;
  std::array<Range*, 256> chains_{};  // by address, so that removal is short
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_MAPPED_RANGES_H_
