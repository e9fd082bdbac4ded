// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TESTS_UNIT_SPARE_SLABS_H_
#define BITCOINLEVELDB_TESTS_UNIT_SPARE_SLABS_H_

#include <cstddef>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_options.h"
#include "block_sources.h"

namespace bitcoinleveldb {

// An arena that was reset and keeps three spare slabs of one size, each of
// which held a block of 10,000 bytes.
struct ArenaWithSpareSlabs {
  ArenaWithSpareSlabs() : arena(ArenaOptions{4096, &source}) {
    const std::size_t first = source.live_bytes();
    for (int i = 0; i != 3; ++i) (void)arena.allocate(10'000);
    held = source.live_bytes();
    slab = (held - first) / 3;
    arena.reset();
  }

  CountingSource source;
  Arena arena;
  std::size_t held;  // bytes of the source
  std::size_t slab;  // bytes of a spare one
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_UNIT_SPARE_SLABS_H_
