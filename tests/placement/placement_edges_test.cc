// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The arithmetic of placement at the edges of words of 32 and 64 bits: round
// both ends, round the middle, where sums carry, and round whatever just fits.

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "bitcoinleveldb/detail/placement.h"
#include "specification.h"

namespace {

namespace detail = bitcoinleveldb::detail;
using placement::Placed;

template <class Word>
class PlacementEdges : public testing::Test {
 protected:
  static constexpr Word kMax = std::numeric_limits<Word>::max();
  static constexpr int kBits = std::numeric_limits<Word>::digits;

  static std::vector<Word> edges() {
    std::vector<Word> found;
    const auto add_round = [&found](Word middle) {
      for (const int offset : {-17, -16, -8, -1, 0, 1, 8, 16, 17}) {
        found.push_back(static_cast<Word>(
            middle + static_cast<Word>(static_cast<std::int64_t>(offset))));
      }
    };
    add_round(0);
    add_round(4096);
    for (const int bit : {kBits / 2, kBits - 2, kBits - 1}) {
      add_round(static_cast<Word>(Word{1} << bit));
    }
    return found;
  }

  static Placed by_address(Word address, Word remaining, Word bytes,
                           Word alignment) {
    Word slop = 0;
    const bool fits = detail::bump_by_address(
        address, &remaining, detail::served_bytes(bytes), alignment, &slop);
    return fits ? Placed{true, slop, remaining} : Placed{};
  }

  static Placed by_count(Word address, Word remaining, Word bytes,
                         Word alignment) {
    Word place = address;
    Word result = 0;
    if (!detail::bump_by_count(&place, &remaining, bytes, alignment, &result)) {
      return {};
    }
    if (place != static_cast<Word>(result + bytes)) return {true, kMax, kMax};
    return {true, static_cast<Word>(result - address), remaining};
  }

  // The edges, and what only just fits `remaining` bytes or only just not.
  static std::vector<Word> sizes(Word address, Word remaining, Word alignment) {
    std::vector<Word> found = edges();
    const auto slop =
        static_cast<Word>((alignment - address % alignment) % alignment);
    for (const Word middle : {static_cast<Word>(remaining - slop),
                              static_cast<Word>(kMax - slop)}) {
      for (const int offset : {-1, 0, 1, 2}) {
        found.push_back(static_cast<Word>(middle + static_cast<Word>(offset)));
      }
    }
    return found;
  }

  // Compares one placement; false if it is another.
  static bool agree(Word address, Word remaining, Word bytes, Word alignment) {
    const Placed right =
        placement::calculate(address, remaining, bytes, alignment);
    if (by_address(address, remaining, bytes, alignment) != right) return false;
    const bool ends_on_unit = (address % 16 + remaining % 16) % 16 == 0;
    if (!ends_on_unit || alignment > 16) return true;
    return by_count(address, remaining, bytes, alignment) ==
           (bytes == 0 ? Placed{} : right);
  }
};

using Words = testing::Types<std::uint32_t, std::uint64_t, std::size_t>;
TYPED_TEST_SUITE(PlacementEdges, Words);

TYPED_TEST(PlacementEdges, ARequestIsAtTheFirstMultipleIfItFitsThere) {
  using Word = TypeParam;
  long inputs = 0;
  for (const Word address : this->edges()) {
    for (const Word remaining : this->edges()) {
      if (remaining != 0 && remaining - 1 > this->kMax - address) continue;
      for (int bit = 0; bit != this->kBits; ++bit) {
        const auto alignment = static_cast<Word>(Word{1} << bit);
        for (const Word bytes : this->sizes(address, remaining, alignment)) {
          ASSERT_TRUE(this->agree(address, remaining, bytes, alignment))
              << bytes << " bytes at a multiple of " << alignment << ", "
              << remaining << " remain from " << address;
          ++inputs;
        }
      }
    }
  }
  EXPECT_GT(inputs, 1'000'000);
}

TYPED_TEST(PlacementEdges, PowersOfTwoAreToldFromTheirNeighbours) {
  using Word = TypeParam;
  for (int bit = 0; bit != this->kBits; ++bit) {
    for (const int offset : {-1, 0, 1}) {
      const auto value =
          static_cast<Word>((Word{1} << bit) + static_cast<Word>(offset));
      const bool power = placement::is_power(value, this->kBits);
      EXPECT_EQ(detail::is_power_of_two(value), power) << value;
      EXPECT_EQ(detail::is_inline_alignment(value), power && value <= 16);
    }
  }
  EXPECT_FALSE(detail::is_power_of_two(this->kMax));
}

// A request of many, told apart from as many requests by their sum alone.
TYPED_TEST(PlacementEdges, ManyNeverTakeMoreThanThereIs) {
  using Word = TypeParam;
  for (const Word start : this->edges()) {
    for (const Word bytes : this->edges()) {
      for (const Word count : this->edges()) {
        if (bytes == 0) continue;
        Word remaining = start;
        const Word fit = detail::bump_many(&remaining, count, bytes, Word{1});
        const Word room = start / bytes;
        ASSERT_EQ(fit, count < room ? count : room);
        ASSERT_EQ(remaining, static_cast<Word>(start - fit * bytes));
      }
    }
  }
}

// In full, or not at all: never a slab that is too small because a sum wrapped.
TYPED_TEST(PlacementEdges, ASlabHasRoomForTheBlockOrCannotBe) {
  using Word = TypeParam;
  constexpr Word kSlabHead = 16;
  constexpr Word kBlockHead = 16;
  const Word object_max = this->kMax / 2;
  for (const Word bytes : this->edges()) {
    for (int bit = 0; bit != this->kBits; ++bit) {
      const auto alignment = static_cast<Word>(Word{1} << bit);
      const Word found =
          detail::slab_bytes_for(kSlabHead, kBlockHead, bytes, alignment);
      // What goes before the block at most, and what is then left for it.
      const Word gap = alignment > 16 ? alignment - 16 : 0;
      const Word largest = object_max - object_max % 16;
      const Word heads = kSlabHead + kBlockHead;
      const bool can_be =
          gap <= largest - heads && bytes <= largest - heads - gap;
      ASSERT_EQ(found != 0, can_be) << bytes << " at " << alignment;
      if (!can_be) continue;
      ASSERT_GE(found - heads - gap, bytes);
      ASSERT_LT(found - heads - gap - bytes, 16U);
      ASSERT_EQ(found % 16, 0U);
    }
  }
}

}  // namespace
