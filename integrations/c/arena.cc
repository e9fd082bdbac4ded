// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The C interface over the C++ one. Only calls that cannot throw are used.

#include "bitcoinleveldb/arena.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>

#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/arena_stats.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/lcg_random.h"
#include "bitcoinleveldb_arena.h"

using bitcoinleveldb::Arena;
using bitcoinleveldb::ArenaOptions;
using bitcoinleveldb::LcgRandom;
using bitcoinleveldb::detail::ArenaInsider;

struct bitcoinleveldb_arena {
  Arena arena;
  bitcoinleveldb_arena_error last_error = BITCOINLEVELDB_ARENA_OK;
};

namespace {

using Options = bitcoinleveldb_arena_options;
using Stats = bitcoinleveldb_arena_stats;

// The first version of each structure ends behind this field; shorter ones do
// not exist.
constexpr std::size_t kOptionsBytesMin =
    offsetof(Options, block_bytes) + sizeof(Options::block_bytes);
constexpr std::size_t kStatsBytesMin =
    offsetof(Stats, spare_bytes) + sizeof(Stats::spare_bytes);

// No version will need as many; a structure that says so was never set.
constexpr std::size_t kOptionsBytesMax = 4096;

// A generator is passed to C as its state, and comes back as such.
static_assert(sizeof(LcgRandom) == sizeof(bitcoinleveldb_lcg));
static_assert(std::is_trivially_copyable_v<LcgRandom>);

// Reads the program's structure, which may be shorter or longer than ours.
bool read(const Options& theirs, Options* ours) {
  const std::size_t bytes = theirs.struct_bytes;
  if (bytes < kOptionsBytesMin || bytes > kOptionsBytesMax) return false;
  const char* const start = reinterpret_cast<const char*>(&theirs);
  std::memcpy(ours, start, std::min(bytes, sizeof(Options)));
  // What we do not know must not be asked for.
  return bytes <= sizeof(Options) ||
         std::all_of(start + sizeof(Options), start + bytes,
                     [](char byte) { return byte == 0; });
}

bitcoinleveldb_arena_error open(Arena& arena, const Options& theirs) {
  Options ours = BITCOINLEVELDB_ARENA_OPTIONS_INIT;
  if (!read(theirs, &ours)) return BITCOINLEVELDB_ARENA_INVALID_ARGUMENT;
  ArenaOptions options = bitcoinleveldb::default_arena_options();
  if (ours.block_bytes != 0) options.block_bytes = ours.block_bytes;
  if (!ArenaInsider::allows(options)) {
    return BITCOINLEVELDB_ARENA_INVALID_ARGUMENT;
  }
  return ArenaInsider::try_open(arena, options)
             ? BITCOINLEVELDB_ARENA_OK
             : BITCOINLEVELDB_ARENA_NO_MEMORY;
}

char* or_error(bitcoinleveldb_arena* arena, char* ptr,
               bitcoinleveldb_arena_error error) {
  if (ptr == nullptr) arena->last_error = error;
  return ptr;
}

}  // namespace

uint32_t bitcoinleveldb_arena_abi_version() {
  return BITCOINLEVELDB_ARENA_ABI_VERSION;
}

const char* bitcoinleveldb_arena_error_string(int error) {
  switch (error) {
    case BITCOINLEVELDB_ARENA_OK:
      return "no error";
    case BITCOINLEVELDB_ARENA_NO_MEMORY:
      return "out of memory";
    case BITCOINLEVELDB_ARENA_INVALID_ARGUMENT:
      return "an argument has a value that is not allowed";
    default:
      return "unknown error";
  }
}

bitcoinleveldb_arena_error bitcoinleveldb_arena_create(
    const bitcoinleveldb_arena_options* options, bitcoinleveldb_arena** arena) {
  if (arena == nullptr) return BITCOINLEVELDB_ARENA_INVALID_ARGUMENT;
  std::unique_ptr<bitcoinleveldb_arena> made(new (std::nothrow)
                                                 bitcoinleveldb_arena);
  if (made == nullptr) return BITCOINLEVELDB_ARENA_NO_MEMORY;
  if (options != nullptr) {
    const bitcoinleveldb_arena_error error = open(made->arena, *options);
    if (error != BITCOINLEVELDB_ARENA_OK) return error;
  }
  *arena = made.release();
  return BITCOINLEVELDB_ARENA_OK;
}

void bitcoinleveldb_arena_destroy(bitcoinleveldb_arena* arena) { delete arena; }

void* bitcoinleveldb_arena_allocate(bitcoinleveldb_arena* arena, size_t bytes) {
  if (arena == nullptr) return nullptr;
  return or_error(arena, arena->arena.try_allocate(bytes),
                  BITCOINLEVELDB_ARENA_NO_MEMORY);
}

void* bitcoinleveldb_arena_allocate_aligned(bitcoinleveldb_arena* arena,
                                            size_t bytes) {
  if (arena == nullptr) return nullptr;
  return or_error(arena, arena->arena.try_allocate_aligned(bytes),
                  BITCOINLEVELDB_ARENA_NO_MEMORY);
}

void* bitcoinleveldb_arena_allocate_aligned_to(bitcoinleveldb_arena* arena,
                                               size_t bytes, size_t alignment) {
  if (arena == nullptr) return nullptr;
  return or_error(arena, arena->arena.try_allocate_aligned(bytes, alignment),
                  bitcoinleveldb::detail::is_power_of_two(alignment)
                      ? BITCOINLEVELDB_ARENA_NO_MEMORY
                      : BITCOINLEVELDB_ARENA_INVALID_ARGUMENT);
}

bitcoinleveldb_arena_error bitcoinleveldb_arena_last_error(
    const bitcoinleveldb_arena* arena) {
  return arena == nullptr ? BITCOINLEVELDB_ARENA_INVALID_ARGUMENT
                          : arena->last_error;
}

size_t bitcoinleveldb_arena_memory_usage(const bitcoinleveldb_arena* arena) {
  return arena == nullptr ? 0 : arena->arena.memory_usage();
}

bitcoinleveldb_arena_error bitcoinleveldb_arena_reset(
    bitcoinleveldb_arena* arena, size_t keep_bytes) {
  if (arena == nullptr) return BITCOINLEVELDB_ARENA_INVALID_ARGUMENT;
  arena->arena.reset(keep_bytes);
  return BITCOINLEVELDB_ARENA_OK;
}

bitcoinleveldb_arena_error bitcoinleveldb_arena_get_stats(
    const bitcoinleveldb_arena* arena, bitcoinleveldb_arena_stats* stats) {
  if (arena == nullptr || stats == nullptr ||
      stats->struct_bytes < kStatsBytesMin) {
    return BITCOINLEVELDB_ARENA_INVALID_ARGUMENT;
  }
  const bitcoinleveldb::ArenaStats figures =
      bitcoinleveldb::stats(arena->arena);
  Stats ours = BITCOINLEVELDB_ARENA_STATS_INIT;
  ours.struct_bytes = std::min(stats->struct_bytes, sizeof(Stats));
  ours.memory_usage = figures.usage;
  ours.blocks = figures.blocks;
  ours.reserved_bytes = figures.reserved_bytes;
  ours.usage_peak = figures.usage_peak;
  ours.dedicated_blocks = figures.dedicated_blocks;
  ours.dedicated_bytes = figures.dedicated_bytes;
  ours.tails = figures.tails;
  ours.tail_bytes = figures.tail_bytes;
  ours.slabs = figures.slabs;
  ours.spare_slabs = figures.spare_slabs;
  ours.spare_bytes = figures.spare_bytes;
  std::memcpy(stats, &ours, ours.struct_bytes);
  return BITCOINLEVELDB_ARENA_OK;
}

bitcoinleveldb_lcg bitcoinleveldb_lcg_create(uint64_t seed) { return {seed}; }

uint64_t bitcoinleveldb_lcg_uniform(bitcoinleveldb_lcg* random,
                                    uint64_t range) {
  if (random == nullptr || range == 0) return 0;
  LcgRandom generator(random->state);
  const uint64_t drawn = generator.uniform(range);
  std::memcpy(random, &generator, sizeof(generator));
  return drawn;
}

int bitcoinleveldb_lcg_one_in(bitcoinleveldb_lcg* random, uint64_t n) {
  if (random == nullptr || n == 0) return 0;
  return bitcoinleveldb_lcg_uniform(random, n) == 0 ? 1 : 0;
}
