// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What scopes have given back must leave no trace. One arena is driven through
// random nestings of scopes; whenever one ends or is rewound, a fresh LevelDB
// arena is asked for the surviving allocations alone and must have put each of
// them in the same block at the same offset, with the same usage after it. A
// byte pattern shows that no survivor was touched.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <iostream>
#include <memory>
#include <string_view>
#include <vector>

#include "bitcoinleveldb/arena_scope.h"
#include "oracle/parity.h"
#include "unit/arena_snapshot.h"

namespace bitcoinleveldb {
namespace {

struct Survivor {
  ArenaRequest request;
  Placement placement;
  char* ptr;
  char pattern;
};

// A scope and how many allocations there were when it began.
struct Level {
  Level(Arena& arena, std::size_t survivors_before)
      : scope(arena), survivors(survivors_before) {}
  ArenaScope scope;
  std::size_t survivors;
};

class Nesting {
 public:
  Nesting(std::string_view workload, std::uint64_t seed)
      : workload_(workload, seed), random_(seed) {}
  ~Nesting() {
    while (!levels_.empty()) levels_.pop_back();
  }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

  void step() {
    if (random_.one_in(25)) {
      levels_.push_back(std::make_unique<Level>(arena_, survivors_.size()));
    } else if (!levels_.empty() && random_.one_in(30)) {
      // At times all is given to the source, and with it what a survivor lies
      // in if the wrong slab is taken.
      const std::size_t keep = random_.one_in(2) ? 0 : Arena::kKeepAll;
      levels_.back()->scope.rewind(keep);
      survivors_.resize(levels_.back()->survivors);
      compare();
    } else if (!levels_.empty() && random_.one_in(30)) {
      survivors_.resize(levels_.back()->survivors);
      levels_.pop_back();
      compare();
    } else {
      allocate();
    }
  }

  void compare() {
    LevelDbSubject theirs;
    std::size_t usage = 0;
    for (const Survivor& survivor : survivors_) {
      const Placement expected = theirs.place(survivor.request);
      ASSERT_EQ(survivor.placement, expected)
          << "ours: " << to_string(survivor.placement)
          << "\nLevelDB's: " << to_string(expected);
      usage = expected.usage;
      // All bytes are equal if each equals the next.
      ASSERT_EQ(survivor.ptr[0], survivor.pattern);
      ASSERT_EQ(std::memcmp(survivor.ptr, survivor.ptr + 1,
                            survivor.request.bytes - 1),
                0);
    }
    ASSERT_EQ(arena_.memory_usage(), usage);
    ++comparisons_;
  }

  std::size_t comparisons() const { return comparisons_; }

 private:
  void allocate() {
    const ArenaRequest request = workload_.next();
    char* const ptr = request.aligned ? arena_.allocate_aligned(request.bytes)
                                      : arena_.allocate(request.bytes);
    const auto pattern = static_cast<char>(random_.uniform(100));
    std::memset(ptr, pattern, request.bytes);
    const Place place = place_of(arena_, ptr);
    survivors_.push_back(
        {request,
         {place.block, place.offset,
          reinterpret_cast<std::uintptr_t>(ptr) % Placement::kResidues,
          arena_.memory_usage()},
         ptr,
         pattern});
  }

  Workload workload_;
  LcgRandom random_;
  Arena arena_;
  std::vector<Survivor> survivors_;
  std::vector<std::unique_ptr<Level>> levels_;
  std::size_t comparisons_ = 0;
};

TEST(ParityOfScopes, SurvivorsOfRandomNestingsLieWhereLevelDbPutsThem) {
  std::size_t comparisons = 0;
  for (const WorkloadInfo& info : Workload::all()) {
    for (std::uint64_t seed = 1; seed != 21; ++seed) {
      Nesting nesting(info.name, seed);
      for (int i = 0; i != 1500; ++i) {
        nesting.step();
        ASSERT_FALSE(testing::Test::HasFatalFailure())
            << info.name << ", seed " << seed << ", step " << i;
      }
      nesting.compare();
      comparisons += nesting.comparisons();
    }
  }
  std::cout << comparisons << " fresh LevelDB arenas agreed\n";
  EXPECT_GT(comparisons, 10000U);
}

}  // namespace
}  // namespace bitcoinleveldb
