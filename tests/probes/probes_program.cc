// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Comes by every probe, and prints what their arguments are made of.

#include <cstddef>
#include <cstdint>
#include <cstdio>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "unit/block_sources.h"

int main() {
  using bitcoinleveldb::detail::ArenaInsider;
  using bitcoinleveldb::detail::Block;
  bitcoinleveldb::Arena arena;
  const char* const small = arena.allocate(100);
  const char* const large = arena.allocate(5000);
  const bool got = arena.try_allocate(SIZE_MAX);
  const void* const record = ArenaInsider::record(arena);
  const std::size_t reserved = ArenaInsider::reserved_bytes(arena);
  arena.reset(77);
  bitcoinleveldb::CountingSource dry(1);
  set_default_arena_options(bitcoinleveldb::ArenaOptions{4096, &dry});
  bitcoinleveldb::Arena empty;
  const bool got_first = empty.try_allocate(3);
  std::printf("%p %p %p %p %p %zu %d\n", static_cast<void*>(&arena), record,
              static_cast<const void*>(Block::of(small)),
              static_cast<const void*>(Block::of(large)),
              static_cast<void*>(&empty), reserved, got || got_first);
}
