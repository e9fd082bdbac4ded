// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Slabs: taken from the block source, blocks carved out of them.

#ifndef BITCOINLEVELDB_SRC_SLABS_H_
#define BITCOINLEVELDB_SRC_SLABS_H_

#include <cstddef>

#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/detail/arena_insider.h"

namespace bitcoinleveldb::detail {

// Takes a first slab with a record at its head and room for one block of
// `block_bytes` bytes at `alignment`. Returns null if memory ran out, or lets
// through what the source throws.
ArenaRecord* open_record(const ArenaOptions& options, std::size_t block_bytes,
                         std::size_t alignment);

// Carves a block of `bytes` bytes whose data starts at a multiple of
// `alignment`, taking a slab if there is no room. Fails like open_record, and
// the record is then unchanged.
Block* take_block(ArenaRecord& record, std::size_t bytes,
                  std::size_t alignment);

// Gives every slab back, the one that holds the record last.
void release_slabs(ArenaRecord* record) noexcept;

// Takes all blocks back. The first slab stays, and of the others as many, from
// the oldest on, as bring what is held to at most `keep_bytes`.
void reset_slabs(ArenaRecord& record, std::size_t keep_bytes) noexcept;

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_SLABS_H_
