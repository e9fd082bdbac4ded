// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Who filled this arena: a sample of its allocations with their call stacks, in
// the format of pprof. A profiler of malloc sees one large block here and the
// function that asked for it last.
//
//   static bitcoinleveldb::ArenaProfile profile;  // outlives the arenas
//   bitcoinleveldb::add_default_observer(profile);
//   ...                                  // the work, on any number of threads
//   profile.write("arena.pb");  // go tool pprof -top arena.pb
//
// It is cheap enough to stay on in production. docs/profile.md has a session
// and what the figures mean.

#ifndef BITCOINLEVELDB_ARENA_PROFILE_H_
#define BITCOINLEVELDB_ARENA_PROFILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb {

/// The settings of a profile.
struct ArenaProfileOptions {
  /// One allocation is sampled in about so many bytes handed out, each with a
  /// probability that grows with its size. 0 samples every one. Allowed: all
  /// but SIZE_MAX.
  std::size_t sample_bytes = std::size_t{512} << 10U;

  /// How many different stacks are told apart; each takes 552 bytes, once it
  /// is there. Samples of further stacks are counted together. Allowed: 1 to
  /// 2^20.
  std::size_t stacks_max = 4096;

  /// Of how many samples it is known whether their memory has been given back;
  /// each takes 48 bytes, and so does a scope that is open on an arena with
  /// samples. Further ones are missing in what is in use. Allowed: 1 to 2^26.
  std::size_t live_samples_max = std::size_t{1} << 16U;
};

/// What a profile holds.
struct ArenaProfileStats {
  std::uint64_t samples = 0;         ///< taken
  std::size_t stacks = 0;            ///< that are told apart
  std::size_t live_samples = 0;      ///< in memory that has not been given back
  std::uint64_t stacks_dropped = 0;  ///< samples counted without their stack
  std::uint64_t live_dropped = 0;    ///< samples and scopes beyond the limit
};

/// Samples the allocations of the arenas it is attached to, with
/// `attach_observer` or `add_default_observer`, from the start or between
/// `start` and `stop`, and adds them up by call stack.
///
/// It has two views of each stack: what was ever allocated, and what is in use,
/// in memory that no reset, no scope and no end of an arena has given back.
/// Both are estimates without bias: of n samples of allocations that are alike,
/// the deviation is about 1/sqrt(n) of the sum.
///
/// Stacks begin at the caller of the arena and have up to 64 frames, the
/// innermost ones. They come from the unwinder of the C++ runtime, so frames
/// without unwind tables end them. Where there is no unwinder the profile has
/// no stacks and says so.
///
/// Thread safety: as an observer, it may be attached to the arenas of any
/// threads; its own calls may be made from any thread too. All profiles share
/// one lock, which is taken for a sample and for what is told of an arena with
/// samples, and is free in a child of `fork`. Not for signal handlers.
/// Complexity: a sample walks its stack, some microseconds; other allocations
/// cost nothing but what any sampling observer costs. Memory is bounded by the
/// options and taken when the profile is made.
class BITCOINLEVELDB_EXPORT ArenaProfile final : public ArenaObserver {
 public:
  /// Whether stacks can be had on this system.
  [[nodiscard]] static bool has_stacks() noexcept;

  /// Makes a profile that samples as soon as it is attached.
  /// THROWS: `std::invalid_argument` for an option that is not allowed,
  /// `std::bad_alloc`.
  explicit ArenaProfile(const ArenaProfileOptions& options = {});
  ~ArenaProfile() override;

  /// Takes no more samples, or takes them again; arenas hear of it as of any
  /// change of interest. What is in use is kept up to date all along.
  void stop() noexcept;
  void start() noexcept;

  [[nodiscard]] ArenaProfileStats stats() const noexcept;

  /// Returns the profile as pprof reads it, uncompressed. The types of its
  /// samples are alloc_objects, alloc_space, inuse_objects and inuse_space.
  /// THROWS: `std::bad_alloc`.
  [[nodiscard]] std::string pprof() const;

  /// Writes it to a file, which is replaced in one step once all is written; a
  /// link stays a link, and a pipe or a device is written to as it is. Returns
  /// false, with errno set, if that failed; the file is then as it was.
  /// THROWS: `std::bad_alloc`.
  [[nodiscard]] bool write(const std::string& path) const;

 private:
  struct Record;

  void allocated(const ObservedArena& arena,
                 const ObservedAllocation& allocation) noexcept override;
  void resized(const ObservedArena& arena, const char* ptr,
               std::size_t old_bytes, std::size_t new_bytes) noexcept override;
  void scope_begun(const ObservedArena& arena) noexcept override;
  void scope_rewinding(const ObservedArena& arena, std::size_t usage_before,
                       std::size_t keep_bytes) noexcept override;
  void scope_ended(const ObservedArena& arena) noexcept override;
  void resetting(const ObservedArena& arena,
                 std::size_t keep_bytes) noexcept override;
  void ending(const ObservedArena& arena) noexcept override;

  void learn_own_frames();
  void give_back_all(const ObservedArena& arena) noexcept;

  std::unique_ptr<Record> record_;
};

/// The environment variable that has a program profiled.
inline constexpr char kProfileVariable[] = "BITCOINLEVELDB_ARENA_PROFILE";

/// Profiles all arenas that the program makes from now on, if the environment
/// variable BITCOINLEVELDB_ARENA_PROFILE names a file, and writes it when the
/// program exits; BITCOINLEVELDB_ARENA_PROFILE_BYTES is `sample_bytes`. The
/// file is written at once too: a path that does not work is said on stderr
/// when the program starts, not when it has run for days. Returns whether it
/// profiles. The LevelDB drop-in calls it when a program starts. THROWS: as the
/// constructor of `ArenaProfile`.
BITCOINLEVELDB_EXPORT bool profile_from_environment();

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_ARENA_PROFILE_H_
