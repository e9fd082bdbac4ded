// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_PORT_FORK_H_
#define BITCOINLEVELDB_SRC_PORT_FORK_H_

namespace bitcoinleveldb::port {

// Has `before` called right before every fork of the process, and right after
// it `parent` in the parent and `child` in the child; each may be null. Does
// nothing where processes do not fork.
void at_fork(void (*before)(), void (*parent)(), void (*child)()) noexcept;

// Has a mutex with static storage held over every fork from now on, so that it
// is free in the child. Returns true, for a variable that does it before main.
template <auto& mutex>
bool hold_over_forks() noexcept {
  const auto unlock = [] { mutex.unlock(); };
  at_fork([] { mutex.lock(); }, unlock, unlock);
  return true;
}

// Returns how many forks lie between the process that began the program and
// this one. Costs a load.
unsigned forks_so_far() noexcept;

}  // namespace bitcoinleveldb::port

#endif  // BITCOINLEVELDB_SRC_PORT_FORK_H_
