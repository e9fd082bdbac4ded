// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Functions that allocate, and how they are found in a profile. Who called is
// told by return addresses: a function that allocates notes its own, which is
// the frame behind it in every stack that begins at it.

#ifndef BITCOINLEVELDB_TESTS_PROFILE_PROFILE_SITES_H_
#define BITCOINLEVELDB_TESTS_PROFILE_PROFILE_SITES_H_

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_profile.h"
#include "pprof_reader.h"

namespace bitcoinleveldb {

// The values of a sample, in their order.
enum Value : std::size_t { kObjects, kBytes, kLiveObjects, kLiveBytes };

inline ReadProfile read(const ArenaProfile& profile) {
  ReadProfile result;
  EXPECT_TRUE(read_pprof(profile.pprof(), result));
  return result;
}

inline ArenaProfileOptions sees_all() {
  ArenaProfileOptions options;
  options.sample_bytes = 0;
  return options;
}

using ReturnAddress = std::uint64_t;

inline ReturnAddress return_address(void* address) {
  return reinterpret_cast<ReturnAddress>(address);
}

// Sites that allocate, each in its own way, `count` times `bytes`. They return
// where they return to.
[[gnu::noinline]] inline ReturnAddress site_packed(Arena& arena,
                                                   std::size_t bytes,
                                                   int count) {
  for (int i = 0; i != count; ++i) (void)arena.allocate(bytes);
  return return_address(__builtin_return_address(0));
}

[[gnu::noinline]] inline ReturnAddress site_aligned(Arena& arena,
                                                    std::size_t bytes,
                                                    int count) {
  for (int i = 0; i != count; ++i) (void)arena.allocate_aligned(bytes);
  return return_address(__builtin_return_address(0));
}

[[gnu::noinline]] inline ReturnAddress site_widely_aligned(Arena& arena,
                                                           std::size_t bytes,
                                                           int count) {
  for (int i = 0; i != count; ++i) (void)arena.allocate_aligned(bytes, 64);
  return return_address(__builtin_return_address(0));
}

[[gnu::noinline]] inline ReturnAddress site_trying(Arena& arena,
                                                   std::size_t bytes,
                                                   int count) {
  for (int i = 0; i != count; ++i) (void)arena.try_allocate(bytes);
  return return_address(__builtin_return_address(0));
}

[[gnu::noinline]] inline ReturnAddress site_trying_aligned(Arena& arena,
                                                           std::size_t bytes,
                                                           int count) {
  for (int i = 0; i != count; ++i) (void)arena.try_allocate_aligned(bytes);
  return return_address(__builtin_return_address(0));
}

using Site = ReturnAddress (*)(Arena&, std::size_t, int);

// Calls a site from a place of its own, and not as the last thing it does, or a
// compiler would have it return to somewhere else.
template <Site site>
[[gnu::noinline]] ReturnAddress call_site(Arena& arena, std::size_t bytes,
                                          int count) {
  const ReturnAddress address = site(arena, bytes, count);
  __asm__ volatile("");
  return address;
}

inline constexpr std::array<Site, 5> kSites = {
    call_site<site_packed>, call_site<site_aligned>,
    call_site<site_widely_aligned>, call_site<site_trying>,
    call_site<site_trying_aligned>};

// Returns the sum of a value over the stacks that begin in the function which
// returns to `address`.
inline double sum_of(const ReadProfile& profile, ReturnAddress address,
                     std::size_t value) {
  double sum = 0;
  for (const ReadProfile::Sample& sample : profile.samples) {
    if (sample.locations.size() < 2) continue;
    if (profile.locations.at(sample.locations[1]).address + 1 == address) {
      sum += static_cast<double>(sample.values.at(value));
    }
  }
  return sum;
}

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_PROFILE_PROFILE_SITES_H_
