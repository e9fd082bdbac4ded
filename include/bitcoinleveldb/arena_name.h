// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Names for arenas, and a list of those that have one: which of a process's
// arenas hold its memory.
//
//   bitcoinleveldb::Arena arena;
//   bitcoinleveldb::ArenaName name(arena, "memtable 17");
//   ...
//   for (const auto& named : bitcoinleveldb::named_arenas()) {  // any thread
//     std::cout << named.name << ' ' << named.usage << '\n';
//   }
//
// An arena that is given no name is not listed and costs nothing. Usage is the
// one figure of an arena that other threads may read, so it is the one listed;
// its owner gets the others from `stats` (arena_stats.h).

#ifndef BITCOINLEVELDB_ARENA_NAME_H_
#define BITCOINLEVELDB_ARENA_NAME_H_

#include <cstddef>
#include <string>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb {

/// A named arena as it was listed.
struct NamedArena {
  std::string name;
  std::size_t usage;   ///< when it was listed
  const Arena* arena;  ///< which it was; valid if its owner says so
};

/// Returns every arena that has a name, in the order they got it. Two may have
/// the same, and an arena may have two.
/// THREAD SAFETY: may be called from any thread.
/// Complexity: O(named arenas), under a lock that `ArenaName` takes too.
[[nodiscard]] BITCOINLEVELDB_EXPORT std::vector<NamedArena> named_arenas();

/// Gives an arena a name for as long as it lives.
///
/// REQUIRES: the arena outlives the name: declare the name after it. When the
/// arena is moved from, the name stays with the emptied object until `follow`
/// says where the contents went.
///
/// Thread safety: one thread at a time for one name; different names, also of
/// the same arena, are independent.
class BITCOINLEVELDB_EXPORT ArenaName {
 public:
  ArenaName(const Arena& arena, std::string name);
  ~ArenaName();

  ArenaName(const ArenaName&) = delete;
  ArenaName& operator=(const ArenaName&) = delete;

  /// Makes this the name of `arena`, in its place of the list.
  void follow(const Arena& arena) noexcept;

  [[nodiscard]] const std::string& name() const noexcept { return name_; }

 private:
  friend BITCOINLEVELDB_EXPORT std::vector<NamedArena> named_arenas();

  // All but the name is guarded by the list's lock.
  const Arena* arena_;
  const std::string name_;
  ArenaName* previous_ = nullptr;
  ArenaName* next_ = nullptr;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_ARENA_NAME_H_
