// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Slabs: taken from the block source, blocks carved out of them.

#ifndef BITCOINLEVELDB_SRC_SLABS_H_
#define BITCOINLEVELDB_SRC_SLABS_H_

#include <cstddef>
#include <memory_resource>
#include <new>

#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/detail/placement.h"

namespace bitcoinleveldb::detail {

// Takes a first slab with a record at its head and room for one block of
// `block_bytes` bytes at `alignment`. Returns null if memory ran out, or lets
// through what the source throws.
ArenaRecord* open_record(const ArenaOptions& options, std::size_t block_bytes,
                         std::size_t alignment);

// The same for a standard block.
inline ArenaRecord* open_record(const ArenaOptions& options) {
  return open_record(options, options.block_bytes, Arena::kBlockAlignment);
}

// Carves a block of `bytes` bytes whose data starts at a multiple of
// `alignment`, taking a slab if there is no room. Fails like open_record, and
// the record is then unchanged.
Block* take_block(ArenaRecord& record, std::size_t bytes,
                  std::size_t alignment);

// Carves a block of `bytes` bytes at kBlockAlignment off the slab that carving
// goes on in, or returns null if there is no room.
inline Block* take_next_block(ArenaRecord& record, std::size_t bytes) noexcept {
  auto room = static_cast<std::size_t>(record.carve_end - record.carve_ptr);
  std::size_t gap;
  // Where carving goes on is as aligned as address 0.
  if (!carve_off<std::size_t>(0, &room, sizeof(Block), bytes,
                              Arena::kBlockAlignment, &gap)) {
    return nullptr;
  }
  Block* const block = new (record.carve_ptr) Block(bytes);
  record.carve_ptr = record.carve_end - room;
  ++record.blocks;
  return block;
}

// Carves the block that the first slab of a record without one was taken for, a
// standard one: all of the slab's room, which ends where the block does, since
// sizes of standard blocks are multiples of kBlockAlignment.
inline Block* take_first_block(ArenaRecord& record) noexcept {
  Block* const block = new (record.carve_ptr) Block(record.block_bytes);
  block->become_standard();
  record.carve_ptr = record.carve_end;
  record.blocks = 1;
  return block;
}

// Makes `block`, the newest and a dedicated one, `bytes` bytes long where it
// stands, or returns false if there is no room for that behind it.
bool resize_newest_block(ArenaRecord& record, Block& block,
                         std::size_t bytes) noexcept;

// Takes slabs for `count` runs of blocks at up to kBlockAlignment, spare ones
// first, such that taking these blocks next finds each of them a place. Fails
// like open_record, and the record is then unchanged.
bool reserve_slabs(ArenaRecord& record, const BlockRun* runs,
                   std::size_t count);

// How large a slab must be for a block, and how many bytes one from the source
// usually has.
struct SlabNeed {
  std::size_t least;  // 0 if no slab can be that large
  std::size_t usual;
};

// Returns that of a block of `bytes` bytes at `alignment`, in an arena that
// holds `reserved` bytes.
SlabNeed slab_need(std::size_t standard_bytes, std::size_t reserved,
                   std::size_t bytes, std::size_t alignment);

// Returns the bytes that blocks can have of a slab, their heads included.
std::size_t room_of(const Slab& slab);

// Returns the first byte that blocks can have of a slab of the record.
char* first_carved(const ArenaRecord& record, Slab& slab);

// Takes a slab from `source`; fails like open_record.
Slab* take_fresh_slab(std::pmr::memory_resource* source, std::size_t bytes);

// Gives a list of slabs back.
void give_back(std::pmr::memory_resource* source, Slab* slabs) noexcept;

// To be called where slabs of the record have come or gone: it no longer counts
// among those that have begun a huge page early, if its page has gone or it
// holds much more than that.
void settle_early_page(ArenaRecord& record) noexcept;

// Gives every slab back, the one that holds the record first.
void release_slabs(ArenaRecord* record) noexcept;

// Takes all blocks back. The first slab stays, and of the others as many, from
// the oldest on, as bring what is held to at most `keep_bytes`.
void reset_slabs(ArenaRecord& record, std::size_t keep_bytes) noexcept;

// Takes the blocks back that were taken since `mark`. The slabs taken since
// become spare ones, of which as many stay as with reset_slabs.
void rewind_slabs(ArenaRecord& record, const ArenaMark& mark,
                  std::size_t keep_bytes) noexcept;

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_SLABS_H_
