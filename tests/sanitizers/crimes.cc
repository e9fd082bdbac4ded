// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Commits the crimes it is asked for and says of each that no one stopped it,
// or does for a while what is allowed. It says first what checks its memory.
// Built in several ways, and run by crimes_test.py.

#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/arena_resize.h"
#include "bitcoinleveldb/arena_scope.h"
#include "bitcoinleveldb/block_depot.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/memory_checks.h"
#include "lawful.h"

namespace {

using bitcoinleveldb::Arena;
using bitcoinleveldb::ArenaOptions;
using bitcoinleveldb::ArenaScope;
using bitcoinleveldb::BlockDepot;

void write(char* at) { *static_cast<volatile char*>(at) = 1; }

// What is not initialized shows when something depends on it.
void depend(const char* at) {
  if (*static_cast<const volatile char*>(at) == 77) std::puts("77");
}

char* filled(Arena& arena, std::size_t bytes) {
  char* const ptr = arena.allocate(bytes);
  std::memset(ptr, 1, bytes);
  return ptr;
}

ArenaOptions with_source(BlockDepot& depot) {
  ArenaOptions options;
  options.block_source = &depot;
  return options;
}

void rest_of_block() {
  Arena arena;
  write(filled(arena, 5) + 5);
}

void tail() {
  Arena arena;
  for (int i = 0; i != 3; ++i) (void)filled(arena, 1000);
  char* const last = filled(arena, 1000);
  (void)filled(arena, 500);
  write(last + 1000);
}

void slop() {
  Arena arena;
  char* const ptr = filled(arena, 5);
  std::memset(arena.allocate_aligned(8), 1, 8);
  write(ptr + 5);
}

// Behind a block that is full lies the head of the next one.
void next_head() {
  Arena arena;
  (void)filled(arena, 4096);
  char* const full = filled(arena, 2048);
  (void)filled(arena, 2048);
  write(full + 2048);
}

void own_head() {
  Arena arena;
  write(filled(arena, 2048) - 1);
}

void shortened() {
  Arena arena;
  char* const ptr = filled(arena, 100);
  if (bitcoinleveldb::try_resize_newest(arena, ptr, 100, 50)) write(ptr + 50);
}

void shortened_block() {
  Arena arena;
  (void)filled(arena, 100);
  char* const ptr = filled(arena, 5000);
  if (bitcoinleveldb::try_resize_newest(arena, ptr, 5000, 4000)) {
    write(ptr + 4000);
  }
}

void reset() {
  Arena arena;
  char* const ptr = filled(arena, 100);
  arena.reset();
  write(ptr);
}

// In a slab that the reset has kept.
void reset_slab() {
  Arena arena;
  (void)filled(arena, 100);
  char* const ptr = filled(arena, 50000);
  arena.reset();
  (void)filled(arena, 100);
  write(ptr);
}

void reset_to_nothing() {
  Arena arena;
  char* const ptr = filled(arena, 100);
  arena.reset(0);
  write(ptr);
}

void scope() {
  Arena arena;
  (void)filled(arena, 3);
  char* ptr = nullptr;
  {
    const ArenaScope inner(arena);
    ptr = filled(arena, 100);
  }
  write(ptr);
}

void scope_block() {
  Arena arena;
  (void)filled(arena, 3);
  char* ptr = nullptr;
  {
    const ArenaScope inner(arena);
    ptr = filled(arena, 50000);
  }
  write(ptr);
}

void destroyed() {
  auto arena = std::make_unique<Arena>();
  char* const ptr = filled(*arena, 100);
  arena.reset();
  write(ptr);
}

void assigned() {
  Arena arena;
  char* const ptr = filled(arena, 100);
  arena = Arena();
  write(ptr);
}

void moved_and_destroyed() {
  Arena arena;
  char* const ptr = filled(arena, 100);
  { const Arena taker(std::move(arena)); }
  write(ptr);
}

void in_depot() {
  BlockDepot depot;
  char* ptr = nullptr;
  {
    Arena arena(with_source(depot));
    ptr = filled(arena, 100);
  }
  write(ptr);
}

void reserved() {
  Arena arena;
  (void)filled(arena, 100);
  const bitcoinleveldb::detail::BlockRun run{50000, 1, true};
  if (!bitcoinleveldb::detail::ArenaInsider::reserve(arena, &run, 1)) return;
  const auto* const record =
      bitcoinleveldb::detail::ArenaInsider::record(arena);
  write(reinterpret_cast<char*>(record->spare_slabs) + 1000);
}

// Only gaps keep these two from each other's bytes.
void one_byte_over() {
  Arena arena;
  char* const ptr = filled(arena, 8);
  (void)filled(arena, 8);
  write(ptr + 8);
}

void one_byte_under() {
  Arena arena;
  (void)filled(arena, 13);
  write(filled(arena, 8) - 1);
}

void uninitialized() {
  Arena arena;
  depend(arena.allocate(10));
}

void uninitialized_after_reset() {
  Arena arena;
  (void)filled(arena, 100);
  arena.reset();
  depend(arena.allocate(10));
}

void uninitialized_after_scope() {
  Arena arena;
  (void)filled(arena, 3);
  {
    const ArenaScope inner(arena);
    (void)filled(arena, 100);
  }
  depend(arena.allocate(10));
}

void uninitialized_from_depot() {
  BlockDepot depot;
  for (int i = 0; i != 2; ++i) {
    Arena arena(with_source(depot));
    if (i == 1) depend(arena.allocate(10));
    (void)filled(arena, 1000);
  }
}

void uninitialized_where_longer() {
  Arena arena;
  char* const ptr = filled(arena, 10);
  if (bitcoinleveldb::try_resize_newest(arena, ptr, 10, 20)) depend(ptr + 10);
}

void read_after_reset() {
  Arena arena;
  const char* const ptr = filled(arena, 100);
  arena.reset();
  depend(ptr);
}

struct Deed {
  const char* name;
  void (*commit)();
};

constexpr Deed kDeeds[] = {
    {"lawful", lawful},
    {"rest_of_block", rest_of_block},
    {"tail", tail},
    {"slop", slop},
    {"next_head", next_head},
    {"own_head", own_head},
    {"shortened", shortened},
    {"shortened_block", shortened_block},
    {"reset", reset},
    {"reset_slab", reset_slab},
    {"reset_to_nothing", reset_to_nothing},
    {"scope", scope},
    {"scope_block", scope_block},
    {"destroyed", destroyed},
    {"assigned", assigned},
    {"moved_and_destroyed", moved_and_destroyed},
    {"in_depot", in_depot},
    {"reserved", reserved},
    {"one_byte_over", one_byte_over},
    {"one_byte_under", one_byte_under},
    {"uninitialized", uninitialized},
    {"uninitialized_after_reset", uninitialized_after_reset},
    {"uninitialized_after_scope", uninitialized_after_scope},
    {"uninitialized_from_depot", uninitialized_from_depot},
    {"uninitialized_where_longer", uninitialized_where_longer},
    {"read_after_reset", read_after_reset},
};

const Deed* find(const char* name) {
  for (const Deed& deed : kDeeds) {
    if (std::strcmp(name, deed.name) == 0) return &deed;
  }
  return nullptr;
}

int list() {
  for (const Deed& deed : kDeeds) std::printf("%s\n", deed.name);
  return 2;
}

}  // namespace

int main(int count, char** arguments) {
  const char* const checker = bitcoinleveldb::memory_checker();
  std::printf("checked by %s\n", checker == nullptr ? "none" : checker);
  std::fflush(stdout);
  for (int i = 1; i < count; ++i) {
    const Deed* const deed = find(arguments[i]);
    if (deed == nullptr) return list();
    std::fprintf(stderr, "crime %s\n", deed->name);
    deed->commit();
    std::fprintf(stderr, "not stopped\n");
  }
  return 0;
}
