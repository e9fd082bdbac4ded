// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_OWNER_FLAG_H_
#define BITCOINLEVELDB_SRC_OWNER_FLAG_H_

#include <atomic>
#include <cstdint>

#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb::detail {

// Who is in a call of an arena, and whose it is. A program that keeps the rules
// orders all uses of it by itself, and one that breaks them is ended, so all is
// relaxed: nothing is published by it.
class OwnerFlag {
 public:
  // Notes that a call of this thread begins, or ends the program with one line
  // if that breaks `rule`.
  void enter(OwnerRule rule) noexcept {
    if (rule != OwnerRule::kUnchecked) check_entry(rule);
  }
  // Notes that it ends. It need not have begun: the observer may have come in
  // the middle.
  void leave(OwnerRule rule) noexcept {
    if (rule != OwnerRule::kUnchecked) note_exit();
  }
  // Both, for a call that the arena tells of once.
  void visit(OwnerRule rule) noexcept {
    enter(rule);
    leave(rule);
  }
  // Makes whoever comes next the owner.
  void forget() noexcept { owner_.store(0, std::memory_order_relaxed); }

 private:
  BITCOINLEVELDB_COLD void check_entry(OwnerRule rule) noexcept;
  BITCOINLEVELDB_COLD void note_exit() noexcept;

  std::atomic<bool> busy_{false};
  std::atomic<std::uint64_t> owner_{0};  // 0: no one's yet
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_OWNER_FLAG_H_
