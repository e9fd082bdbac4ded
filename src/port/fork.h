// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_PORT_FORK_H_
#define BITCOINLEVELDB_SRC_PORT_FORK_H_

namespace bitcoinleveldb::port {

// What is held over forks, in the order in which it is taken: whoever holds a
// lock may take those after it. Observers and loggers are users' code, which
// may use arenas.
enum class ForkOrder {
  kDefaultOptions,
  kGuardSettings,
  kObservers,
  kLog,
  kNames,
  kProfiles,
  kGuards,
  kDepots,
  kThreadCaches,
  kMappedRanges,
};
inline constexpr int kForkOrders =
    static_cast<int>(ForkOrder::kMappedRanges) + 1;

// What is called right before every fork of the process, in the order above,
// and right after it in the parent and in the child, in the opposite order.
// Each may be null.
struct ForkCalls {
  void (*before)();
  void (*parent)();
  void (*child)();
};

// Has `calls`, which must have static storage, called from now on. Does nothing
// where processes do not fork.
void at_fork(ForkOrder order, const ForkCalls& calls) noexcept;

// Has a mutex with static storage held over every fork from now on, so that it
// is free in the child. Returns true, for a variable that does it before main.
template <auto& mutex>
bool hold_over_forks(ForkOrder order) noexcept {
  static constexpr ForkCalls kCalls{
      [] { mutex.lock(); }, [] { mutex.unlock(); }, [] { mutex.unlock(); }};
  at_fork(order, kCalls);
  return true;
}

// Returns how many forks lie between the process that began the program and
// this one. Costs a load.
unsigned forks_so_far() noexcept;

}  // namespace bitcoinleveldb::port

#endif  // BITCOINLEVELDB_SRC_PORT_FORK_H_
