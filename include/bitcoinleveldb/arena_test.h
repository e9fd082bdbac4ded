// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The randomized test of an arena, as an object: it allocates by a seeded mix
// of sizes, fills every allocation with a pattern of its own, and says what it
// found wrong. It runs on any arena-like type, LevelDB's and others included.
//
//   bitcoinleveldb::Arena arena;
//   const auto result = bitcoinleveldb::ArenaTest{}.run(arena);
//   if (!result.passed()) std::cerr << result.faults.front().message;
//
// It proves the arena it ran on, with the sizes it used; it is not a proof of
// parity with LevelDB (`arenatest parity` is).

#ifndef BITCOINLEVELDB_ARENA_TEST_H_
#define BITCOINLEVELDB_ARENA_TEST_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "bitcoinleveldb/arena_like.h"
#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb {

/// Which sizes an `ArenaTest` asks for.
enum class SizeMix {
  /// LevelDB's own randomized arena test: mostly below 20 bytes, one in ten
  /// below 100, one in 4,000 below 6,000, and ten large ones, as large as the
  /// number of the allocation.
  kLevelDb,
  /// The specification's example: 1 to 256 bytes.
  kSpecification,
};

/// What an `ArenaTest` does.
struct ArenaTestOptions {
  /// The seed of the `LcgRandom` that every choice is drawn from.
  std::uint64_t seed = 301;
  /// How many allocations; at least 1.
  std::size_t allocations = 100'000;
  /// Which sizes.
  SizeMix sizes = SizeMix::kLevelDb;
  /// One request in so many is aligned; 0 for none.
  std::uint64_t aligned_one_in = 10;
  /// Up to so many bytes handed out, usage may exceed 110 % of them by one of
  /// LevelDB's blocks, whose unused end then weighs more than a tenth.
  std::size_t usage_slack_up_to_bytes = 100'000;
  /// Called now and then with the allocations done and their total.
  std::function<void(std::size_t done, std::size_t total)> progress;

  /// The second preset: the specification's example, 10,000 allocations of 1
  /// to 256 bytes, one in four aligned.
  [[nodiscard]] BITCOINLEVELDB_EXPORT static ArenaTestOptions specification();
};

/// What can be wrong with an arena.
enum class ArenaFault {
  kNull,        ///< null was returned
  kOverlap,     ///< an allocation shares bytes with an earlier one
  kMisaligned,  ///< an aligned request got another address
  kUsageLow,    ///< usage is below the bytes handed out
  kUsageHigh,   ///< usage is above 110 % of them, after the first tenth
  kCorrupted,   ///< a pattern was not intact at the end
};

/// Returns "overlap", "misaligned" and so on.
[[nodiscard]] BITCOINLEVELDB_EXPORT const char* to_string(ArenaFault fault);

/// One thing that an `ArenaTest` found.
struct ArenaTestFault {
  ArenaFault fault;
  std::size_t allocation;  ///< the number of the allocation, from 0
  std::string message;     ///< one sentence with the figures
};

/// What an `ArenaTest` did and found.
struct ArenaTestResult {
  std::size_t allocations = 0;
  std::size_t aligned = 0;             ///< of them, aligned requests
  std::size_t bytes = 0;               ///< handed out
  std::size_t usage = 0;               ///< at the end; 0 if it is not known
  bool usage_known = false;            ///< the arena has a usage figure
  std::size_t faults_total = 0;        ///< all faults
  std::vector<ArenaTestFault> faults;  ///< the first 20 of each kind

  [[nodiscard]] bool passed() const noexcept { return faults_total == 0; }
};

/// A randomized test, configured once and run on any number of arenas. The
/// same options give the same requests. Complexity of a run: O(n log n) time,
/// and memory for the address of each allocation.
class BITCOINLEVELDB_EXPORT ArenaTest {
 public:
  /// THROWS: `std::invalid_argument` if there are no allocations to do.
  explicit ArenaTest(ArenaTestOptions options = {});

  /// Runs on `arena`, which should be fresh where its usage is checked.
  /// THROWS: what the arena throws.
  template <ArenaLike A>
  ArenaTestResult run(A& arena) const {
    ArenaOf<A> face(arena);
    return run_on(face);
  }

  /// As `run`, on a face that the caller made.
  ArenaTestResult run_on(ArenaFace& arena) const;

  [[nodiscard]] const ArenaTestOptions& options() const noexcept {
    return options_;
  }

 private:
  ArenaTestOptions options_;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_ARENA_TEST_H_
