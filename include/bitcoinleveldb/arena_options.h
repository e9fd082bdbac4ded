// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What an arena can be told when it is made, and the process-wide defaults
// for arenas that are told nothing.
//
//   bitcoinleveldb::ArenaOptions options;
//   options.block_bytes = 64 * 1024;
//   bitcoinleveldb::Arena arena(options);
//
// With other options than the defaults an arena still follows LevelDB's
// policy, but its usage is no longer LevelDB's figure.

#ifndef BITCOINLEVELDB_ARENA_OPTIONS_H_
#define BITCOINLEVELDB_ARENA_OPTIONS_H_

#include <cstddef>
#include <memory_resource>

#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb {

/// The settings of one arena.
struct ArenaOptions {
  /// Bytes of a standard block, the same as LevelDB's by default. A request
  /// that does not fit the current block and exceeds a quarter of this gets a
  /// dedicated block. Allowed: multiples of 16 from 64 to 2^30.
  std::size_t block_bytes = 4096;

  /// Where slabs come from; `nullptr` is `default_block_source()`. It is not
  /// owned and must outlive the arena. It is called once for each slab, and to
  /// give slabs back: when the arena goes, is reset, rewound by a scope or
  /// assigned to, or takes a slab in place of spare ones. It is always called
  /// by the thread that uses the arena. It must return memory aligned to 16.
  std::pmr::memory_resource* block_source = nullptr;
};

/// Returns the built-in block source. It takes slabs below 2 MiB from the
/// global `operator new` and larger ones from `huge_page_source()`, and keeps
/// some that come back for the next arena: of those up to 64 KiB, 8 slabs and
/// 144 KiB for each thread, which go back when the thread ends; of larger ones
/// 9 MiB for the process. Under a tool of docs/sanitizers.md it keeps nothing,
/// and on Windows nothing for a thread. Up to 4 arenas at a time that hold 128
/// KiB to 2 MiB may lie on a huge page that they have not filled yet.
/// It lives as long as the process, may be called from any thread, and works in
/// a child of `fork`.
[[nodiscard]] BITCOINLEVELDB_EXPORT std::pmr::memory_resource*
default_block_source() noexcept;

/// Gives back memory that the built-in block source keeps for the next arena:
/// what the process keeps until at most `keep_bytes` of it are left, and all
/// that the calling thread keeps. Other threads give back what they keep when
/// they end. Returns how many bytes went.
/// THREAD SAFETY: may be called from any thread.
BITCOINLEVELDB_EXPORT std::size_t trim_default_block_source(
    std::size_t keep_bytes = 0) noexcept;

/// The environment variable of the default `block_bytes`.
inline constexpr char kBlockBytesVariable[] =
    "BITCOINLEVELDB_ARENA_BLOCK_BYTES";

/// Returns the options of arenas that are made without any. Unless
/// `set_default_arena_options` was called they come from the environment,
/// which is read once: `BITCOINLEVELDB_ARENA_BLOCK_BYTES` sets `block_bytes`;
/// a value that is not allowed is said on stderr and has no effect.
/// THREAD SAFETY: may be called from any thread.
[[nodiscard]] BITCOINLEVELDB_EXPORT ArenaOptions
default_arena_options() noexcept;

/// Makes `options` those of every arena that is made without any and takes
/// its first block after this call; other arenas keep what they have. This is
/// how options reach an unmodified LevelDB through the drop-in. Each call
/// keeps a few bytes until the process ends.
/// THROWS: `std::invalid_argument` for an option that is not allowed,
/// `std::bad_alloc`; the defaults are then unchanged.
/// THREAD SAFETY: may be called from any thread.
BITCOINLEVELDB_EXPORT void set_default_arena_options(
    const ArenaOptions& options);

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_ARENA_OPTIONS_H_
