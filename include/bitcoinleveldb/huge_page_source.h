// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Slabs on transparent huge pages. Filling fresh memory costs a page fault for
// each page, and a huge page is one instead of 512.
//
//   bitcoinleveldb::ArenaOptions options;
//   options.block_source = bitcoinleveldb::huge_page_source();
//
// A default arena has it already, behind a small depot (block_depot.h).

#ifndef BITCOINLEVELDB_HUGE_PAGE_SOURCE_H_
#define BITCOINLEVELDB_HUGE_PAGE_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <memory_resource>

#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb {

/// What the huge-page source holds and has met, for the whole process.
struct HugePageStats {
  std::size_t mapped_bytes = 0;  ///< mapped by it now
  std::uint64_t advised = 0;     ///< slabs for which huge pages were asked for
  std::uint64_t refused = 0;     ///< slabs for which the system refused them
  std::uint64_t fallbacks = 0;   ///< slabs from the heap, as nothing was mapped
};

/// Returns the source of huge pages. Slabs of 2 MiB and more are mapped by
/// themselves, aligned to 2 MiB, and the system is asked to put huge pages
/// under them; where it refuses, ordinary pages are used, and where it maps
/// nothing, the heap. Smaller slabs come from the heap. Lives as long as the
/// process; may be called from any thread.
[[nodiscard]] BITCOINLEVELDB_EXPORT std::pmr::memory_resource*
huge_page_source() noexcept;

/// Returns what the source of huge pages holds. Whether the system really put
/// huge pages there, it alone knows.
/// THREAD SAFETY: may be called from any thread.
[[nodiscard]] BITCOINLEVELDB_EXPORT HugePageStats huge_page_stats() noexcept;

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_HUGE_PAGE_SOURCE_H_
