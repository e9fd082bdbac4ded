// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Pages of the operating system: the only calls that know which system it is.
//
// In all of them sizes and addresses are multiples of page_bytes(). No call
// throws. A call whose service the system lacks reports a refusal.

#ifndef BITCOINLEVELDB_SRC_PORT_PAGES_H_
#define BITCOINLEVELDB_SRC_PORT_PAGES_H_

#include <cstddef>

namespace bitcoinleveldb::port {

// What a huge page holds on the systems that matter here. Where it is larger,
// advice on a piece of this size does nothing, which is harmless.
inline constexpr std::size_t kHugePageBytes = std::size_t{1} << 21U;

// Returns the size of a page.
std::size_t page_bytes() noexcept;

// Returns the bytes of as many pages as `bytes` bytes take.
inline std::size_t up_to_page(std::size_t bytes) noexcept {
  const std::size_t mask = page_bytes() - 1;
  return (bytes + mask) & ~mask;
}

// Returns `bytes` zeroed bytes at a multiple of `alignment`, a power of two of
// at least a page, or null. The pages take memory once they are touched, though
// Windows counts them at once against what all programs may have.
void* map_pages(std::size_t bytes, std::size_t alignment) noexcept;

// Returns `bytes` bytes of addresses where nothing may be done until
// protect_pages says otherwise, or null.
void* reserve_pages(std::size_t bytes) noexcept;

// Gives back what one of the two returned, all of it. Where the system cannot
// unmap it, because that would split too many of its mappings, the memory goes
// and the addresses stay: then it returns false.
bool unmap_pages(void* memory, std::size_t bytes) noexcept;

// Asks for huge pages under the range; false if the system refuses. Granted or
// not shows only in the figures of the kernel, once the memory was touched.
bool advise_huge_pages(void* memory, std::size_t bytes) noexcept;

enum class PageAccess { kNone, kRead, kReadWrite };

// Says what may be done in the range from now on; a thread that does anything
// else gets a signal. False if the system refuses; errno then says why.
bool protect_pages(void* memory, std::size_t bytes, PageAccess access) noexcept;

// Gives back the memory of the range and keeps its addresses, where nothing may
// be done. False if the system refuses; the range is then as it was.
bool retire_pages(void* memory, std::size_t bytes) noexcept;

}  // namespace bitcoinleveldb::port

#endif  // BITCOINLEVELDB_SRC_PORT_PAGES_H_
