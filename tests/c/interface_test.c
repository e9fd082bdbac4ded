// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The C interface from C99 and C11, with nothing but its header. Each test is a
// function whose name is the sentence that it checks.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bitcoinleveldb_arena.h"

#define OK BITCOINLEVELDB_ARENA_OK
#define NO_MEMORY BITCOINLEVELDB_ARENA_NO_MEMORY
#define INVALID BITCOINLEVELDB_ARENA_INVALID_ARGUMENT

static int failures = 0;

#define CHECK(condition)                                                      \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "%s:%d: not so: %s\n", __func__, __LINE__, #condition); \
      ++failures;                                                             \
    }                                                                         \
  } while (0)

static bitcoinleveldb_arena* new_arena(void) {
  bitcoinleveldb_arena* arena = NULL;
  if (bitcoinleveldb_arena_create(NULL, &arena) != OK) abort();
  return arena;
}

static int is_multiple(const void* ptr, size_t alignment) {
  return (uintptr_t)ptr % alignment == 0;
}

static void header_and_library_have_the_same_abi_version(void) {
  CHECK(bitcoinleveldb_arena_abi_version() == BITCOINLEVELDB_ARENA_ABI_VERSION);
}

static void every_error_has_a_string_of_its_own(void) {
  const char* const ok = bitcoinleveldb_arena_error_string(OK);
  const char* const memory = bitcoinleveldb_arena_error_string(NO_MEMORY);
  const char* const invalid = bitcoinleveldb_arena_error_string(INVALID);
  const char* const unknown = bitcoinleveldb_arena_error_string(12345);
  CHECK(strcmp(ok, memory) != 0 && strcmp(memory, invalid) != 0);
  CHECK(strcmp(unknown, ok) != 0 && strcmp(unknown, invalid) != 0);
  CHECK(strcmp(unknown, bitcoinleveldb_arena_error_string(-1)) == 0);
}

static void usage_is_what_leveldb_counts(void) {
  bitcoinleveldb_arena* arena = new_arena();
  CHECK(bitcoinleveldb_arena_memory_usage(arena) == 0);
  CHECK(bitcoinleveldb_arena_allocate(arena, 1) != NULL);
  CHECK(bitcoinleveldb_arena_memory_usage(arena) == 4096 + sizeof(char*));
  CHECK(bitcoinleveldb_arena_allocate_aligned(arena, 4095) != NULL);
  CHECK(bitcoinleveldb_arena_memory_usage(arena) == 8191 + 2 * sizeof(char*));
  bitcoinleveldb_arena_destroy(arena);
}

static void allocations_are_aligned_and_keep_their_content(void) {
  enum { COUNT = 2000 };
  static unsigned char* ptrs[COUNT];
  static size_t sizes[COUNT];
  bitcoinleveldb_arena* arena = new_arena();
  bitcoinleveldb_lcg random = bitcoinleveldb_lcg_create(301);
  for (size_t i = 0; i != COUNT; ++i) {
    const size_t alignment = (size_t)1 << (i % 13);
    sizes[i] = 1 + (size_t)bitcoinleveldb_lcg_uniform(&random, 2000);
    ptrs[i] =
        bitcoinleveldb_arena_allocate_aligned_to(arena, sizes[i], alignment);
    CHECK(ptrs[i] != NULL && is_multiple(ptrs[i], alignment));
    memset(ptrs[i], (int)(i % 251), sizes[i]);
  }
  size_t bytes_changed = 0;
  for (size_t i = 0; i != COUNT; ++i) {
    for (size_t k = 0; k != sizes[i]; ++k) {
      if (ptrs[i][k] != i % 251) ++bytes_changed;
    }
  }
  CHECK(bytes_changed == 0);
  CHECK(is_multiple(bitcoinleveldb_arena_allocate_aligned(arena, 3), 8));
  bitcoinleveldb_arena_destroy(arena);
}

static void zero_bytes_have_an_address_of_their_own(void) {
  bitcoinleveldb_arena* arena = new_arena();
  const void* const a = bitcoinleveldb_arena_allocate(arena, 0);
  const void* const b = bitcoinleveldb_arena_allocate_aligned(arena, 0);
  const void* const c = bitcoinleveldb_arena_allocate_aligned_to(arena, 0, 64);
  const void* const d = bitcoinleveldb_arena_allocate(arena, 0);
  CHECK(a != NULL && b != NULL && c != NULL && d != NULL);
  CHECK(a != b && a != c && a != d && b != c && b != d && c != d);
  bitcoinleveldb_arena_destroy(arena);
}

static void impossible_sizes_are_no_memory_and_change_nothing(void) {
  static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 6, SIZE_MAX / 2};
  bitcoinleveldb_arena* arena = new_arena();
  const char* const before = bitcoinleveldb_arena_allocate(arena, 1);
  CHECK(bitcoinleveldb_arena_last_error(arena) == OK);
  for (size_t i = 0; i != sizeof(sizes) / sizeof(sizes[0]); ++i) {
    CHECK(bitcoinleveldb_arena_allocate(arena, sizes[i]) == NULL);
    CHECK(bitcoinleveldb_arena_last_error(arena) == NO_MEMORY);
    CHECK(bitcoinleveldb_arena_allocate_aligned(arena, sizes[i]) == NULL);
    CHECK(!bitcoinleveldb_arena_allocate_aligned_to(arena, sizes[i], 4096));
  }
  CHECK((const char*)bitcoinleveldb_arena_allocate(arena, 1) == before + 1);
  CHECK(bitcoinleveldb_arena_memory_usage(arena) == 4096 + sizeof(char*));
  CHECK(bitcoinleveldb_arena_last_error(arena) == NO_MEMORY);
  bitcoinleveldb_arena_destroy(arena);
}

static void alignment_that_is_no_power_of_two_is_invalid(void) {
  static const size_t wrong[] = {0, 3, 24, SIZE_MAX};
  bitcoinleveldb_arena* arena = new_arena();
  for (size_t i = 0; i != sizeof(wrong) / sizeof(wrong[0]); ++i) {
    CHECK(!bitcoinleveldb_arena_allocate_aligned_to(arena, 8, wrong[i]));
    CHECK(bitcoinleveldb_arena_last_error(arena) == INVALID);
  }
  CHECK(bitcoinleveldb_arena_memory_usage(arena) == 0);
  bitcoinleveldb_arena_destroy(arena);
}

static void options_set_the_bytes_of_a_block(void) {
  bitcoinleveldb_arena_options options = BITCOINLEVELDB_ARENA_OPTIONS_INIT;
  bitcoinleveldb_arena* arena = NULL;
  options.block_bytes = 65536;
  CHECK(bitcoinleveldb_arena_create(&options, &arena) == OK);
  CHECK(bitcoinleveldb_arena_allocate(arena, 10000) != NULL);
  CHECK(bitcoinleveldb_arena_memory_usage(arena) == 65536 + sizeof(char*));
  bitcoinleveldb_arena_destroy(arena);
}

static void options_of_zero_are_the_default(void) {
  const bitcoinleveldb_arena_options options =
      BITCOINLEVELDB_ARENA_OPTIONS_INIT;
  bitcoinleveldb_arena* arena = NULL;
  CHECK(bitcoinleveldb_arena_create(&options, &arena) == OK);
  CHECK(bitcoinleveldb_arena_allocate(arena, 1) != NULL);
  CHECK(bitcoinleveldb_arena_memory_usage(arena) == 4096 + sizeof(char*));
  bitcoinleveldb_arena_destroy(arena);
}

static void options_that_are_not_allowed_are_invalid(void) {
  bitcoinleveldb_arena_options options = BITCOINLEVELDB_ARENA_OPTIONS_INIT;
  bitcoinleveldb_arena* arena = NULL;
  options.block_bytes = 100;
  CHECK(bitcoinleveldb_arena_create(&options, &arena) == INVALID);
  options.block_bytes = 4096;
  options.struct_bytes = 0;
  CHECK(bitcoinleveldb_arena_create(&options, &arena) == INVALID);
  options.struct_bytes = sizeof(size_t);
  CHECK(bitcoinleveldb_arena_create(&options, &arena) == INVALID);
  options.struct_bytes = SIZE_MAX;
  CHECK(bitcoinleveldb_arena_create(&options, &arena) == INVALID);
  CHECK(arena == NULL);
}

struct longer_options {
  bitcoinleveldb_arena_options known;
  size_t unknown;
};

static void options_of_a_later_version_are_read_if_they_ask_for_nothing(void) {
  struct longer_options options = {{sizeof(options), 8192}, 0};
  bitcoinleveldb_arena* arena = NULL;
  CHECK(bitcoinleveldb_arena_create(&options.known, &arena) == OK);
  CHECK(bitcoinleveldb_arena_allocate(arena, 1) != NULL);
  CHECK(bitcoinleveldb_arena_memory_usage(arena) == 8192 + sizeof(char*));
  bitcoinleveldb_arena_destroy(arena);
  arena = NULL;
  options.unknown = 1;
  CHECK(bitcoinleveldb_arena_create(&options.known, &arena) == INVALID);
  CHECK(arena == NULL);
}

static void reset_forgets_all_and_keeps_what_it_is_told_to(void) {
  bitcoinleveldb_arena* arena = new_arena();
  bitcoinleveldb_arena_stats stats = BITCOINLEVELDB_ARENA_STATS_INIT;
  for (int i = 0; i != 1000; ++i) {
    CHECK(bitcoinleveldb_arena_allocate(arena, 1000) != NULL);
  }
  CHECK(bitcoinleveldb_arena_get_stats(arena, &stats) == OK);
  const size_t held = stats.reserved_bytes;
  CHECK(held >= 1000000);

  CHECK(bitcoinleveldb_arena_reset(arena, BITCOINLEVELDB_ARENA_KEEP_ALL) == OK);
  CHECK(bitcoinleveldb_arena_memory_usage(arena) == 0);
  CHECK(bitcoinleveldb_arena_get_stats(arena, &stats) == OK);
  CHECK(stats.reserved_bytes == held && stats.blocks == 0);

  CHECK(bitcoinleveldb_arena_reset(arena, held / 2) == OK);
  CHECK(bitcoinleveldb_arena_get_stats(arena, &stats) == OK);
  CHECK(stats.reserved_bytes <= held / 2 && stats.reserved_bytes > 0);

  CHECK(bitcoinleveldb_arena_reset(arena, BITCOINLEVELDB_ARENA_KEEP_NONE) ==
        OK);
  CHECK(bitcoinleveldb_arena_get_stats(arena, &stats) == OK);
  CHECK(stats.reserved_bytes == 0);
  CHECK(bitcoinleveldb_arena_allocate(arena, 1) != NULL);
  bitcoinleveldb_arena_destroy(arena);
}

static void stats_count_blocks_usage_and_what_is_held(void) {
  bitcoinleveldb_arena* arena = new_arena();
  bitcoinleveldb_arena_stats stats = BITCOINLEVELDB_ARENA_STATS_INIT;
  CHECK(bitcoinleveldb_arena_get_stats(arena, &stats) == OK);
  CHECK(stats.blocks == 0 && stats.memory_usage == 0);
  CHECK(bitcoinleveldb_arena_allocate(arena, 1) != NULL);
  CHECK(bitcoinleveldb_arena_allocate(arena, 5000) != NULL);
  CHECK(bitcoinleveldb_arena_get_stats(arena, &stats) == OK);
  CHECK(stats.struct_bytes == sizeof(stats));
  CHECK(stats.blocks == 2);
  CHECK(stats.memory_usage == bitcoinleveldb_arena_memory_usage(arena));
  CHECK(stats.reserved_bytes >= 9096);
  CHECK(stats.dedicated_blocks == 1 && stats.dedicated_bytes == 5000);
  CHECK(stats.tails == 0 && stats.slabs == 2 && stats.spare_slabs == 0);
  CHECK(bitcoinleveldb_arena_allocate(arena, 1000) != NULL);
  CHECK(bitcoinleveldb_arena_allocate(arena, 1000) != NULL);
  CHECK(bitcoinleveldb_arena_allocate(arena, 1000) != NULL);
  CHECK(bitcoinleveldb_arena_allocate(arena, 1000) != NULL);
  CHECK(bitcoinleveldb_arena_allocate(arena, 1000) != NULL);
  const size_t peak = bitcoinleveldb_arena_memory_usage(arena);
  CHECK(bitcoinleveldb_arena_get_stats(arena, &stats) == OK);
  CHECK(stats.tails == 1 && stats.tail_bytes == 4096 - 4001);
  CHECK(stats.usage_peak == peak);
  CHECK(bitcoinleveldb_arena_reset(arena, BITCOINLEVELDB_ARENA_KEEP_ALL) == OK);
  CHECK(bitcoinleveldb_arena_get_stats(arena, &stats) == OK);
  CHECK(stats.usage_peak == peak && stats.memory_usage == 0);
  CHECK(stats.spare_slabs > 0 && stats.spare_bytes < stats.reserved_bytes);
  bitcoinleveldb_arena_destroy(arena);
}

static void stats_are_filled_in_as_far_as_both_sides_know_them(void) {
  struct {
    bitcoinleveldb_arena_stats known;
    size_t unknown;
  } stats = {BITCOINLEVELDB_ARENA_STATS_INIT, 77};
  bitcoinleveldb_arena* arena = new_arena();
  stats.known.struct_bytes = sizeof(stats);
  CHECK(bitcoinleveldb_arena_get_stats(arena, &stats.known) == OK);
  CHECK(stats.known.struct_bytes == sizeof(stats.known));
  CHECK(stats.unknown == 77);
  stats.known.struct_bytes = sizeof(size_t);
  CHECK(bitcoinleveldb_arena_get_stats(arena, &stats.known) == INVALID);
  bitcoinleveldb_arena_destroy(arena);
}

static void null_is_an_invalid_argument(void) {
  bitcoinleveldb_arena* arena = new_arena();
  bitcoinleveldb_arena_stats stats = BITCOINLEVELDB_ARENA_STATS_INIT;
  CHECK(bitcoinleveldb_arena_create(NULL, NULL) == INVALID);
  CHECK(bitcoinleveldb_arena_allocate(NULL, 1) == NULL);
  CHECK(bitcoinleveldb_arena_allocate_aligned(NULL, 1) == NULL);
  CHECK(bitcoinleveldb_arena_allocate_aligned_to(NULL, 1, 8) == NULL);
  CHECK(bitcoinleveldb_arena_last_error(NULL) == INVALID);
  CHECK(bitcoinleveldb_arena_memory_usage(NULL) == 0);
  CHECK(bitcoinleveldb_arena_reset(NULL, 0) == INVALID);
  CHECK(bitcoinleveldb_arena_get_stats(NULL, &stats) == INVALID);
  CHECK(bitcoinleveldb_arena_get_stats(arena, NULL) == INVALID);
  CHECK(bitcoinleveldb_lcg_uniform(NULL, 5) == 0);
  CHECK(bitcoinleveldb_lcg_one_in(NULL, 1) == 0);
  bitcoinleveldb_arena_destroy(NULL);
  bitcoinleveldb_arena_destroy(arena);
}

static void generator_draws_what_is_specified(void) {
  uint64_t state = 301;
  bitcoinleveldb_lcg random = bitcoinleveldb_lcg_create(301);
  for (int i = 0; i != 1000; ++i) {
    state = state * 6364136223846793005U + 1;
    if (i % 2 == 0) {
      CHECK(bitcoinleveldb_lcg_uniform(&random, 1000) == (state >> 32) % 1000);
    } else {
      CHECK(bitcoinleveldb_lcg_one_in(&random, 3) == ((state >> 32) % 3 == 0));
    }
    CHECK(random.state == state);
  }
  CHECK(bitcoinleveldb_lcg_uniform(&random, 0) == 0);
  CHECK(bitcoinleveldb_lcg_one_in(&random, 0) == 0);
  CHECK(random.state == state);
}

int main(void) {
  header_and_library_have_the_same_abi_version();
  every_error_has_a_string_of_its_own();
  usage_is_what_leveldb_counts();
  allocations_are_aligned_and_keep_their_content();
  zero_bytes_have_an_address_of_their_own();
  impossible_sizes_are_no_memory_and_change_nothing();
  alignment_that_is_no_power_of_two_is_invalid();
  options_set_the_bytes_of_a_block();
  options_of_zero_are_the_default();
  options_that_are_not_allowed_are_invalid();
  options_of_a_later_version_are_read_if_they_ask_for_nothing();
  reset_forgets_all_and_keeps_what_it_is_told_to();
  stats_count_blocks_usage_and_what_is_held();
  stats_are_filled_in_as_far_as_both_sides_know_them();
  null_is_an_invalid_argument();
  generator_draws_what_is_specified();
  printf("%d failures, C %ld\n", failures, __STDC_VERSION__);
  return failures == 0 ? 0 : 1;
}
