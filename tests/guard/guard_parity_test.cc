// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A guarded arena beside the real LevelDB arena: the same blocks, the same
// places in them and the same usage, after every call, while what the caller
// gets has pages of its own.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <memory>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_guard.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "oracle/parity.h"

namespace bitcoinleveldb {
namespace {

int g_guarded = 0;

// Is compared by where requests were placed, and writes to what it is given.
class GuardedSubject final : public OurSubject {
 public:
  explicit GuardedSubject(std::size_t sample_bytes) {
    guard_arena(arena(), {sample_bytes, nullptr});
    detail::ArenaInsider::attach(arena(), placed_);
  }
  ~GuardedSubject() override { detail::ArenaInsider::detach(arena(), placed_); }

 private:
  // Is told of every request, and where it was placed.
  struct PlacedDoor final : detail::ArenaDoor {
    std::size_t passed(const Arena& /*arena*/,
                       const detail::ColdAllocation& one) noexcept override {
      ptr = one.ptr;
      return 0;
    }
    char* ptr = nullptr;
  };

  char* serve(ArenaRequest request) override {
    char* const given = OurSubject::serve(request);
    std::memset(given, 'x', request.bytes);
    if (given != placed_.ptr) ++g_guarded;
    if (request.aligned) {
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(given) % 8, 0U);
    }
    return placed_.ptr;
  }

  PlacedDoor placed_;
};

void expect_parity(std::size_t sample_bytes, std::uint64_t operations,
                   int guarded_least) {
  for (const WorkloadInfo& info : Workload::all()) {
    g_guarded = 0;
    ParityOptions options;
    options.workload = info.name;
    options.operations = operations;
    const ParityResult result = run_parity(options, [=] {
      return std::make_unique<GuardedSubject>(sample_bytes);
    });
    ASSERT_FALSE(result.mismatch)
        << info.name << ", " << to_string(*result.mismatch);
    EXPECT_EQ(result.operations, options.operations);
    EXPECT_GE(g_guarded, guarded_least) << info.name;
  }
}

TEST(ParityOfGuards, HoldsWhileEveryAllocationIsGuarded) {
  expect_parity(0, 5000, 5000);
}

TEST(ParityOfGuards, HoldsWhileASampleIsGuarded) {
  expect_parity(4096, 20'000, 20);
}

}  // namespace
}  // namespace bitcoinleveldb
