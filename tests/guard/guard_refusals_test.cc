// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What a guarded and a sealed arena do where the system refuses them pages.

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <cstdint>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_guard.h"
#include "bitcoinleveldb/arena_seal.h"
#include "bitcoinleveldb/arena_stats.h"
#include "bitcoinleveldb/page_source.h"
#include "guard_deaths.h"
#include "guard_helpers.h"
#include "sanitizers.h"

namespace bitcoinleveldb {
namespace {

TEST(ArenaGuardRefused, WithoutPagesTheBlockServes) {
  if (kAddressSanitizer || kThreadSanitizer) {
    GTEST_SKIP() << "sanitizers need address space";
  }
  const std::uint64_t refused = guard_stats().refused;
  Arena arena;
  guard_arena(arena);
  (void)arena.allocate(1);
  rlimit before{};
  getrlimit(RLIMIT_AS, &before);
  rlimit none = before;
  none.rlim_cur = 0;
  setrlimit(RLIMIT_AS, &none);
  const char* const ptr = arena.allocate(1);
  setrlimit(RLIMIT_AS, &before);
  EXPECT_TRUE(contains(arena, ptr));
  EXPECT_EQ(guard_stats().refused, refused + 1);
}

// As at the limit of mappings, the system refuses with ENOMEM: a page is gone.
TEST(ArenaSealDeathTest, ArenaThatCannotBeUnsealedEndsTheProgramAndSaysWhy) {
  EXPECT_ABORT(
      {
        Arena arena({4096, page_source()});
        char* const last = arena.allocate(10) + 4096;
        seal(arena);
        munmap(last - reinterpret_cast<std::uintptr_t>(last) % page(), page());
        arena.reset();
      },
      "^bitcoinleveldb-arena: the system does not let a sealed arena be "
      "unsealed \\([^)]+\\); allowed: [^\n]*vm\\.max_map_count");
}

}  // namespace
}  // namespace bitcoinleveldb
