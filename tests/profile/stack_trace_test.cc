// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Stack traces that may be known again, against backtrace(), which walks every
// time. Functions of frames with and without a fixed size call each other at
// random, so that stacks of one depth, of one place or of the same innermost
// frames follow each other.

#include "port/stack_trace.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <thread>

#include "bitcoinleveldb/lcg_random.h"
#include "unit/sanitizers.h"

#if __has_include(<execinfo.h>)
#include <execinfo.h>

namespace bitcoinleveldb {
namespace {

constexpr std::size_t kMax = 90;
constexpr bool kSanitized = kAddressSanitizer || kThreadSanitizer;

struct Walker {
  LcgRandom random;
  int compared = 0;
};

// The innermost frame is where either was called and so not the same. Some
// sanitizers put one of their own before what backtrace() finds.
[[gnu::noinline]] void compare(Walker& walker) {
  std::array<std::uintptr_t, kMax> ours{};
  std::array<void*, kMax> theirs{};
  const std::size_t count = port::stack_trace(ours.data(), kMax);
  const auto expected = static_cast<std::size_t>(
      backtrace(theirs.data(), static_cast<int>(kMax)));
  ASSERT_GE(expected, count);
  ASSERT_LE(expected, count + (kSanitized ? 1 : 0));
  const std::size_t added = expected - count;
  for (std::size_t i = 1; i != count; ++i) {
    ASSERT_EQ(ours[i], reinterpret_cast<std::uintptr_t>(theirs[added + i]))
        << i;
  }
  ++walker.compared;
}

int step(Walker& walker, int depth);

template <int kNumber>
// NOLINTNEXTLINE(misc-no-recursion)
[[gnu::noinline]] int fixed(Walker& walker, int depth) {
  return step(walker, depth) + kNumber;
}

// NOLINTNEXTLINE(misc-no-recursion)
[[gnu::noinline]] int sized(Walker& walker, int depth) {
  const auto bytes = static_cast<std::size_t>(16 + walker.random.uniform(200));
  auto* const memory = static_cast<char*>(__builtin_alloca(bytes));
  std::memset(memory, depth, bytes);
  return step(walker, depth) + memory[bytes - 1];
}

// NOLINTNEXTLINE(misc-no-recursion)
[[gnu::noinline]] int step(Walker& walker, int depth) {
  if (depth == 0) {
    compare(walker);
    return 1;
  }
  switch (walker.random.uniform(4)) {
    case 0:
      return fixed<0>(walker, depth - 1) + 1;
    case 1:
      return fixed<1>(walker, depth - 1) + 1;
    case 2:
      return fixed<2>(walker, depth - 1) + 1;
    default:
      return sized(walker, depth - 1) + 1;
  }
}

TEST(StackTrace, IsThatOfBacktraceHoweverOftenItIsAskedFor) {
  Walker walker{LcgRandom(301)};
  for (int i = 0; i != 5000; ++i) {
    (void)step(walker, static_cast<int>(walker.random.uniform(5)));
  }
  EXPECT_EQ(walker.compared, 5000);
}

TEST(StackTrace, IsItsOwnInEachThread) {
  for (int i = 0; i != 20; ++i) {
    std::thread([i] {
      Walker walker{LcgRandom(static_cast<std::uint64_t>(i))};
      for (int k = 0; k != 20; ++k) (void)step(walker, 2);
      EXPECT_EQ(walker.compared, 20);
    }).join();
  }
}

TEST(StackTrace, HasNoMoreFramesThanAskedFor) {
  std::array<std::uintptr_t, 4> frames{};
  EXPECT_EQ(port::stack_trace(frames.data(), 0), 0U);
  EXPECT_EQ(port::stack_trace(frames.data(), 2), 2U);
  EXPECT_NE(frames[1], 0U);
  EXPECT_EQ(frames[2], 0U);
  EXPECT_EQ(port::stack_trace(frames.data(), 3), 3U);
}

}  // namespace
}  // namespace bitcoinleveldb

#endif
