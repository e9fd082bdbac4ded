// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_LOG_FORK_H_
#define BITCOINLEVELDB_SRC_LOG_FORK_H_

namespace bitcoinleveldb::detail {

// Has the lock under which loggers are called held over every fork from now on.
// Called first by whoever has a lock of its own held over forks and says lines
// while it has it: what is registered last is taken first, so that a fork takes
// the two in the order in which they are taken otherwise.
void hold_log_over_forks() noexcept;

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_LOG_FORK_H_
