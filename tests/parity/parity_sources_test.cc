// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The comparison with the real LevelDB arena on every block source, after every
// mode of reset and through cursors.

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string_view>

#include "bitcoinleveldb/arena_cursor.h"
#include "bitcoinleveldb/block_depot.h"
#include "bitcoinleveldb/huge_page_source.h"
#include "oracle/parity.h"

namespace bitcoinleveldb {
namespace {

void expect_parity(const SubjectFactory& subject) {
  for (const WorkloadInfo& info : Workload::all()) {
    ParityOptions options;
    options.workload = info.name;
    options.operations = 20'000;
    const ParityResult result = run_parity(options, subject);
    ASSERT_FALSE(result.mismatch)
        << info.name << ", " << to_string(*result.mismatch);
    EXPECT_EQ(result.operations, options.operations);
  }
}

SubjectFactory on(std::pmr::memory_resource* source) {
  return [source] {
    return std::make_unique<OurSubject>(ArenaOptions{4096, source});
  };
}

TEST(ParityOfSources, HoldsOnTheDefaultSource) {
  expect_parity(on(default_block_source()));
}

TEST(ParityOfSources, HoldsOnHugePages) {
  expect_parity(on(huge_page_source()));
}

TEST(ParityOfSources, HoldsOnADepot) {
  BlockDepot depot;
  expect_parity(on(&depot));
  EXPECT_GT(depot.stats().reused, 0U);
  EXPECT_EQ(depot.stats().outstanding_bytes, 0U);
}

TEST(ParityOfSources, HoldsOnADepotThatHoldsNearlyNothing) {
  BlockDepot depot({10'000, 3, nullptr});
  expect_parity(on(&depot));
}

// An arena that had another use before.
class ResetSubject final : public OurSubject {
 public:
  ResetSubject(std::string_view before, std::size_t keep_bytes) {
    use(before, keep_bytes);
  }
  ResetSubject(std::string_view before, std::size_t keep_bytes,
               const ArenaOptions& options)
      : OurSubject(options) {
    use(before, keep_bytes);
  }

 private:
  void use(std::string_view before, std::size_t keep_bytes) {
    Workload workload(before, 302);
    for (int i = 0; i != 100; ++i) {
      const ArenaRequest request = workload.next();
      (void)OurSubject::serve(request);
    }
    arena().reset(keep_bytes);
  }
};

constexpr std::size_t kModes[] = {0, 100'000, Arena::kKeepAll};

TEST(ParityOfReset, HoldsAfterEveryMode) {
  for (const std::size_t keep : kModes) {
    for (const std::string_view before : {"leveldb", "big-entries"}) {
      expect_parity(
          [=] { return std::make_unique<ResetSubject>(before, keep); });
    }
  }
}

TEST(ParityOfReset, HoldsAfterEveryModeOnADepot) {
  BlockDepot depot;
  const ArenaOptions options{4096, &depot};
  for (const std::size_t keep : kModes) {
    expect_parity([&] {
      return std::make_unique<ResetSubject>("memtable", keep, options);
    });
  }
}

// Asks through cursors that live for so many requests each.
class CursorSubject final : public OurSubject {
 public:
  explicit CursorSubject(std::size_t life) : life_(life) {}

 private:
  char* serve(ArenaRequest request) override {
    if (served_++ % life_ == 0) {
      cursor_.reset();
      cursor_.emplace(arena());
    }
    return request.aligned ? cursor_->allocate_aligned(request.bytes)
                           : cursor_->allocate(request.bytes);
  }

  std::size_t life_;
  std::size_t served_ = 0;
  std::optional<ArenaCursor> cursor_;
};

TEST(ParityOfCursors, HoldsThroughCursorsOfAnyLength) {
  for (const std::size_t life : {std::size_t{1}, std::size_t{7}, SIZE_MAX}) {
    expect_parity([life] { return std::make_unique<CursorSubject>(life); });
  }
}

}  // namespace
}  // namespace bitcoinleveldb
