// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Each crime against a guarded arena ends the program at once, and the report
// says which arena, which allocation and how far off. Without a guard each of
// them goes unnoticed: they lie within the arena's own memory.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_guard.h"
#include "bitcoinleveldb/arena_scope.h"
#include "guard_deaths.h"
#include "guard_helpers.h"
#include "guard_scene.h"

namespace bitcoinleveldb {
namespace {

TEST(GuardDeathTest, OverrunByOneByteTrapsAndSaysSo) {
  for (const std::size_t bytes : {1U, 33U, 4096U, 5000U}) {
    EXPECT_FAULT(
        {
          Scene scene(bytes);
          write_to(scene.ptr + bytes - 1);
          write_to(scene.ptr + bytes);
        },
        "access to 0x[0-9a-f]+, 1 past the end of " + second(bytes) + "\n");
  }
}

TEST(GuardDeathTest, ReadPastTheEndTrapsAndSaysHowFar) {
  EXPECT_FAULT(
      {
        Scene scene(100);
        read_from(scene.ptr + 100 + 41);
      },
      ", 42 past the end of " + second(100) + "\n");
}

TEST(GuardDeathTest, OverrunOfAnAlignedAllocationTraps) {
  EXPECT_FAULT(
      {
        Scene scene(1);
        char* const ptr = scene.arena->allocate_aligned(48);
        write_to(ptr + 48);
      },
      ", 1 past the end of allocation 3 \\(48 bytes at ");
}

// Up to its alignment it must have more bytes than were asked for, so that one
// of these is seen written only when the memory goes.
TEST(GuardDeathTest, OverrunIntoTheAlignmentIsFoundAtTheEnd) {
  EXPECT_ABORT(
      {
        Scene scene(1);
        char* const ptr = scene.arena->allocate_aligned(45);
        write_to(ptr + 46);
        scene.arena->reset();
      },
      "bitcoinleveldb-arena: found written 0x[0-9a-f]+, 2 past the end of "
      "allocation 3 \\(45 bytes at ");
}

TEST(GuardDeathTest, UnderrunIsFoundAtTheEndOrTrapsBeforeThePage) {
  EXPECT_ABORT(
      {
        Scene scene(100);
        write_to(scene.ptr - 1);
        scene.arena.reset();
      },
      "found written 0x[0-9a-f]+, 1 before the start of " + second(100) + "\n");
  EXPECT_FAULT(
      {
        Scene scene(100);
        write_to(scene.ptr + 100 - page() - 1);
      },
      "access to 0x[0-9a-f]+, [0-9]+ before the start of " + second(100));
  EXPECT_FAULT(
      {
        Scene scene(page());
        write_to(scene.ptr - 1);
      },
      "access to 0x[0-9a-f]+, 1 before the start of allocation 2");
}

TEST(GuardDeathTest, UseAfterResetTraps) {
  EXPECT_FAULT(
      {
        Scene scene(100);
        scene.arena->reset();
        read_from(scene.ptr + 5);
      },
      "at offset 5 of " + second(100) +
          ", which went when the arena was reset\n");
}

TEST(GuardDeathTest, UseAfterDestructionTraps) {
  EXPECT_FAULT(
      {
        Scene scene(100);
        scene.arena.reset();
        read_from(scene.ptr);
      },
      "at offset 0 of " + second(100) + ", which went with the arena\n");
}

TEST(GuardDeathTest, UseAfterAssignmentTraps) {
  EXPECT_FAULT(
      {
        Scene scene(100);
        *scene.arena = Arena();
        read_from(scene.ptr);
      },
      "at offset 0 of " + second(100) + ", which went with the arena\n");
}

TEST(GuardDeathTest, UseAfterAScopeTraps) {
  EXPECT_FAULT(
      {
        Scene scene(100);
        char* inside = nullptr;
        {
          const ArenaScope scope(*scene.arena);
          inside = scene.arena->allocate(20);
          write_to(inside);
        }
        write_to(scene.ptr);  // still there
        read_from(inside + 3);
      },
      "at offset 3 of allocation 3 \\(20 bytes at 0x[0-9a-f]+\\) of guarded "
      "arena .*, which went with a scope\n");
}

TEST(GuardDeathTest, UseAfterDestructionTrapsWithoutTheReporterToo) {
  EXPECT_FAULT(
      {
        auto arena = std::make_unique<Arena>();
        guard_arena(*arena);
        char* const ptr = arena->allocate(100);
        arena.reset();
        std::fputs("about to read", stderr);
        std::fflush(stderr);
        read_from(ptr);
      },
      "^about to read$");
}

TEST(GuardDeathTest, ReporterInstalledTwiceReportsOnce) {
  EXPECT_FAULT(
      {
        Scene scene(10);
        EXPECT_TRUE(install_guard_reporter());
        write_to(scene.ptr + 10);
      },
      "^bitcoinleveldb-arena: access to [^\n]*\n$");
}

}  // namespace
}  // namespace bitcoinleveldb
