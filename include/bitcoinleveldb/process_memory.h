// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What the arenas of a process hold all together, and how much of it the system
// has really given: the part of what `top` shows that is theirs.
//
//   const auto memory = bitcoinleveldb::process_memory();
//   log("%zu bytes in arenas, %zu kept for reuse", memory.arena_bytes,
//       memory.thread_bytes + memory.depot_bytes);
//
// Thread safety: may be called from any thread. The figures are read one after
// the other, so while other threads take slabs they need not add up.

#ifndef BITCOINLEVELDB_PROCESS_MEMORY_H_
#define BITCOINLEVELDB_PROCESS_MEMORY_H_

#include <cstddef>
#include <optional>

#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb {

/// What the built-in block sources (`default_block_source`, `huge_page_source`,
/// `page_source` and depots on these) hold for the process, in bytes. Slabs of
/// other sources are not known here.
///
/// `heap_bytes + mapped_bytes == arena_bytes + thread_bytes + depot_bytes`.
struct ProcessMemory {
  // Where slabs are from.
  std::size_t heap_bytes = 0;    ///< from the global `operator new`
  std::size_t mapped_bytes = 0;  ///< mapped, in whole pages

  // Where slabs are.
  std::size_t arena_bytes = 0;   ///< handed out: in arenas
  std::size_t thread_bytes = 0;  ///< kept by threads for their next arenas
  std::size_t depot_bytes = 0;   ///< kept by depots, that of the process too
};

/// What the system says of the process's memory, in bytes.
struct ProcessResidency {
  std::size_t process_bytes = 0;  ///< resident, all of the process
  std::size_t mapped_bytes = 0;  ///< resident, of `ProcessMemory::mapped_bytes`
  std::size_t huge_bytes = 0;    ///< of these, on transparent huge pages
};

/// Returns what the built-in block sources hold.
/// Complexity: O(threads + depots).
[[nodiscard]] BITCOINLEVELDB_EXPORT ProcessMemory process_memory() noexcept;

/// Returns what is resident, or nothing where the system does not say. What is
/// resident of slabs from the heap, it cannot tell apart. Linux reads
/// `/proc/self/smaps` for it, in which it holds up page faults of other
/// threads: some milliseconds, so ask every few seconds and not in a loop.
[[nodiscard]] BITCOINLEVELDB_EXPORT std::optional<ProcessResidency>
process_residency() noexcept;

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_PROCESS_MEMORY_H_
