// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Every line that arenas and their sources say, word for word, by each logger.

#include <gtest/gtest.h>

#include <optional>
#include <utility>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/arena_resize.h"
#include "bitcoinleveldb/arena_scope.h"
#include "bitcoinleveldb/arena_stats.h"
#include "bitcoinleveldb/memory_budget.h"
#include "block_sources.h"
#include "expect_failure.h"
#include "log_capture.h"
#include "usage_of.h"

namespace bitcoinleveldb {
namespace {

using LogLines = LogTest;
INSTANTIATE_TEST_SUITE_P(By, LogLines, testing::ValuesIn(log_adapters()),
                         adapter_name);

const void* at(const void* memory) { return memory; }

std::size_t reserved(const Arena& arena) { return stats(arena).reserved_bytes; }

TEST_P(LogLines, InfoWhenAnArenaIsMadeWithOptionsAndWhenItGoes) {
  set_log_level(LogLevel::kInfo);
  std::optional<Arena> arena(std::in_place, ArenaOptions{8192, nullptr});
  const std::string made =
      text("info: arena N: new at %p, blocks of 8192 bytes", at(&*arena));
  EXPECT_EQ(lines(), Lines{made});
  (void)arena->allocate(100);
  (void)arena->allocate(5000);
  (void)arena->allocate(5000);
  const std::size_t bytes = reserved(*arena);
  arena.reset();
  EXPECT_EQ(lines(), (Lines{made, text("info: arena N: gone, with 2 blocks, "
                                       "usage %zu and %zu bytes reserved",
                                       usage_of(13192, 2), bytes)}));
}

// One without options has nothing before its first slab, nothing to say it in
// included.
TEST_P(LogLines, InfoWhenAnArenaWithoutOptionsTakesItsFirstSlab) {
  set_log_level(LogLevel::kInfo);
  Arena arena;
  EXPECT_EQ(lines(), Lines{});
  (void)arena.allocate(1);
  EXPECT_EQ(lines(),
            Lines{text("info: arena N: new at %p, blocks of 4096 bytes",
                       at(&arena))});
}

TEST_P(LogLines, InfoWhenAnArenaFromBeforeIsFound) {
  Arena arena;
  (void)arena.allocate(1);
  (void)arena.allocate(5000);
  set_log_level(LogLevel::kInfo);
  refresh_observers(arena);
  EXPECT_EQ(
      lines(),
      Lines{text("info: arena N: found at %p, with 2 blocks and usage %zu",
                 at(&arena), usage_of(9096, 2))});
}

TEST_P(LogLines, InfoWhenAnArenaIsAssignedTo) {
  set_log_level(LogLevel::kInfo);
  Arena arena(ArenaOptions{});
  const std::size_t bytes = reserved(arena);
  arena = Arena();
  EXPECT_EQ(lines().back(), text("info: arena N: gone, with 0 blocks, usage 0 "
                                 "and %zu bytes reserved",
                                 bytes));
}

TEST_P(LogLines, DebugForSlabsAndBothKindsOfBlocksWithTheirRequests) {
  set_log_level(LogLevel::kDebug);
  Arena arena;
  (void)arena.allocate(4000);
  const std::size_t first = reserved(arena);
  (void)arena.allocate(100);
  const std::size_t second = reserved(arena);
  (void)arena.allocate_aligned(4000);
  Lines expected = {
      text("info: arena N: new at %p, blocks of 4096 bytes", at(&arena)),
      text("debug: arena N: slab of %zu bytes at %p, %zu bytes reserved", first,
           at(&detail::ArenaInsider::record(arena)->slab), first),
      "debug: arena N: block 0, dedicated to a request of 4000 bytes, usage " +
          usage_text(4000)};
  Lines said = lines();
  ASSERT_GE(said.size(), 4U);
  EXPECT_EQ(Lines(said.begin(), said.begin() + 3), expected);
  EXPECT_EQ(said[3].rfind(text("debug: arena N: slab of %zu bytes at %s",
                               second - first, address_start().c_str()),
                          0),
            0U)
      << said[3];
  EXPECT_EQ(said[4],
            "debug: arena N: block 1, standard, 4096 bytes for a request of "
            "100, a tail of 0 left behind, usage " +
                usage_text(8096, 2));
  EXPECT_EQ(said.back(),
            "debug: arena N: block 2, dedicated to a request of 4000 bytes, "
            "usage " +
                usage_text(12096, 3));
}

TEST_P(LogLines, DebugOfAStandardBlockHasTheTailLeftBehind) {
  Arena arena;
  for (int i = 0; i != 5; ++i) (void)arena.allocate(800);
  set_log_level(LogLevel::kDebug);
  refresh_observers(arena);
  (void)arena.allocate(97);
  EXPECT_EQ(lines().back(),
            "debug: arena N: block 1, standard, 4096 bytes for a request of "
            "97, a tail of 96 left behind, usage " +
                usage_text(8192, 2));
}

TEST_P(LogLines, DebugForScopesAndResets) {
  set_log_level(LogLevel::kDebug);
  Arena arena;
  (void)arena.allocate(1);
  {
    ArenaScope scope(arena);
    EXPECT_EQ(lines().back(),
              "debug: arena N: scope begun at usage " + usage_text(4096));
    (void)arena.allocate(5000);
    scope.rewind(12345);
    EXPECT_EQ(lines().back(), "debug: arena N: scope gives back, usage " +
                                  usage_text(9096, 2) + " becomes " +
                                  usage_text(4096) +
                                  ", up "
                                  "to 12345 bytes reserved are kept");
  }
  arena.reset(777);
  EXPECT_EQ(lines().back(), "debug: arena N: reset, usage " + usage_text(4096) +
                                " becomes 0, up to 777 bytes "
                                "reserved are kept");
}

TEST_P(LogLines, TraceForEachAllocationAndWhatRemains) {
  Arena arena;
  (void)arena.allocate(1);
  set_log_level(LogLevel::kTrace);
  refresh_observers(arena);
  char* const packed = arena.allocate(10);
  EXPECT_EQ(lines().back(), text("trace: arena N: 10 bytes at %p, alignment 1, "
                                 "slop 0, 4085 remain",
                                 at(packed)));
  char* const aligned = arena.allocate_aligned(20);
  EXPECT_EQ(lines().back(), text("trace: arena N: 20 bytes at %p, alignment 8, "
                                 "slop 5, 4060 remain",
                                 at(aligned)));
  EXPECT_EQ(lines().size(), 3U);
}

TEST_P(LogLines, TraceForTheNewestAllocationResized) {
  set_log_level(LogLevel::kTrace);
  Arena arena;
  char* const ptr = arena.allocate(10);
  ASSERT_TRUE(try_resize_newest(arena, ptr, 10, 96));
  EXPECT_EQ(lines().back(),
            text("trace: arena N: 10 bytes at %p resized to 96, 4000 remain",
                 at(ptr)));
}

TEST_P(LogLines, WarnWhenMemoryRunsOut) {
  CountingSource source(2);
  Arena arena(ArenaOptions{4096, &source});
  (void)arena.allocate(1);
  set_log_level(LogLevel::kWarn);
  refresh_observers(arena);
  if (kNullIsChecked && kWithoutExceptions) {
    GTEST_SKIP() << "a source cannot say here that it has nothing";
  }
  EXPECT_EQ(arena.try_allocate_aligned(5000, 32), nullptr);
  EXPECT_EQ(lines(), Lines{"warn: arena N: out of memory for 5000 bytes at "
                           "alignment 32, usage " +
                           usage_text(4096)});
}

TEST_P(LogLines, WarnWhenAnArenaGetsNoFirstSlab) {
  set_log_level(LogLevel::kWarn);
  Arena arena;
  EXPECT_EQ(arena.try_allocate(SIZE_MAX), nullptr);
  EXPECT_EQ(lines(), Lines{text("warn: arena N: out of memory for %zu bytes at "
                                "alignment 1, usage 0",
                                SIZE_MAX)});
}

TEST_P(LogLines, WarnWhenABudgetReachesItsThreshold) {
  set_log_level(LogLevel::kWarn);
  MemoryBudgetOptions options;
  options.threshold_bytes = 100;
  MemoryBudget budget(options);
  void* const memory = budget.allocate(120);
  EXPECT_EQ(lines(), Lines{text("warn: memory budget at %p: 120 bytes charged, "
                                "threshold of 100 reached",
                                at(&budget))});
  budget.deallocate(memory, 120);
}

TEST_P(LogLines, ErrorForAnArgumentThatIsNotAllowed) {
  set_log_level(LogLevel::kError);
  Arena arena;
#ifdef __cpp_exceptions
  EXPECT_THROW((void)arena.allocate_aligned(1, 3), std::invalid_argument);
  EXPECT_EQ(lines(),
            Lines{"error: Arena: alignment is 3; allowed: powers of two"});
#else
  set_logger(capture().stderr_logger());
  EXPECT_DEATH((void)arena.allocate_aligned(1, 3),
               "error: Arena: alignment is 3; allowed: powers of two\n");
#endif
}

TEST_P(LogLines, ErrorForMisuseBeforeTheProgramEnds) {
  const auto misuse = [this] {
    set_logger(capture().stderr_logger());
    set_log_level(LogLevel::kError);
    Arena arena(ArenaOptions{});
    const ArenaScope scope(arena);
    arena.reset();
  };
  EXPECT_DEATH(misuse(),
               "error: an arena was reset within an ArenaScope on it\n");
}

// Nothing below the level is said, at any level.
TEST_P(LogLines, EachLevelHasThoseAboveItAndNoOther) {
  const auto live = [] {
    Arena arena;
    (void)arena.allocate(1);
    EXPECT_EQ(arena.try_allocate(SIZE_MAX), nullptr);
  };
  // new, slab, block, allocation, out of memory, gone
  const std::pair<LogLevel, std::size_t> expected[] = {
      {LogLevel::kOff, 0},  {LogLevel::kError, 0}, {LogLevel::kWarn, 1},
      {LogLevel::kInfo, 3}, {LogLevel::kDebug, 5}, {LogLevel::kTrace, 6},
  };
  for (const auto& [level, count] : expected) {
    const std::size_t before = lines().size();
    set_log_level(level);
    live();
    EXPECT_EQ(lines().size() - before, count) << to_string(level);
  }
}

}  // namespace
}  // namespace bitcoinleveldb
