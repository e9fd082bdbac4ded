// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A user's first C program, built against the library in each way it is
// offered.

#include <bitcoinleveldb_arena.h>
#include <stdio.h>
#include <string.h>

static int fail(const char* what) {
  fprintf(stderr, "%s\n", what);
  return 1;
}

int main(void) {
  if (bitcoinleveldb_arena_abi_version() != BITCOINLEVELDB_ARENA_ABI_VERSION) {
    return fail("the library has another version than its header");
  }
  bitcoinleveldb_arena* arena = NULL;
  const bitcoinleveldb_arena_error error =
      bitcoinleveldb_arena_create(NULL, &arena);
  if (error != BITCOINLEVELDB_ARENA_OK) {
    return fail(bitcoinleveldb_arena_error_string(error));
  }
  bitcoinleveldb_lcg random = bitcoinleveldb_lcg_create(301);
  if (bitcoinleveldb_lcg_uniform(&random, 256) != 67) {
    return fail("the generator draws otherwise");
  }
  for (int i = 0; i < 10000; ++i) {
    const size_t bytes = 1 + (size_t)bitcoinleveldb_lcg_uniform(&random, 256);
    char* const ptr = bitcoinleveldb_lcg_one_in(&random, 4)
                          ? bitcoinleveldb_arena_allocate_aligned(arena, bytes)
                          : bitcoinleveldb_arena_allocate(arena, bytes);
    if (ptr == NULL) return fail("an allocation failed");
    memset(ptr, i % 128, bytes);
  }
  // No request exceeds a quarter block, so all blocks are standard ones.
  const size_t usage = bitcoinleveldb_arena_memory_usage(arena);
  if (usage == 0 || usage % (4096 + sizeof(char*)) != 0) {
    return fail("usage is not LevelDB's");
  }
  bitcoinleveldb_arena_destroy(arena);
  return 0;
}
