// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_DEFAULT_SOURCE_H_
#define BITCOINLEVELDB_SRC_DEFAULT_SOURCE_H_

#include <cstddef>
#include <memory_resource>

namespace bitcoinleveldb::detail {

// The source of an arena that is given none. Small slabs are kept for reuse by
// the thread that gave them back, larger ones in a depot of the process, and
// the largest lie on huge pages.
class DefaultSource final : public std::pmr::memory_resource {
 public:
  // What the members below do, for an arena, which so saves a virtual call.
  static void* take(std::size_t bytes, std::size_t alignment);
  static void give(void* memory, std::size_t bytes,
                   std::size_t alignment) noexcept;

  // As trim_default_block_source.
  static std::size_t trim(std::size_t keep_bytes) noexcept;
  // Returns the bytes that threads keep.
  static std::size_t bytes_of_threads() noexcept;

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override;
  void do_deallocate(void* memory, std::size_t bytes,
                     std::size_t alignment) override;
  bool do_is_equal(
      const std::pmr::memory_resource& other) const noexcept override;
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_DEFAULT_SOURCE_H_
