// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A module that brings the library with it, for loading_test.cc.

#include <cstddef>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/arena_profile.h"

extern "C" [[gnu::visibility("default")]] std::size_t samples_of_an_arena();

// What threads keep is used: slabs, and stacks.
std::size_t samples_of_an_arena() {
  bitcoinleveldb::ArenaProfileOptions options;
  options.sample_bytes = 0;
  bitcoinleveldb::ArenaProfile profile(options);
  {
    bitcoinleveldb::Arena arena;
    attach_observer(arena, profile);
    for (int i = 0; i != 3; ++i) (void)arena.allocate(100);
  }
  return profile.stats().samples;
}
