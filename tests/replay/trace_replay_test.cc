// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/trace_replay.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <ostream>
#include <stdexcept>
#include <vector>

#include "bitcoinleveldb/arena_scope.h"
#include "bitcoinleveldb/lcg_random.h"
#include "replay/trace_maker.h"
#ifdef TESTS_HAVE_LEVELDB
#include "oracle/leveldb_arena.h"
#endif

namespace bitcoinleveldb {
namespace {

// What an arena says of itself after an event.
struct State {
  std::size_t usage;
  std::size_t blocks;
  std::size_t remaining;

  friend bool operator==(const State&, const State&) = default;
  friend std::ostream& operator<<(std::ostream& out, const State& state) {
    return out << "usage " << state.usage << " in " << state.blocks
               << " blocks, remaining " << state.remaining;
  }
};

State state_of(const Arena* arena) {
  if (arena == nullptr) return {};
  return {arena->memory_usage(), detail::ArenaInsider::blocks(*arena),
          detail::ArenaInsider::remaining(*arena)};
}

// An arena that is used directly, with everything there is, and what it does in
// a trace.
class Direct {
 public:
  Direct(TraceMaker& maker, std::size_t block_bytes) : maker_(maker) {
    // One that is made with options keeps a slab over every reset, and how far
    // a dedicated block can grow is a matter of slabs.
    ArenaOptions options;
    options.block_bytes = block_bytes;
    arena_ = block_bytes == 4096 ? std::make_unique<Arena>()
                                 : std::make_unique<Arena>(options);
    number_ = maker.make(block_bytes);
  }
  ~Direct() {
    while (!scopes_.empty()) scopes_.pop_back();
  }
  Direct(const Direct&) = delete;
  Direct& operator=(const Direct&) = delete;

  const Arena* arena() const { return arena_.get(); }

  // Returns false if nothing was told.
  bool step(LcgRandom& random) {
    switch (random.uniform(12)) {
      case 0:
        scopes_.push_back(std::make_unique<ArenaScope>(*arena_));
        maker_.begin_scope(number_);
        newest_ = nullptr;
        return true;
      case 1:
        return rewind(random);
      case 2:
        return reset(random);
      case 3:
      case 4:
        return resize(random);
      default:
        return allocate(random);
    }
  }

 private:
  bool allocate(LcgRandom& random) {
    bytes_ = 1 + random.uniform(random.one_in(4) ? 6000 : 200);
    const std::size_t alignment = std::size_t{1} << random.uniform(5);
    newest_ = alignment == 1 ? arena_->allocate(bytes_)
                             : arena_->allocate_aligned(bytes_, alignment);
    maker_.allocate(number_, bytes_, alignment);
    return true;
  }
  bool resize(LcgRandom& random) {
    const std::size_t bytes = 1 + random.uniform(2 * bytes_ + 10);
    if (newest_ == nullptr ||
        !try_resize_newest(*arena_, newest_, bytes_, bytes)) {
      return false;
    }
    maker_.resize(number_, bytes_, bytes);
    bytes_ = bytes;
    return true;
  }
  // The end of a scope is two events, so only its rewinding is made here.
  bool rewind(LcgRandom& random) {
    if (scopes_.empty()) return false;
    const std::size_t keep = random.one_in(2) ? 0 : Arena::kKeepAll;
    scopes_.back()->rewind(keep);
    maker_.rewind(number_, keep);
    newest_ = nullptr;
    return true;
  }
  bool reset(LcgRandom& random) {
    if (!scopes_.empty()) return false;
    const std::size_t keep = random.one_in(2) ? 0 : Arena::kKeepAll;
    arena_->reset(keep);
    maker_.reset(number_, keep);
    newest_ = nullptr;
    return true;
  }

  TraceMaker& maker_;
  std::unique_ptr<Arena> arena_;
  std::vector<std::unique_ptr<ArenaScope>> scopes_;
  std::uint64_t number_;
  char* newest_ = nullptr;
  std::size_t bytes_ = 0;
};

// Several arenas are used directly, by turns, with every feature; the state of
// the one that did something is noted after each event. A replay of the trace
// must go through the same states, one after the other. (Above an alignment of
// 16 slop is a matter of addresses, which differ.)
TEST(TraceReplay, OnOursIsInTheSameStateAfterEveryEventAsDirectCallsWere) {
  for (std::uint64_t seed = 1; seed != 100; ++seed) {
    TraceMaker maker;
    LcgRandom random(seed);
    std::vector<State> expected;
    std::vector<std::unique_ptr<Direct>> arenas;
    for (const std::size_t block_bytes : {4096U, 64U, 16384U}) {
      arenas.push_back(std::make_unique<Direct>(maker, block_bytes));
      expected.push_back(state_of(arenas.back()->arena()));
    }
    while (expected.size() != 2000) {
      Direct& direct = *arenas[random.uniform(arenas.size())];
      if (direct.step(random)) expected.push_back(state_of(direct.arena()));
    }
    const DecodedTrace trace = maker.decoded();
    TraceReplay<Arena> replay(trace);
    std::vector<State> found;
    replay.run([&](const TraceStep&, const Arena* arena) {
      found.push_back(state_of(arena));
    });
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i != found.size(); ++i) {
      ASSERT_EQ(found[i], expected[i]) << "seed " << seed << ", event " << i;
    }
    EXPECT_EQ(replay.counts().refused_resizes, 0U);
    EXPECT_EQ(replay.counts().allocations, trace.counts().allocations);
  }
}

// Runs it, and returns what remains of the current block at its end.
std::size_t remaining_after(TraceReplay<Arena>& replay) {
  std::size_t remaining = 0;
  replay.run([&](const TraceStep&, const Arena* ours) {
    if (ours != nullptr) remaining = detail::ArenaInsider::remaining(*ours);
  });
  return remaining;
}

TEST(TraceReplay, ResizesTheNewestOfTheBlockThoughADedicatedOneCameAfter) {
  TraceMaker maker;
  const std::uint64_t arena = maker.make();
  maker.allocate(arena, 100);
  maker.allocate(arena, 5000);
  maker.resize(arena, 100, 300);
  maker.resize(arena, 5000, 4000);
  const DecodedTrace trace = maker.decoded();
  TraceReplay<Arena> replay(trace);
  const std::size_t remaining = remaining_after(replay);
  EXPECT_EQ(replay.counts().refused_resizes, 0U);
  EXPECT_EQ(remaining, 4096U - 300);
}

TEST(TraceReplay, ResizesAfterAScopeWhatWasNewestBeforeIt) {
  TraceMaker maker;
  const std::uint64_t arena = maker.make();
  maker.allocate(arena, 100);
  maker.begin_scope(arena);
  maker.allocate(arena, 100);
  maker.end_scope(arena);
  maker.resize(arena, 100, 60);
  const DecodedTrace trace = maker.decoded();
  TraceReplay<Arena> replay(trace);
  const std::size_t remaining = remaining_after(replay);
  EXPECT_EQ(replay.counts().refused_resizes, 0U);
  EXPECT_EQ(remaining, 4096U - 60);
}

#ifdef TESTS_HAVE_LEVELDB
TEST(TraceReplay, OnLevelDbHasTheUsageOfDirectCalls) {
  TraceMaker maker;
  maker.fill("edges", 1, 20'000);
  leveldb::Arena direct;
  Workload workload("edges", 301);
  for (int i = 0; i != 20'000; ++i) {
    const ArenaRequest request = workload.next();
    (void)(request.aligned ? direct.AllocateAligned(request.bytes)
                           : direct.Allocate(request.bytes));
  }
  const DecodedTrace trace = maker.decoded();
  TraceReplay<leveldb::Arena> replay(trace);
  std::size_t usage = 0;
  replay.run([&](const TraceStep&, const leveldb::Arena* arena) {
    if (arena != nullptr) usage = arena->MemoryUsage();
  });
  EXPECT_EQ(usage, direct.MemoryUsage());
  EXPECT_EQ(replay.counts(), (ReplayCounts{.allocations = 20'000}));
}
#endif

#ifdef TESTS_HAVE_LEVELDB
TEST(TraceReplay, CountsWhatAnArenaOfAnotherKindCannotDo) {
  TraceMaker maker;
  const std::uint64_t arena = maker.make();
  maker.allocate(arena, 100, 64);
  maker.allocate(arena, 100, 4);
  maker.resize(arena, 100, 5000);
  maker.resize(arena, 5000, 10);
  maker.reset(arena);
  maker.allocate(arena, 10);
  const DecodedTrace trace = maker.decoded();
  TraceReplay<leveldb::Arena> replay(trace);
  std::size_t usage = 0;
  replay.run([&](const TraceStep&, const leveldb::Arena* theirs) {
    if (theirs != nullptr) usage = theirs->MemoryUsage();
  });
  EXPECT_EQ(replay.counts(), (ReplayCounts{.allocations = 3,
                                           .lowered_alignments = 1,
                                           .moved_resizes = 2,
                                           .resets_by_new_arenas = 1}));
  EXPECT_EQ(usage, 4096 + sizeof(char*));
}
#endif

TEST(TraceReplay, GivesAMemoryResourceEveryAlignment) {
  TraceMaker maker;
  maker.allocate(maker.make(), 100, 256);
  const DecodedTrace trace = maker.decoded();
  TraceReplay<std::pmr::monotonic_buffer_resource> replay(trace);
  replay.run();
  EXPECT_EQ(replay.counts(), (ReplayCounts{.allocations = 1}));
}

TEST(TraceReplay, DoesNotRepeatRequestsThatFailed) {
  TraceMaker maker;
  maker.run_out(0, SIZE_MAX / 2);
  const std::uint64_t arena = maker.make();
  maker.run_out(arena, SIZE_MAX / 2);
  maker.allocate(arena, 8);
  const DecodedTrace trace = maker.decoded();
  EXPECT_EQ(trace.counts().failures, 2U);
  TraceReplay<Arena> replay(trace);
  replay.run();
  EXPECT_EQ(replay.counts().allocations, 1U);
}

#if defined(TESTS_HAVE_LEVELDB) && defined(__cpp_exceptions)
TEST(TraceReplay, RefusesScopesForAnArenaThatHasNone) {
  TraceMaker maker;
  const std::uint64_t arena = maker.make();
  maker.begin_scope(arena);
  maker.end_scope(arena);
  const DecodedTrace trace = maker.decoded();
  EXPECT_THROW(TraceReplay<leveldb::Arena>{trace}, std::invalid_argument);
}
#endif

}  // namespace
}  // namespace bitcoinleveldb
