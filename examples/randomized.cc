// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Fills an arena by a random workload that is the same on every machine.

#include <bitcoinleveldb/arena.h>
#include <bitcoinleveldb/lcg_random.h>

#include <cstddef>
#include <cstring>
#include <iostream>

int main() {
  bitcoinleveldb::Arena arena;
  bitcoinleveldb::LcgRandom random(0x123456789abcdef0);

  for (int i = 0; i != 10'000; ++i) {
    const std::size_t size = 1 + random.uniform(256);
    char* const bytes =
        random.one_in(4) ? arena.allocate_aligned(size) : arena.allocate(size);
    std::memset(bytes, 0xaa, size);
  }

  std::cout << "total usage = " << arena.memory_usage() << " bytes\n";
}
