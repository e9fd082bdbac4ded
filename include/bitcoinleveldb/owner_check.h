// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Finds programs in which two threads use one arena, and ends them with one
// line before the arena is corrupted. For finding faults, not for production:
// every allocation is then served out of line.
//
//   bitcoinleveldb::OwnerCheck check;         // must outlive the arenas
//   bitcoinleveldb::add_default_observer(check);
//
// Or, in a program that calls `check_owners_from_environment` (those on the
// LevelDB drop-in do), without touching it:
//
//   BITCOINLEVELDB_ARENA_OWNER_CHECK=entry ./program
//
// Which thread may call what is in docs/safety.md.

#ifndef BITCOINLEVELDB_OWNER_CHECK_H_
#define BITCOINLEVELDB_OWNER_CHECK_H_

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb {

/// An observer that ends the program when an arena it is attached to is used
/// against a rule. It looks at calls that are served out of line: all
/// allocations, or with the interest `none()` those that take a block; and at
/// scopes, resets, resizes and the arena's end. It looks before the arena is
/// changed; at scopes that begin or end and at resizes, right after.
///
/// By `OwnerRule::kOneThread` an arena belongs to the thread that uses it
/// first, its end included. By `OwnerRule::kOneAtATime` threads may take turns
/// under a lock of their own, as LevelDB's writers do; only a call during
/// another one is found, and so not every time. The very first call of an
/// arena made without options is not looked at before it is done.
class BITCOINLEVELDB_EXPORT OwnerCheck final : public ArenaObserver {
 public:
  explicit OwnerCheck(OwnerRule rule = OwnerRule::kOneThread,
                      ArenaInterest interest = ArenaInterest::all()) noexcept;
};

/// Says to every `OwnerCheck` of `arena` that the next thread to use it owns
/// it from then on. To be called by the old owner after its last use or by the
/// new one before its first; that the two are ordered is the program's part.
/// Does nothing else, and nothing where there is no check.
BITCOINLEVELDB_EXPORT void hand_over(const Arena& arena) noexcept;

/// The environment variable that asks for a check of all arenas: `thread` for
/// `OwnerRule::kOneThread`, `entry` for `OwnerRule::kOneAtATime`.
inline constexpr char kOwnerCheckVariable[] =
    "BITCOINLEVELDB_ARENA_OWNER_CHECK";

/// Does what the variable asks for, until the process ends. Returns whether it
/// asks for a check; of another value it says in a line on stderr what is
/// allowed.
/// THREAD SAFETY: to be called by one thread, as setting the environment is.
BITCOINLEVELDB_EXPORT bool check_owners_from_environment() noexcept;

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_OWNER_CHECK_H_
