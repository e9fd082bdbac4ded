// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Allocates from an arena, packed and aligned, and looks at what it holds.

#include <bitcoinleveldb/arena.h>

#include <cstring>
#include <iostream>

int main() {
  bitcoinleveldb::Arena arena;

  // 128 bytes at any address, packed behind what was allocated before.
  char* const bytes = arena.allocate(128);
  std::memset(bytes, 0, 128);

  // 64 bytes at a multiple of 8, for pointers and 64-bit integers.
  char* const aligned = arena.allocate_aligned(64);
  aligned[0] = 42;

  // 96 bytes on a cache line of their own.
  char* const line = arena.allocate_aligned(96, 64);
  std::memset(line, 0, 96);

  // What the arena holds, by LevelDB's count; any thread may ask.
  std::cout << "arena is using " << arena.memory_usage() << " bytes\n";

  // All of it is given back when the arena goes out of scope.
}
