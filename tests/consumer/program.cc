// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A user's first program, built against the library in each way it is offered.
// Its argument is the version that the package says it has.

#include <bitcoinleveldb/arena.h>
#include <bitcoinleveldb/lcg_random.h>
#include <bitcoinleveldb/version.h>

#include <cstdint>
#include <cstdio>
#include <cstring>

namespace {

int fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return fail("usage: program VERSION");
  if (std::strcmp(argv[1], bitcoinleveldb::kVersion) != 0) {
    return fail("the package has another version than its headers");
  }
  bitcoinleveldb::LcgRandom random(301);
  if (random.uniform(256) != 67) return fail("LcgRandom draws otherwise");
  bitcoinleveldb::Arena arena;
  for (int i = 0; i < 10'000; ++i) {
    const auto bytes = static_cast<std::size_t>(1 + random.uniform(256));
    const bool aligned = random.one_in(4);
    char* const ptr =
        aligned ? arena.allocate_aligned(bytes) : arena.allocate(bytes);
    std::memset(ptr, i % 128, bytes);
    if (aligned && reinterpret_cast<std::uintptr_t>(ptr) % 8 != 0) {
      return fail("an aligned allocation is not");
    }
  }
  // No request exceeds a quarter block, so all blocks are standard ones.
  const std::size_t usage = arena.memory_usage();
  if (usage == 0 || usage % 4104 != 0) return fail("usage is not LevelDB's");
  return 0;
}
