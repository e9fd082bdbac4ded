// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// ArenaTest is itself tested by arenas with planted faults: each must be
// reported as what it is, and nothing must be reported of a sound arena.

#include "bitcoinleveldb/arena_test.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory_resource>
#include <stdexcept>
#include <string>

#include "bitcoinleveldb/arena.h"
#ifdef TESTS_HAVE_LEVELDB
#include "oracle/leveldb_arena.h"
#endif

namespace bitcoinleveldb {
namespace {

ArenaTestOptions small_run() {
  ArenaTestOptions options;
  options.allocations = 20'000;
  return options;
}

// A sound arena until allocation `kFaultAt`; the classes below differ then.
class FaultyArena {
 public:
  static constexpr std::size_t kFaultAt = 12'345;

  char* allocate(std::size_t bytes) {
    ++calls_;
    return last_ = arena_.allocate(bytes);
  }
  char* allocate_aligned(std::size_t bytes) {
    ++calls_;
    return last_ = arena_.allocate_aligned(bytes);
  }
  std::size_t memory_usage() const { return arena_.memory_usage(); }

 protected:
  bool faulty() const { return calls_ == kFaultAt; }

  Arena arena_;
  std::size_t calls_ = 0;
  char* last_ = nullptr;
};

struct OverlappingArena : FaultyArena {
  char* allocate(std::size_t bytes) {
    char* const previous = last_;
    char* const ptr = FaultyArena::allocate(bytes);
    return faulty() ? previous : ptr;
  }
  char* allocate_aligned(std::size_t bytes) {
    char* const previous = last_;
    char* const ptr = FaultyArena::allocate_aligned(bytes);
    return faulty() ? previous : ptr;
  }
};

// The next aligned request after the planted place gets an odd address.
struct MisaligningArena : FaultyArena {
  char* allocate_aligned(std::size_t bytes) {
    const bool now = calls_ >= kFaultAt && !done_;
    done_ = done_ || now;
    return now ? FaultyArena::allocate_aligned(bytes + 1) + 1
               : FaultyArena::allocate_aligned(bytes);
  }
  bool done_ = false;
};

struct UnderCountingArena : FaultyArena {
  std::size_t memory_usage() const {
    return calls_ < kFaultAt ? FaultyArena::memory_usage() : 4104;
  }
};

struct OverCountingArena : FaultyArena {
  std::size_t memory_usage() const {
    const std::size_t usage = FaultyArena::memory_usage();
    return calls_ < kFaultAt ? usage : usage + usage / 5;
  }
};

struct CorruptingArena : FaultyArena {
  char* allocate(std::size_t bytes) {
    char* const previous = last_;
    char* const ptr = FaultyArena::allocate(bytes);
    if (faulty()) *previous = static_cast<char>(*previous + 1);
    return ptr;
  }
  char* allocate_aligned(std::size_t bytes) {
    char* const previous = last_;
    char* const ptr = FaultyArena::allocate_aligned(bytes);
    if (faulty()) *previous = static_cast<char>(*previous + 1);
    return ptr;
  }
};

struct NullArena : FaultyArena {
  char* allocate(std::size_t bytes) {
    char* const ptr = FaultyArena::allocate(bytes);
    return faulty() ? nullptr : ptr;
  }
  char* allocate_aligned(std::size_t bytes) {
    char* const ptr = FaultyArena::allocate_aligned(bytes);
    return faulty() ? nullptr : ptr;
  }
};

template <class A>
ArenaTestResult run_on_faulty() {
  A arena;
  return ArenaTest(small_run()).run(arena);
}

// Checks that every fault found is of one kind and that the first is at or
// right after the allocation where it was planted.
void expect_only(const ArenaTestResult& result, ArenaFault fault) {
  ASSERT_FALSE(result.passed());
  for (const ArenaTestFault& found : result.faults) {
    EXPECT_EQ(to_string(found.fault), std::string(to_string(fault)));
    EXPECT_FALSE(found.message.empty());
  }
  EXPECT_NEAR(static_cast<double>(result.faults.front().allocation),
              FaultyArena::kFaultAt, 50);
}

TEST(ArenaTest, DefaultRunPassesOnOurArena) {
  Arena arena;
  const ArenaTestResult result = ArenaTest{}.run(arena);
  EXPECT_TRUE(result.passed());
  EXPECT_EQ(result.allocations, 100'000U);
  EXPECT_NEAR(static_cast<double>(result.aligned), 10'000, 500);
  EXPECT_TRUE(result.usage_known);
  EXPECT_EQ(result.usage, arena.memory_usage());
  EXPECT_LE(result.bytes, result.usage);
}

#ifdef TESTS_HAVE_LEVELDB
TEST(ArenaTest, DefaultRunPassesOnLevelDbsArenaWithTheSameFigures) {
  Arena ours;
  leveldb::Arena theirs;
  const ArenaTestResult a = ArenaTest{}.run(ours);
  const ArenaTestResult b = ArenaTest{}.run(theirs);
  EXPECT_TRUE(b.passed());
  EXPECT_EQ(a.bytes, b.bytes);
  EXPECT_EQ(a.usage, b.usage);
}
#endif

TEST(ArenaTest, SpecificationPresetPasses) {
  Arena arena;
  const ArenaTest test(ArenaTestOptions::specification());
  const ArenaTestResult result = test.run(arena);
  EXPECT_TRUE(result.passed());
  EXPECT_EQ(result.allocations, 10'000U);
  EXPECT_NEAR(static_cast<double>(result.aligned), 2'500, 200);
  EXPECT_NEAR(static_cast<double>(result.bytes), 1'285'000, 30'000);
}

TEST(ArenaTest, RunsOnAMemoryResourceWithoutUsage) {
  std::pmr::monotonic_buffer_resource resource;
  const ArenaTestResult result = ArenaTest(small_run()).run(resource);
  EXPECT_TRUE(result.passed());
  EXPECT_FALSE(result.usage_known);
}

TEST(ArenaTest, PassesWithFewAllocations) {
  for (std::size_t allocations : {1U, 2U, 9U, 10U, 11U, 100U, 1000U}) {
    ArenaTestOptions options;
    options.allocations = allocations;
    Arena arena;
    const ArenaTestResult result = ArenaTest(options).run(arena);
    EXPECT_TRUE(result.passed()) << result.faults.front().message;
    EXPECT_EQ(result.allocations, allocations);
  }
}

TEST(ArenaTest, SameSeedAsksForTheSameBytes) {
  ArenaTestOptions options = small_run();
  options.seed = 17;
  Arena a;
  Arena b;
  Arena c;
  const std::size_t bytes = ArenaTest(options).run(a).bytes;
  EXPECT_EQ(ArenaTest(options).run(b).bytes, bytes);
  options.seed = 18;
  EXPECT_NE(ArenaTest(options).run(c).bytes, bytes);
}

TEST(ArenaTest, WithoutAlignedRequestsThereAreNone) {
  ArenaTestOptions options = small_run();
  options.aligned_one_in = 0;
  Arena arena;
  EXPECT_EQ(ArenaTest(options).run(arena).aligned, 0U);
}

TEST(ArenaTest, ProgressEndsAtTheTotal) {
  ArenaTestOptions options = small_run();
  std::size_t calls = 0;
  std::size_t last = 0;
  options.progress = [&](std::size_t done, std::size_t total) {
    ++calls;
    EXPECT_GT(done, last);
    EXPECT_EQ(total, 20'000U);
    last = done;
  };
  Arena arena;
  (void)ArenaTest(options).run(arena);
  EXPECT_EQ(last, 20'000U);
  EXPECT_EQ(calls, 100U);
}

TEST(ArenaTest, ReportsAnOverlapAsOverlap) {
  expect_only(run_on_faulty<OverlappingArena>(), ArenaFault::kOverlap);
}

TEST(ArenaTest, ReportsAMisalignedPointerAsMisaligned) {
  expect_only(run_on_faulty<MisaligningArena>(), ArenaFault::kMisaligned);
}

TEST(ArenaTest, ReportsUnderCountedUsageAsTooLow) {
  const ArenaTestResult result = run_on_faulty<UnderCountingArena>();
  expect_only(result, ArenaFault::kUsageLow);
  EXPECT_GT(result.faults_total, result.faults.size());
}

TEST(ArenaTest, ReportsOverCountedUsageAsTooHigh) {
  expect_only(run_on_faulty<OverCountingArena>(), ArenaFault::kUsageHigh);
}

TEST(ArenaTest, ReportsChangedBytesAsCorrupted) {
  const ArenaTestResult result = run_on_faulty<CorruptingArena>();
  expect_only(result, ArenaFault::kCorrupted);
  EXPECT_EQ(result.faults_total, 1U);
  EXPECT_NE(result.faults.front().message.find("at offset 0"),
            std::string::npos);
}

TEST(ArenaTest, ReportsNullAsNull) {
  const ArenaTestResult result = run_on_faulty<NullArena>();
  expect_only(result, ArenaFault::kNull);
  EXPECT_EQ(result.faults.front().allocation, FaultyArena::kFaultAt - 1);
}

// Usage is wrong from early on, at every allocation, and one overlap comes
// late.
struct UnderCountingAndOverlappingArena : OverlappingArena {
  std::size_t memory_usage() const {
    return calls_ < 5'000 ? FaultyArena::memory_usage() : 4104;
  }
};

TEST(ArenaTest, ManyFaultsOfOneKindDoNotHideAnother) {
  const ArenaTestResult result =
      run_on_faulty<UnderCountingAndOverlappingArena>();
  EXPECT_GT(result.faults_total, 10'000U);
  const auto count = [&](ArenaFault fault) {
    return std::ranges::count(result.faults, fault, &ArenaTestFault::fault);
  };
  EXPECT_EQ(count(ArenaFault::kUsageLow), 20);
  EXPECT_EQ(count(ArenaFault::kOverlap), 1);
}

TEST(ArenaTest, NullIsNotCountedAsHandedOut) {
  struct AlwaysNull {
    char* allocate(std::size_t) { return nullptr; }
    char* allocate_aligned(std::size_t) { return nullptr; }
    std::size_t memory_usage() const { return 0; }
  } arena;
  const ArenaTestResult result = ArenaTest(small_run()).run(arena);
  EXPECT_EQ(result.bytes, 0U);
  for (const ArenaTestFault& fault : result.faults) {
    EXPECT_EQ(fault.fault, ArenaFault::kNull);
  }
}

TEST(ArenaTest, UsageTenTimesTooHighIsFoundInAShortRun) {
  struct TenTimes : FaultyArena {
    std::size_t memory_usage() const {
      return 10 * FaultyArena::memory_usage();
    }
  } arena;
  ArenaTestOptions options;
  options.allocations = 4'000;
  const ArenaTestResult result = ArenaTest(options).run(arena);
  ASSERT_FALSE(result.passed());
  EXPECT_EQ(result.faults.front().fault, ArenaFault::kUsageHigh);
}

#ifdef __cpp_exceptions
TEST(ArenaTest, NoAllocationsAreRefused) {
  ArenaTestOptions options;
  options.allocations = 0;
  EXPECT_THROW(ArenaTest test(options), std::invalid_argument);
}
#endif

}  // namespace
}  // namespace bitcoinleveldb
