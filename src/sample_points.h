// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The points that make a sample: they lie at random in the bytes of arenas, and
// an allocation that has one is of the sample.

#ifndef BITCOINLEVELDB_SRC_SAMPLE_POINTS_H_
#define BITCOINLEVELDB_SRC_SAMPLE_POINTS_H_

#include <cstddef>
#include <cstdint>

#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb::detail {

// Draws how far it is to the next point, where they are `mean` bytes apart in
// the mean: the whole part of a number that is exponentially distributed. It is
// below b with the same probability as the number, and it forgets as well.
BITCOINLEVELDB_COLD std::ptrdiff_t draw_point(std::size_t mean) noexcept;

// What a thread knows of the points in bytes that its arenas are given, in
// blocks and by rewinding them, one after the other.
class SamplePoints {
 public:
  static constexpr std::size_t kNone = SIZE_MAX;

  // Returns whether there is none in the next `bytes` bytes, and is past them.
  // What is known is of the sample with the number `of`.
  bool pass(std::uint16_t of, std::size_t bytes) noexcept {
    if (of_ != of || left_ < bytes) return false;
    left_ -= bytes;
    return true;
  }
  // Takes that back.
  void take_back(std::uint16_t of, std::size_t bytes) noexcept {
    if (of_ == of) left_ += bytes;
  }

  // Returns how many of the next `bytes` bytes lie before a point, and leaves
  // the others to whoever asked; if there is none, returns kNone and is past
  // them. With a mean of SIZE_MAX there is none anywhere.
  std::size_t find(std::uint16_t of, std::size_t mean,
                   std::size_t bytes) noexcept;

 private:
  // No more is known at once, so that the mean is looked at again.
  static constexpr std::size_t kLeftMax = std::size_t{1} << 20U;

  static std::size_t draw_distance(std::size_t mean) noexcept;
  void draw(std::uint16_t of, std::size_t mean) noexcept;

  std::uint16_t of_ = 0;  // 0: nothing is known
  bool ends_at_point_ = false;
  std::size_t mean_ = 0;
  std::size_t left_ = 0;  // bytes without a point
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_SAMPLE_POINTS_H_
