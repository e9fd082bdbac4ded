// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What a profile holds and what is in use, read back by a reader of the tests'
// own. arena_profile_stacks_test.cc has the stacks.

#include "bitcoinleveldb/arena_profile.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/arena_resize.h"
#include "bitcoinleveldb/arena_scope.h"
#include "pprof_reader.h"
#include "profile_sites.h"
#include "unit/expect_failure.h"

namespace bitcoinleveldb {
namespace {

TEST(ArenaProfile, SaysWhatItsValuesAre) {
  ArenaProfileOptions options;
  options.sample_bytes = 1234;
  const ArenaProfile profile(options);
  const ReadProfile read_back = read(profile);
  using Types = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(read_back.types, (Types{{"alloc_objects", "count"},
                                    {"alloc_space", "bytes"},
                                    {"inuse_objects", "count"},
                                    {"inuse_space", "bytes"}}));
  EXPECT_EQ(read_back.period, 1234U);
  EXPECT_EQ(read_back.period_type.second, "bytes");
  EXPECT_EQ(read_back.default_type, "alloc_space");
  EXPECT_NE(read_back.drop_frames.find("Arena"), std::string::npos);
  EXPECT_GT(read_back.time_ns, 1'700'000'000'000'000'000U);
  EXPECT_GT(read_back.duration_ns, 0U);
  EXPECT_EQ(read_back.samples.size(), 0U);
}

TEST(ArenaProfile, InUseIsWhatNoResetScopeOrEndHasGivenBack) {
  ArenaProfile profile(sees_all());
  const auto in_use = [&profile] { return read(profile).sum(kLiveBytes); };
  {
    Arena arena;
    attach_observer(arena, profile);
    (void)site_packed(arena, 100, 10);
    EXPECT_EQ(in_use(), 1000U);
    {
      ArenaScope outer(arena);
      (void)site_packed(arena, 100, 20);
      {
        const ArenaScope inner(arena);
        (void)site_packed(arena, 5000, 1);
        EXPECT_EQ(in_use(), 8000U);
      }
      EXPECT_EQ(in_use(), 3000U);
      outer.rewind();
      EXPECT_EQ(in_use(), 1000U);
      (void)site_packed(arena, 100, 1);
      EXPECT_EQ(in_use(), 1100U);
    }
    EXPECT_EQ(in_use(), 1000U);
    arena.reset();
    EXPECT_EQ(in_use(), 0U);
    (void)site_packed(arena, 100, 3);
    Arena moved(std::move(arena));
    EXPECT_EQ(in_use(), 300U);
    EXPECT_EQ(profile.stats().live_samples, 3U);
  }
  EXPECT_EQ(in_use(), 0U);
  EXPECT_EQ(profile.stats().live_samples, 0U);
  const ReadProfile read_back = read(profile);
  EXPECT_EQ(read_back.sum(kBytes), 8400U);
  EXPECT_EQ(read_back.sum(kObjects), 35U);
  EXPECT_EQ(read_back.sum(kLiveObjects), 0U);
}

// Scopes that began before there was a sample, or before the profile came.
TEST(ArenaProfile, InUseIsRightForScopesItHasNotSeenBegin) {
  ArenaProfile profile(sees_all());
  Arena arena;
  (void)arena.allocate(1);
  {
    const ArenaScope outer(arena);
    attach_observer(arena, profile);
    const ArenaScope middle(arena);
    (void)site_packed(arena, 10, 1);
    {
      const ArenaScope inner(arena);
      (void)site_packed(arena, 20, 1);
    }
    EXPECT_EQ(read(profile).sum(kLiveBytes), 10U);
  }
  EXPECT_EQ(read(profile).sum(kLiveBytes), 0U);
  detach_observer(arena, profile);
}

// More arenas than lists, so that some share one.
TEST(ArenaProfile, InUseIsKeptApartForEachOfManyArenas) {
  ArenaProfile profile(sees_all());
  std::vector<Arena> arenas(3000);
  for (Arena& arena : arenas) {
    attach_observer(arena, profile);
    (void)site_packed(arena, 10, 1);
  }
  const ArenaScope scope(arenas[0]);
  (void)site_packed(arenas[0], 10, 1);
  for (std::size_t i = 1; i < arenas.size(); i += 2) arenas[i].reset();
  EXPECT_EQ(read(profile).sum(kLiveBytes), 15'010U);
  for (std::size_t i = 1; i < arenas.size(); i += 2) {
    detach_observer(arenas[i], profile);
    arenas[i] = Arena();
  }
  EXPECT_EQ(profile.stats().live_samples, 1501U);
}

TEST(ArenaProfile, LiveSamplesBeyondTheLimitAreMissingInWhatIsInUse) {
  ArenaProfileOptions options = sees_all();
  options.live_samples_max = 4;
  ArenaProfile profile(options);
  Arena arena;
  attach_observer(arena, profile);
  (void)site_packed(arena, 10, 3);
  {
    const ArenaScope scope(arena);
    (void)site_packed(arena, 10, 2);
    const ArenaScope inner(arena);
  }
  EXPECT_EQ(profile.stats().live_dropped, 3U);
  EXPECT_EQ(read(profile).sum(kBytes), 50U);
  EXPECT_LE(read(profile).sum(kLiveBytes), 30U);
  arena.reset();
  EXPECT_EQ(profile.stats().live_samples, 0U);
  (void)site_packed(arena, 10, 4);  // there is room again
  EXPECT_EQ(profile.stats().live_samples, 4U);
  EXPECT_EQ(profile.stats().live_dropped, 3U);
  EXPECT_EQ(read(profile).comments.at(2),
            "samples missing in what is in use: 3");
  detach_observer(arena, profile);
}

TEST(ArenaProfile, ResizedSampleHasItsNewBytes) {
  ArenaProfile profile(sees_all());
  Arena arena;
  attach_observer(arena, profile);
  char* const bumped = arena.allocate(100);
  char* const dedicated = arena.allocate(5000);
  EXPECT_TRUE(try_resize_newest(arena, bumped, 100, 300));
  EXPECT_EQ(read(profile).sum(kLiveBytes), 5300U);
  EXPECT_EQ(read(profile).sum(kBytes), 5300U);
  EXPECT_TRUE(try_resize_newest(arena, dedicated, 5000, 2000));
  EXPECT_TRUE(try_resize_newest(arena, bumped, 300, 50));
  EXPECT_EQ(read(profile).sum(kLiveBytes), 2050U);
  EXPECT_EQ(read(profile).sum(kBytes), 5300U);
  arena.reset();
  EXPECT_EQ(read(profile).sum(kLiveBytes), 0U);
  detach_observer(arena, profile);
}

TEST(ArenaProfile, StoppedItTakesNoSamplesButStillSeesThemGo) {
  ArenaProfile profile(sees_all());
  Arena arena;
  attach_observer(arena, profile);
  (void)site_packed(arena, 10, 5);
  profile.stop();
  refresh_observers(arena);
  (void)site_packed(arena, 10, 500);
  EXPECT_EQ(profile.stats().samples, 5U);
  EXPECT_EQ(profile.stats().live_samples, 5U);
  arena.reset();
  EXPECT_EQ(profile.stats().live_samples, 0U);
  profile.start();
  refresh_observers(arena);
  (void)site_packed(arena, 10, 5);
  EXPECT_EQ(profile.stats().samples, 10U);
  detach_observer(arena, profile);
}

TEST(ArenaProfile, MakingOneIsSeenByNoDefaultObserver) {
  ArenaProfile first(sees_all());
  add_default_observer(first, ArenaReach::kAllArenas);
  const ArenaProfile second(sees_all());
  EXPECT_EQ(first.stats().samples, 0U);
  EXPECT_EQ(second.stats().samples, 0U);
  remove_default_observer(first);
}

TEST(ArenaProfile, OfAThreadEachIsRightAndMayBeWrittenMeanwhile) {
  ArenaProfile profile(sees_all());
  add_default_observer(profile);
  std::atomic<int> running{2};
  std::vector<std::thread> threads;
  for (int i = 0; i != 2; ++i) {
    threads.emplace_back([&running] {
      for (int round = 0; round != 200; ++round) {
        Arena arena;
        (void)site_packed(arena, 100, 10);
        const ArenaScope scope(arena);
        (void)site_aligned(arena, 100, 10);
      }
      --running;
    });
  }
  while (running != 0) {
    const ReadProfile read_back = read(profile);
    EXPECT_LE(read_back.sum(kLiveBytes), 2U * 2000);
  }
  for (std::thread& thread : threads) thread.join();
  remove_default_observer(profile);
  EXPECT_EQ(profile.stats().samples, 2U * 200 * 20);
  EXPECT_EQ(read(profile).sum(kBytes), 2U * 200 * 2000);
  EXPECT_EQ(read(profile).sum(kLiveBytes), 0U);
}

TEST(ArenaProfile, WrittenFileIsTheProfileAndReplacesWhatWasThere) {
  ArenaProfile profile(sees_all());
  const std::string path = testing::TempDir() + "arena_profile_test.pb";
  std::ofstream(path) << "something else";
  {
    Arena arena;
    attach_observer(arena, profile);
    (void)site_packed(arena, 10, 1);
  }
  ASSERT_TRUE(profile.write(path));
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)),
                         std::istreambuf_iterator<char>());
  ReadProfile read_back;
  EXPECT_TRUE(read_pprof(text, read_back));
  EXPECT_EQ(read_back.sum(kBytes), 10U);
  EXPECT_FALSE(std::ifstream(path + ".unfinished").good());
  std::remove(path.c_str());
}

// Through a link, so that a fault would replace the link and not the device.
TEST(ArenaProfile, DeviceIsWrittenToAndNotReplaced) {
  namespace fs = std::filesystem;
  if (!fs::is_character_file("/dev/full")) GTEST_SKIP() << "no such device";
  const std::string link = testing::TempDir() + "arena_profile_link.pb";
  fs::remove(link);
  fs::create_symlink("/dev/full", link);
  const ArenaProfile profile;
  EXPECT_FALSE(profile.write(link));
  EXPECT_EQ(errno, ENOSPC);
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
  fs::remove(link);
}

TEST(ArenaProfile, FileThatCannotBeWrittenIsSaid) {
  const ArenaProfile profile;
  errno = 0;
  EXPECT_FALSE(profile.write("/nonexistent/arena.pb"));
  EXPECT_EQ(errno, ENOENT);
}

TEST(ArenaProfile, OptionsThatAreNotAllowedAreRefused) {
  ArenaProfileOptions options;
  options.sample_bytes = SIZE_MAX;
  expect_invalid([&] { const ArenaProfile profile(options); },
                 "ArenaProfileOptions: sample_bytes is");
  options = {};
  options.stacks_max = 0;
  expect_invalid([&] { const ArenaProfile profile(options); },
                 "stacks_max is 0; allowed: 1 to 2");
  options = {};
  options.live_samples_max = (std::size_t{1} << 26U) + 1;
  expect_invalid([&] { const ArenaProfile profile(options); },
                 "live_samples_max is 67108865; allowed: 1 to 2");
}

}  // namespace
}  // namespace bitcoinleveldb
