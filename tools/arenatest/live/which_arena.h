// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What the memtables of this program lie in. Each of the two programs links
// its own answer.

#ifndef ARENATEST_LIVE_WHICH_ARENA_H_
#define ARENATEST_LIVE_WHICH_ARENA_H_

#include <cstddef>
#include <string_view>

namespace bitcoinleveldb {

// "leveldb" or "bitcoinleveldb".
[[nodiscard]] std::string_view arena_name() noexcept;

// How many arenas LevelDB has made through the drop-in; 0 without it.
[[nodiscard]] std::size_t arenas_made() noexcept;

}  // namespace bitcoinleveldb

#endif  // ARENATEST_LIVE_WHICH_ARENA_H_
