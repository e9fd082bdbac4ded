// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Every public way to an arena, on a block source that fails at its 1st call,
// at its 2nd, and so on until the work gets through: by running dry, by memory
// that is not aligned, by exceptions of no standard class. After each failure
// the arena must be sound, or, where the way is one call of the arena, what it
// was to the last bit; the same work must succeed when it is done again; and in
// the end every slab must have come back.

#include <gtest/gtest.h>

#ifdef __cpp_exceptions

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <memory_resource>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "arena_snapshot.h"
#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_allocator.h"
#include "bitcoinleveldb/arena_cursor.h"
#include "bitcoinleveldb/arena_forecast.h"
#include "bitcoinleveldb/arena_objects.h"
#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/arena_resource.h"
#include "bitcoinleveldb/arena_scope.h"
#include "bitcoinleveldb/block_depot.h"
#include "bitcoinleveldb/memory_budget.h"
#include "block_sources.h"
#include "slab_memory.h"

namespace bitcoinleveldb {
namespace {

enum class Failure { kDry, kMisaligned, kInt, kForeignClass };
struct ForeignClass {};

constexpr std::array kFailures = {Failure::kDry, Failure::kMisaligned,
                                  Failure::kInt, Failure::kForeignClass};

// Fails at one call in its own way.
class FailingSource final : public std::pmr::memory_resource {
 public:
  FailingSource(Failure failure, std::size_t call)
      : failure_(failure), call_(call) {}

  bool has_failed() const { return calls_ >= call_; }
  std::size_t live_slabs() const { return live_slabs_; }

 private:
  static constexpr std::size_t kShift = 8;

  void* do_allocate(std::size_t bytes, std::size_t /*alignment*/) override {
    std::size_t shift = 0;
    if (++calls_ == call_) {
      if (failure_ == Failure::kDry) throw std::bad_alloc();
      if (failure_ == Failure::kInt) throw 7;
      if (failure_ == Failure::kForeignClass) throw ForeignClass{};
      shift = kShift;
    }
    ++live_slabs_;
    return static_cast<char*>(take_slab_memory(bytes + kShift)) + shift;
  }
  void do_deallocate(void* memory, std::size_t /*bytes*/,
                     std::size_t /*alignment*/) override {
    --live_slabs_;
    const auto address = reinterpret_cast<std::uintptr_t>(memory);
    give_slab_memory(static_cast<char*>(memory) - address % 16);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }

  const Failure failure_;
  const std::size_t call_;
  std::size_t calls_ = 0;
  std::size_t live_slabs_ = 0;
};

class SourceByDefault {
 public:
  explicit SourceByDefault(std::pmr::memory_resource& source) {
    set_default_arena_options(ArenaOptions{4096, &source});
  }
  ~SourceByDefault() { set_default_arena_options(ArenaOptions{}); }
  SourceByDefault(const SourceByDefault&) = delete;
  SourceByDefault& operator=(const SourceByDefault&) = delete;
};

// Usage adds up over blocks, and the bump state lies in the current one.
void expect_sound(const Arena& arena) {
  std::size_t sum = 0;
  for (const ArenaBlock& block : ArenaBlocks(arena)) {
    sum += block.bytes + sizeof(char*);
  }
  EXPECT_EQ(sum, arena.memory_usage());
  EXPECT_LE(detail::ArenaInsider::remaining(arena), 4096U);
  EXPECT_LE(detail::ArenaInsider::granted(arena),
            detail::ArenaInsider::remaining(arena));
}

struct Named {
  std::string name = "a name that is too long to lie in the string itself";
};

// One way to an arena. It returns false, or throws, if it failed.
struct Way {
  const char* name;
  bool exact;  // it is one call of the arena
  std::function<bool(Arena&)> go;
};

void PrintTo(const Way& way, std::ostream* out) { *out << way.name; }

bool grow_vector(auto& vector) {
  for (int i = 0; i != 20'000; ++i) {
    const std::size_t before = vector.size();
    try {
      vector.push_back(i);
    } catch (...) {
      EXPECT_EQ(vector.size(), before);
      for (std::size_t k = 0; k != before; ++k) {
        EXPECT_EQ(vector[k], static_cast<int>(k));
      }
      throw;
    }
  }
  return true;
}

std::vector<Way> single_calls() {
  return {
      {"Allocate", true,
       [](Arena& a) { return a.allocate(70'000) != nullptr; }},
      {"AllocateAligned", true,
       [](Arena& a) { return a.allocate_aligned(70'000) != nullptr; }},
      {"AllocateAlignedTo", true,
       [](Arena& a) { return a.allocate_aligned(70'000, 4096) != nullptr; }},
      {"TryAllocate", true,
       [](Arena& a) { return a.try_allocate(70'000) != nullptr; }},
      {"TryAllocateAligned", true,
       [](Arena& a) { return a.try_allocate_aligned(70'000) != nullptr; }},
      {"TryAllocateAlignedTo", true,
       [](Arena& a) {
         return a.try_allocate_aligned(70'000, 4096) != nullptr;
       }},
      {"Resource", true,
       [](Arena& a) {
         const void* const memory = ArenaResource(a).allocate(70'000, 64);
         return memory != nullptr;
       }},
      {"Allocator", true,
       [](Arena& a) {
         return ArenaAllocator<int>(a).allocate(70'000) != nullptr;
       }},
      {"Cursor", true,
       [](Arena& a) {
         ArenaCursor cursor(a);
         return cursor.allocate(70'000) != nullptr;
       }},
      {"Make", true,
       [](Arena& a) { return make<std::array<char, 70'000>>(a) != nullptr; }},
      {"MakeArray", true,
       [](Arena& a) { return make_array<int>(a, 20'000) != nullptr; }},
      {"Copy", true,
       [](Arena& a) {
         return copy(a, std::vector<int>(20'000, 1)) != nullptr;
       }},
      {"CopyString", true,
       [](Arena& a) {
         return copy_string(a, std::string(70'000, 'x')).size() == 70'000;
       }},
      {"Reserve", true,
       [](Arena& a) {
         reserve(a, ArenaForecast(a).add_many(100, 3000).add(70'000));
         return true;
       }},
      {"TryReserve", true,
       [](Arena& a) {
         return try_reserve(a,
                            ArenaForecast(a).add_many(100, 3000).add(70'000));
       }},
  };
}

std::vector<Way> longer_ways() {
  return {
      {"PmrVector", false,
       [](Arena& a) {
         ArenaResource resource(a);
         std::pmr::vector<int> vector(&resource);
         return grow_vector(vector);
       }},
      {"AllocatorVector", false,
       [](Arena& a) {
         std::vector<int, ArenaAllocator<int>> vector{ArenaAllocator<int>(a)};
         return grow_vector(vector);
       }},
      {"AllocatorList", false,
       [](Arena& a) {
         std::list<int, ArenaAllocator<int>> list{ArenaAllocator<int>(a)};
         for (int i = 0; i != 1000; ++i) list.push_back(i);
         return list.size() == 1000;
       }},
      {"Scope", false,
       [](Arena& a) {
         const std::size_t usage = a.memory_usage();
         try {
           ArenaScope scope(a);
           (void)a.allocate(3000);
           scope.rewind(0);
           (void)a.allocate(70'000);
         } catch (...) {
           EXPECT_EQ(a.memory_usage(), usage);
           throw;
         }
         return a.memory_usage() == usage;
       }},
      {"MakeOwned", false,
       [](Arena& a) {
         for (int i = 0; i != 500; ++i) (void)make_owned<Named>(a);
         return make_owned_array<Named>(a, 3000) != nullptr;
       }},
      {"Observed", false,
       [](Arena& a) {
         ArenaObserver observer;
         const auto detach = [&a](ArenaObserver* one) {
           detach_observer(a, *one);
         };
         const std::unique_ptr<ArenaObserver, decltype(detach)> attached(
             &observer, detach);
         attach_observer(a, observer);
         (void)a.allocate(10);
         return a.allocate(70'000) != nullptr;
       }},
      {"ResetAndRefill", false,
       [](Arena& a) {
         for (const std::size_t keep : {Arena::kKeepAll, std::size_t{0}}) {
           for (int i = 0; i != 50; ++i) (void)a.allocate(1000);
           a.reset(keep);
         }
         return a.allocate(70'000) != nullptr;
       }},
  };
}

// Runs `way` until it does not fail any more; returns how often it failed.
template <class MakeSource>
std::size_t walk(const Way& way, Failure failure, bool fresh,
                 const MakeSource& over) {
  for (std::size_t call = 1;; ++call) {
    FailingSource source(failure, call);
    bool went = false;
    over(source, [&](std::pmr::memory_resource& top) {
      const SourceByDefault by_default(top);
      Arena arena;
      bool made = fresh;
      while (!made) made = arena.try_allocate(4000) != nullptr;
      const bool failed_before = source.has_failed();
      const ArenaSnapshot before(arena);
      try {
        went = way.go(arena);
      } catch (const std::bad_alloc&) {
        EXPECT_LE(failure, Failure::kMisaligned);
      } catch (int thrown) {
        EXPECT_EQ(failure, Failure::kInt);
        EXPECT_EQ(thrown, 7);
      } catch (const ForeignClass&) {
        EXPECT_EQ(failure, Failure::kForeignClass);
      }
      EXPECT_EQ(went, failed_before || !source.has_failed());
      if (!went && way.exact) {
        EXPECT_EQ(ArenaSnapshot(arena), before);
      }
      expect_sound(arena);
      if (!went) {
        EXPECT_TRUE(way.go(arena)) << "the second time";
      }
      expect_sound(arena);
    });
    EXPECT_EQ(source.live_slabs(), 0U) << "call " << call;
    if (!source.has_failed()) return call - 1;
  }
}

void directly(FailingSource& source,
              const std::function<void(std::pmr::memory_resource&)>& go) {
  go(source);
}

void through_a_budget(
    FailingSource& source,
    const std::function<void(std::pmr::memory_resource&)>& go) {
  MemoryBudgetOptions options;
  options.upstream = &source;
  MemoryBudget budget(options);
  go(budget);
  EXPECT_EQ(budget.charged_bytes(), 0U);
}

void through_a_depot(
    FailingSource& source,
    const std::function<void(std::pmr::memory_resource&)>& go) {
  BlockDepotOptions options;
  options.upstream = &source;
  BlockDepot depot(options);
  go(depot);
  EXPECT_EQ(depot.stats().outstanding_bytes, 0U);
}

class EntryFailure : public testing::TestWithParam<Way> {};

TEST_P(EntryFailure, OfAnyKindAtAnySlabLeavesTheArenaSound) {
  for (const Failure failure : kFailures) {
    for (const bool fresh : {true, false}) {
      EXPECT_GE(walk(GetParam(), failure, fresh, directly), 1U);
    }
  }
}

TEST_P(EntryFailure, BelowABudgetLeavesNothingCharged) {
  for (const Failure failure : kFailures) {
    EXPECT_GE(walk(GetParam(), failure, true, through_a_budget), 1U);
  }
}

TEST_P(EntryFailure, BelowADepotLeavesNothingOut) {
  for (const Failure failure : kFailures) {
    EXPECT_GE(walk(GetParam(), failure, true, through_a_depot), 1U);
  }
}

const auto name_of = [](const testing::TestParamInfo<Way>& info) {
  return std::string(info.param.name);
};

INSTANTIATE_TEST_SUITE_P(OneCall, EntryFailure,
                         testing::ValuesIn(single_calls()), name_of);
INSTANTIATE_TEST_SUITE_P(Several, EntryFailure,
                         testing::ValuesIn(longer_ways()), name_of);

}  // namespace
}  // namespace bitcoinleveldb

#endif
