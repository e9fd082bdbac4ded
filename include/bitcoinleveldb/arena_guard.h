// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Guarded arenas, for faults that show in production only. Each allocation of
// one, or a sample of them, has pages of its own and ends where the next page
// may not be touched; when its memory goes, the pages stay unreadable for a
// while. A fault then ends the program where it is made.
//
//   bitcoinleveldb::install_guard_reporter();      // says what was hit
//   bitcoinleveldb::guard_new_arenas(100, {4096});  // one arena in 100
//
// A program that is linked with the LevelDB drop-in needs none of this:
// BITCOINLEVELDB_ARENA_GUARD=100 in its environment does it. The arena places
// and counts every request as ever (docs/parity.md, P1-P5). What it costs, and
// what is not found, is in docs/guards.md.

#ifndef BITCOINLEVELDB_ARENA_GUARD_H_
#define BITCOINLEVELDB_ARENA_GUARD_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb {

/// How an arena is guarded.
struct GuardOptions {
  /// Guards about one allocation in every so many bytes handed out, each with
  /// the probability 1 - exp(-its bytes / this); all others are as fast as
  /// without. 0 guards every allocation.
  std::size_t sample_bytes = 0;

  /// What reports call the arena; its first 23 characters are copied. Null: it
  /// has no name.
  const char* name = nullptr;
};

/// Guards what is allocated from `arena` from now on, until it goes; it cannot
/// be undone. Does nothing if it is guarded already. Takes the first slab of an
/// arena that has none. Returns false where the system has no such pages.
/// THROWS: as `Arena::allocate`; the arena is then not guarded.
/// THREAD SAFETY: to be called by the arena's owner, between two calls.
BITCOINLEVELDB_EXPORT bool guard_arena(Arena& arena,
                                       const GuardOptions& options = {});

/// Guards one in `one_in` of the arenas that take their first slab from now on,
/// at random; 1 guards each, 0 none any more. Each call replaces what the last
/// one asked for. This is how guards reach an unmodified LevelDB. An arena that
/// finds no memory for the few bytes that this takes is not guarded, nor may be
/// one whose first slab is taken during such a call. Does nothing within a call
/// of an observer.
/// THREAD SAFETY: may be called from any thread.
BITCOINLEVELDB_EXPORT void guard_new_arenas(
    std::size_t one_in, const GuardOptions& options = {}) noexcept;

/// The environment variables of guards.
inline constexpr char kGuardVariable[] = "BITCOINLEVELDB_ARENA_GUARD";
inline constexpr char kGuardBytesVariable[] =
    "BITCOINLEVELDB_ARENA_GUARD_BYTES";
inline constexpr char kGuardQuarantineVariable[] =
    "BITCOINLEVELDB_ARENA_GUARD_QUARANTINE";

/// Does what the environment asks for: BITCOINLEVELDB_ARENA_GUARD is one arena
/// in how many is guarded, and without it nothing happens;
/// BITCOINLEVELDB_ARENA_GUARD_BYTES is `GuardOptions::sample_bytes`, and
/// BITCOINLEVELDB_ARENA_GUARD_QUARANTINE what `set_guard_quarantine` is told.
/// Installs the reporter. A value that is not allowed is said on stderr and has
/// no effect. Returns whether arenas are guarded. The LevelDB drop-in calls it
/// when a program starts.
BITCOINLEVELDB_EXPORT bool guard_arenas_from_environment() noexcept;

/// The most bytes in quarantine, unless `set_guard_quarantine` says otherwise.
inline constexpr std::size_t kGuardQuarantineBytes = std::size_t{256} << 20U;

/// Keeps up to `bytes` bytes of addresses unreadable for the whole process:
/// those of guarded allocations that went, by a reset, a scope or with their
/// arena, guard pages included. The oldest are released first. They hold
/// addresses and no memory. With 0 nothing stays.
/// THREAD SAFETY: may be called from any thread.
BITCOINLEVELDB_EXPORT void set_guard_quarantine(std::size_t bytes) noexcept;

/// How many allocations are guarded at a time, in the whole process, and how
/// many more can be in quarantine. Of the mappings, of which a process has
/// 65,530 on Linux, each that is guarded takes two. What is in quarantine takes
/// none where it lies beside another one of either kind, and one elsewhere; so
/// does one that is guarded, beyond its two.
inline constexpr std::size_t kGuardedMax = 16384;
inline constexpr std::size_t kGuardQuarantineMax = 49152;

/// What is guarded in the process.
struct GuardStats {
  std::size_t guarded = 0;            ///< allocations, now
  std::size_t quarantined = 0;        ///< allocations that went, now
  std::size_t quarantined_bytes = 0;  ///< of addresses, now
  std::uint64_t total = 0;            ///< allocations ever guarded
  /// Allocations that were to be guarded and lie in their block instead: there
  /// were `kGuardedMax`, the system gave no pages, or the alignment exceeds a
  /// page.
  std::uint64_t refused = 0;
};

/// THREAD SAFETY: may be called from any thread.
[[nodiscard]] BITCOINLEVELDB_EXPORT GuardStats guard_stats() noexcept;

enum class GuardedState : std::uint8_t {
  kLive,     ///< may be used
  kReset,    ///< went when its arena was reset
  kRewound,  ///< went with a scope
  kEnded,    ///< went with its arena
  kSealed,   ///< is no allocation but a slab of a sealed arena (arena_seal.h)
};

/// What is known of a guarded allocation.
struct GuardedAllocation {
  const char* ptr;
  std::size_t bytes;
  GuardedState state;
  std::uint64_t number;  ///< among the guarded ones of its arena, from 1 on
  std::uint64_t arena_number;  ///< among the guarded arenas, from 1 on
  const Arena* arena;          ///< where it was when it was asked
  char name[24];               ///< of the arena; empty if it has none
};

/// Returns the guarded allocation whose pages, guard pages included, hold
/// `address`, or nothing. Any pointer may be asked about. `contains` and
/// `find_block` (arena_stats.h) do not know of them, because they lie in no
/// block.
/// THREAD SAFETY: may be called from any thread. Complexity: O(guarded).
[[nodiscard]] BITCOINLEVELDB_EXPORT std::optional<GuardedAllocation>
find_guarded(const void* address) noexcept;

/// Installs a handler of SIGSEGV and SIGBUS which, if the access hit a guard, a
/// quarantine or a sealed arena, says so in one line on stderr: which arena,
/// which allocation, how far past its end. Then, and for all other accesses, it
/// calls the handler that was there before, or ends the program as without it.
/// The first call counts, further ones do nothing. Returns false where it
/// cannot be installed. It takes no memory and no lock that it must wait for,
/// and runs on the alternate stack of a thread that has one.
/// THREAD SAFETY: may be called from any thread, and is best called early: a
/// handler installed later must call this one.
BITCOINLEVELDB_EXPORT bool install_guard_reporter() noexcept;

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_ARENA_GUARD_H_
