// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// D3: memory runs out at every single point where it can. A source runs dry at
// its 1st call, then at its 2nd, and so on until the workload gets through
// without reaching that call. After each failure the arena must be what it was
// to the last bit, the same request must succeed when it is made again, and
// everything must lie where it lies in a run in which nothing failed.

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "arena_snapshot.h"
#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/lcg_random.h"
#include "block_sources.h"
#include "expect_failure.h"
#include "recording_door.h"
#include "request.h"

namespace bitcoinleveldb {
namespace {

std::vector<Request> mixed_requests() {
  LcgRandom random(301);
  std::vector<Request> requests;
  for (int i = 0; i != 4000; ++i) {
    const std::uint64_t kind = random.uniform(20);
    Request request{static_cast<std::size_t>(1 + random.uniform(600)), 1};
    if (kind == 0) request.bytes = 1025 + random.uniform(20'000);
    if (kind == 1) request.alignment = std::size_t{32} << random.uniform(8);
    if (kind >= 2 && kind <= 6) request.alignment = 8;
    if (kind == 7) request.alignment = 16;
    if (random.one_in(30)) request.bytes = random.uniform(400'000);
    requests.push_back(request);
  }
  return requests;
}

// Makes one request and returns null if it failed.
using Attempt = std::function<char*(Arena&, Request)>;

char* attempt_try(Arena& arena, Request request) {
  return request.alignment == 1
             ? arena.try_allocate(request.bytes)
             : arena.try_allocate_aligned(request.bytes, request.alignment);
}

#ifdef __cpp_exceptions
char* attempt_throwing(Arena& arena, Request request) {
  try {
    return request.alignment == 1
               ? arena.allocate(request.bytes)
               : arena.allocate_aligned(request.bytes, request.alignment);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
#endif

// Sets the process-wide defaults, so that the first slab of an arena is taken
// by its first request, and sets them back.
class DefaultSource {
 public:
  explicit DefaultSource(std::pmr::memory_resource& source) {
    ArenaOptions options;
    options.block_source = &source;
    set_default_arena_options(options);
  }
  DefaultSource(const DefaultSource&) = delete;
  DefaultSource& operator=(const DefaultSource&) = delete;
  ~DefaultSource() { set_default_arena_options(ArenaOptions{}); }
};

// Runs all requests with a source that runs dry at one call, and returns where
// everything came to lie.
std::vector<Place> run(CountingSource& source, const Attempt& attempt) {
  const DefaultSource default_source(source);
  std::vector<Place> places;
  std::size_t failures = 0;
  {
    Arena arena;
    for (const Request request : mixed_requests()) {
      const ArenaSnapshot before(arena);
      char* ptr = attempt(arena, request);
      if (ptr == nullptr) {
        ++failures;
        EXPECT_EQ(ArenaSnapshot(arena), before);
        ptr = attempt(arena, request);
      }
      if (ptr == nullptr) {
        ADD_FAILURE() << "the second attempt failed too";
        break;
      }
      std::memset(ptr, 0x5a, request.bytes);
      places.push_back(place_of(arena, ptr));
    }
  }
  EXPECT_EQ(failures, source.ran_dry() ? 1U : 0U);
  EXPECT_EQ(source.live_slabs(), 0U);
  EXPECT_EQ(source.live_bytes(), 0U);
  return places;
}

void walk(const Attempt& attempt) {
  ReproducibleSource ample;
  const std::vector<Place> undisturbed = run(ample, attempt);
  ASSERT_EQ(undisturbed.size(), mixed_requests().size());
  // Slabs of all kinds: doubling, of large blocks, on huge pages.
  ASSERT_GT(ample.calls(), 15U);
  ASSERT_GT(ample.most_bytes(), std::size_t{20} << 20U);
  for (std::size_t call = 1;; ++call) {
    ReproducibleSource source(call);
    ASSERT_EQ(run(source, attempt), undisturbed) << "dry at call " << call;
    if (!source.ran_dry()) {
      EXPECT_EQ(call, ample.calls() + 1);
      break;
    }
  }
}

TEST(ArenaFailure, D3EveryFailureOfATryFormLeavesTheArenaAsItWas) {
#ifndef __cpp_exceptions
  if (kNullIsChecked)
    GTEST_SKIP() << "a sanitizer ends a program with such a source";
#endif
  walk(attempt_try);
}

#ifdef __cpp_exceptions
TEST(ArenaFailure, D3EveryFailureOfAThrowingFormLeavesTheArenaAsItWas) {
  walk(attempt_throwing);
}
#endif

// A source that breaks the rules once, at its next call.
class RuleBreakingSource final : public CountingSource {
 public:
  enum class Breach { kNone, kNull, kMisaligned, kForeignException };
  struct ForeignException {};

  void break_next(Breach breach) { breach_ = breach; }

 private:
  void* take(std::size_t bytes) override {
    switch (std::exchange(breach_, Breach::kNone)) {
      case Breach::kNone:
        return CountingSource::take(bytes);
      case Breach::kNull:
        forget(bytes);
        return nullptr;
      case Breach::kMisaligned:
        misaligned_ = static_cast<char*>(CountingSource::take(bytes + 8)) + 8;
        return misaligned_;
      case Breach::kForeignException:
        forget(bytes);
#ifdef __cpp_exceptions
        throw ForeignException{};
#else
        return nullptr;
#endif
    }
    return nullptr;
  }
  void give_back(void* memory) override {
    char* const start = static_cast<char*>(memory);
    const bool misaligned = start == misaligned_;
    if (misaligned) misaligned_ = nullptr;
    CountingSource::give_back(misaligned ? start - 8 : start);
  }

  Breach breach_ = Breach::kNone;
  char* misaligned_ = nullptr;
};

using Breach = RuleBreakingSource::Breach;

class ArenaOnRuleBreakingSource : public testing::Test {
 protected:
  ArenaOnRuleBreakingSource() {
    options_.block_source = &source_;
    (void)arena_->allocate(1);
  }

  // Asserts that a request which needs a slab fails by `breach`, both forms,
  // that nothing has changed then, and that the arena works on.
  void expect_exhausted_by(Breach breach) {
    const ArenaSnapshot before(*arena_);
    const std::size_t live = source_.live_slabs();
    source_.break_next(breach);
    EXPECT_EQ(arena_->try_allocate(100'000), nullptr);
    source_.break_next(breach);
    expect_exhausted([&] { (void)arena_->allocate(100'000); });
    source_.break_next(Breach::kNone);
    EXPECT_EQ(ArenaSnapshot(*arena_), before);
    EXPECT_EQ(source_.live_slabs(), live);
    EXPECT_NE(arena_->allocate(100'000), nullptr);
    arena_.reset();
    EXPECT_EQ(source_.live_bytes(), 0U);
  }

  RuleBreakingSource source_;
  ArenaOptions options_{4096, &source_};
  std::unique_ptr<Arena> arena_ = std::make_unique<Arena>(options_);
};

TEST_F(ArenaOnRuleBreakingSource, D3MisalignedMemoryIsGivenBackAndExhaustion) {
  expect_exhausted_by(Breach::kMisaligned);
}

TEST_F(ArenaOnRuleBreakingSource, D3NullIsExhaustion) {
  if (kNullIsChecked)
    GTEST_SKIP() << "a sanitizer ends a program with such a source";
  expect_exhausted_by(Breach::kNull);
}

TEST_F(ArenaOnRuleBreakingSource, D3MisalignedFirstSlabIsExhaustion) {
  const std::size_t live = source_.live_slabs();
  source_.break_next(Breach::kMisaligned);
  expect_exhausted([&] { Arena arena(options_); });
  EXPECT_EQ(source_.live_slabs(), live);
}

#ifdef __cpp_exceptions
TEST_F(ArenaOnRuleBreakingSource, D3ForeignExceptionPassesThroughThrowingForm) {
  const ArenaSnapshot before(*arena_);
  source_.break_next(Breach::kForeignException);
  EXPECT_THROW((void)arena_->allocate(100'000),
               RuleBreakingSource::ForeignException);
  source_.break_next(Breach::kForeignException);
  EXPECT_THROW((void)arena_->allocate_aligned(100'000, 64),
               RuleBreakingSource::ForeignException);
  EXPECT_EQ(ArenaSnapshot(*arena_), before);
}

TEST_F(ArenaOnRuleBreakingSource, D3ForeignExceptionIsNullFromTryForm) {
  const ArenaSnapshot before(*arena_);
  source_.break_next(Breach::kForeignException);
  EXPECT_EQ(arena_->try_allocate(100'000), nullptr);
  source_.break_next(Breach::kForeignException);
  EXPECT_EQ(arena_->try_allocate_aligned(100'000), nullptr);
  EXPECT_EQ(ArenaSnapshot(*arena_), before);
}
#endif

TEST_F(ArenaOnRuleBreakingSource, D3FailureBehindADoorIsNotSeenByIt) {
  RecordingDoor door;
  detail::ArenaInsider::attach(*arena_, door);
  (void)arena_->allocate(1);
  const ArenaSnapshot before(*arena_);
  source_.break_next(Breach::kMisaligned);
  EXPECT_EQ(arena_->try_allocate(100'000), nullptr);
  EXPECT_EQ(ArenaSnapshot(*arena_), before);
  EXPECT_EQ(door.seen.size(), 1U);
  (void)arena_->allocate(100'000);
  EXPECT_EQ(door.seen.size(), 2U);
  detail::ArenaInsider::detach(*arena_, door);
}

TEST_F(ArenaOnRuleBreakingSource, D3DoorIsNotAttachedWhereNoSlabCanBeHad) {
  const DefaultSource default_source(source_);
  RecordingDoor door;
  {
    Arena arena;
    const ArenaSnapshot before(arena);
    expect_exhausted([&] {
      source_.break_next(Breach::kMisaligned);
      detail::ArenaInsider::attach(arena, door);
    });
    source_.break_next(Breach::kNone);
    EXPECT_EQ(ArenaSnapshot(arena), before);
    (void)arena.allocate(1);
  }
  EXPECT_EQ(door.seen.size(), 0U);
}

TEST(ArenaFailure, D3ConstructorWithADrySourceFailsAndLeaksNothing) {
#ifndef __cpp_exceptions
  if (kNullIsChecked)
    GTEST_SKIP() << "a sanitizer ends a program with such a source";
#endif
  CountingSource source(1);
  expect_exhausted([&] { Arena arena(ArenaOptions{4096, &source}); });
  EXPECT_EQ(source.live_slabs(), 0U);
}

TEST(ArenaFailure, D3OpeningWithADrySourceIsFalseAndLeaksNothing) {
#ifndef __cpp_exceptions
  if (kNullIsChecked)
    GTEST_SKIP() << "a sanitizer ends a program with such a source";
#endif
  CountingSource source(1);
  Arena arena;
  const ArenaSnapshot before(arena);
  const ArenaOptions options{8192, &source};
  EXPECT_FALSE(detail::ArenaInsider::try_open(arena, options));
  EXPECT_EQ(ArenaSnapshot(arena), before);
  EXPECT_TRUE(detail::ArenaInsider::try_open(arena, options));
  (void)arena.allocate(1);
  EXPECT_EQ(arena.memory_usage(), 8192 + sizeof(char*));
  EXPECT_EQ(source.live_slabs(), 1U);
}

}  // namespace
}  // namespace bitcoinleveldb
