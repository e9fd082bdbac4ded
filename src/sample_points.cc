// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "sample_points.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

namespace bitcoinleveldb::detail {

namespace {

// Returns the next number of SplitMix64: a counter with an odd step, and a
// mixer after it. No two threads of a process draw the same numbers.
std::uint64_t next_random() {
  static std::atomic<std::uint64_t> threads{0};
  // Threads are far apart: no one draws as many numbers as lie between them.
  constexpr unsigned kThreadShift = 40;
  thread_local std::uint64_t state =
      threads.fetch_add(1, std::memory_order_relaxed) << kThreadShift;
  state += 0x9E3779B97F4A7C15U;
  std::uint64_t mixed = state;
  mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
  return mixed ^ (mixed >> 31U);
}

}  // namespace

std::ptrdiff_t draw_point(std::size_t mean) noexcept {
  constexpr double kToUnit = 1.0 / 9007199254740992.0;  // 2^-53
  constexpr double kFar =
      static_cast<double>(std::numeric_limits<std::ptrdiff_t>::max()) / 2;
  const auto whole = static_cast<double>(next_random() >> 11U);
  const double number =
      -static_cast<double>(mean) * std::log((whole + 1) * kToUnit);
  return static_cast<std::ptrdiff_t>(std::min(number, kFar));
}

std::size_t SamplePoints::find(std::uint16_t of, std::size_t mean,
                               std::size_t bytes) noexcept {
  if (of_ != of || mean_ != mean) draw(of, mean);
  if (pass(of, bytes)) return kNone;
  // In one step, however many bytes there are; a point beyond them is drawn
  // anew.
  const std::size_t known = left_;
  const std::size_t more = ends_at_point_ ? 0 : draw_distance(mean);
  draw(of, mean);
  return more < bytes - known ? known + more : kNone;
}

std::size_t SamplePoints::draw_distance(std::size_t mean) noexcept {
  return mean == SIZE_MAX ? kNone : static_cast<std::size_t>(draw_point(mean));
}

void SamplePoints::draw(std::uint16_t of, std::size_t mean) noexcept {
  const std::size_t point = draw_distance(mean);
  of_ = of;
  mean_ = mean;
  ends_at_point_ = point < kLeftMax;
  left_ = std::min(point, kLeftMax);
}

}  // namespace bitcoinleveldb::detail
