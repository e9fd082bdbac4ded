// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/leveldb_dropin.h"
#include "which_arena.h"

namespace bitcoinleveldb {

std::string_view arena_name() noexcept { return "bitcoinleveldb"; }

std::size_t arenas_made() noexcept { return leveldb_dropin_arenas(); }

}  // namespace bitcoinleveldb
