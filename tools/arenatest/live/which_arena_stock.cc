// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "which_arena.h"

namespace bitcoinleveldb {

std::string_view arena_name() noexcept { return "leveldb"; }

std::size_t arenas_made() noexcept { return 0; }

}  // namespace bitcoinleveldb
