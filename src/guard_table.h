// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Every guarded allocation of the process, and those in quarantine.

#ifndef BITCOINLEVELDB_SRC_GUARD_TABLE_H_
#define BITCOINLEVELDB_SRC_GUARD_TABLE_H_

#include <cstddef>
#include <cstdint>

#include "bitcoinleveldb/arena_guard.h"
#include "port/pages.h"

namespace bitcoinleveldb::detail {

// The pages of one allocation.
struct GuardRecord {
  char* run;  // the guard page before it
  std::size_t run_bytes;
  GuardedAllocation allocation;
  const void* scope;   // the innermost when it was made
  std::uint32_t next;  // in the list it is in
};

// A list of records is the number of its first one. Only its owner may have a
// list changed; what of the records others may see is changed under a lock. The
// handler of faults takes that lock only if it is free.
class GuardTable {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  // Takes the memory of the table; false if there is none.
  static bool open() noexcept;

  // Returns whether another allocation may be guarded.
  static bool has_room() noexcept;
  static void count_refused() noexcept;
  // Puts a record first into a list, or returns false if there is no room.
  static bool add(std::uint32_t& list, const GuardRecord& record) noexcept;

  // Puts the first records of a list into quarantine, as long as their scope is
  // `scope`, or all if that is null.
  static void retire(std::uint32_t& list, const void* scope,
                     GuardedState state) noexcept;
  // Says what may be done with all allocations of a list, none of them in
  // quarantine; false if the system refuses one.
  static bool protect(std::uint32_t list, port::PageAccess access) noexcept;
  // Forgets all records of a list.
  static void forget(std::uint32_t& list) noexcept;

  static void set_quarantine(std::size_t bytes) noexcept;
  static GuardStats stats() noexcept;

  // Copies the record whose pages hold `address`, or returns false. In the
  // handler of a fault it also returns false if the lock stays taken.
  static bool find(const void* address, GuardRecord& found) noexcept;
  static bool find_in_handler(const void* address, GuardRecord& found) noexcept;
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_GUARD_TABLE_H_
