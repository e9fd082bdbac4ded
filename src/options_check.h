// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_OPTIONS_CHECK_H_
#define BITCOINLEVELDB_SRC_OPTIONS_CHECK_H_

#include "bitcoinleveldb/arena_options.h"

namespace bitcoinleveldb::detail {

bool is_allowed(const ArenaOptions& options) noexcept;

// Throws std::invalid_argument if an option has a value that is not allowed.
void check_options(const ArenaOptions& options);

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_OPTIONS_CHECK_H_
