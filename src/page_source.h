// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_PAGE_SOURCE_H_
#define BITCOINLEVELDB_SRC_PAGE_SOURCE_H_

#include <cstddef>
#include <memory_resource>

namespace bitcoinleveldb::detail {

// What page_source returns.
class PageSource final : public std::pmr::memory_resource {
 public:
  // Returns the bytes that are mapped by it now.
  static std::size_t held_bytes() noexcept;

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override;
  void do_deallocate(void* memory, std::size_t bytes,
                     std::size_t alignment) override;
  bool do_is_equal(
      const std::pmr::memory_resource& other) const noexcept override;
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_PAGE_SOURCE_H_
