// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Slabs on pages of their own, small ones too, for arenas that are to be sealed
// (arena_seal.h).
//
//   bitcoinleveldb::ArenaOptions options;
//   options.block_source = bitcoinleveldb::page_source();
//
// Each slab is a call of the system and whole pages: 8 KiB for the first one of
// an arena, which takes 4,208 bytes elsewhere. For arenas that come and go put
// a `BlockDepot` in front. An arena that is not sealed is better off with the
// default source.

#ifndef BITCOINLEVELDB_PAGE_SOURCE_H_
#define BITCOINLEVELDB_PAGE_SOURCE_H_

#include <memory_resource>

#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb {

/// Returns the source of pages. Each slab is mapped by itself, in whole pages,
/// and huge pages are asked for under slabs of 2 MiB and more. It never serves
/// from the heap: where the system maps nothing, memory has run out. Lives as
/// long as the process; may be called from any thread.
[[nodiscard]] BITCOINLEVELDB_EXPORT std::pmr::memory_resource*
page_source() noexcept;

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_PAGE_SOURCE_H_
