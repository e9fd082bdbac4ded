// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Fills arenas from three functions whose shares are known, half of it in
// arenas that have ended, and writes its profile to the path in its argument.

#include <bitcoinleveldb/arena.h>
#include <bitcoinleveldb/arena_observer.h>
#include <bitcoinleveldb/arena_profile.h>
#include <bitcoinleveldb/arena_resource.h>

#include <cstddef>
#include <cstdio>
#include <vector>

namespace engine {

using bitcoinleveldb::Arena;

// 60 % of the bytes.
[[gnu::noinline]] void insert_keys(Arena& arena) {
  for (int i = 0; i != 600; ++i) (void)arena.allocate(100);
  __asm__ volatile("");
}

// 30 %, through a container of the standard library.
[[gnu::noinline]] void fill_index(Arena& arena) {
  bitcoinleveldb::ArenaResource resource(arena);
  std::pmr::vector<char*> index(&resource);
  index.reserve(30'000 / sizeof(char*));
}

// 10 %
[[gnu::noinline]] void copy_values(Arena& arena) {
  for (int i = 0; i != 2; ++i) (void)arena.allocate_aligned(5000);
  __asm__ volatile("");  // or the last call would be a jump, not from here
}

[[gnu::noinline]] void fill_memtable(Arena& arena) {
  for (int i = 0; i != 200; ++i) {
    insert_keys(arena);
    fill_index(arena);
    copy_values(arena);
  }
}

}  // namespace engine

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  bitcoinleveldb::ArenaProfileOptions options;
  options.sample_bytes = 500;
  bitcoinleveldb::ArenaProfile profile(options);
  bitcoinleveldb::add_default_observer(profile);
  bool written = false;
  {
    bitcoinleveldb::Arena kept;
    engine::fill_memtable(kept);
    bitcoinleveldb::Arena flushed;
    engine::fill_memtable(flushed);
    flushed.reset();
    written = profile.write(argv[1]);
  }
  bitcoinleveldb::remove_default_observer(profile);
  if (!written) std::perror(argv[1]);
  return written ? 0 : 1;
}
