// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The arithmetic of placement with a word of 8 bits: small enough to try all
// there is. Nothing in it depends on the width of the word, so what holds of
// every input here is not a sample of what it does with 64.
//
// The one precondition is the arena's invariant: what is free ends at most at
// 256, and for the bump by the count it ends on a multiple of 16.

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "bitcoinleveldb/detail/placement.h"
#include "specification.h"

namespace {

namespace detail = bitcoinleveldb::detail;
using placement::Placed;
using Byte = std::uint8_t;

constexpr int kWords = 256;
constexpr int kUnit = 16;

static_assert(detail::round_up<unsigned>(17, 16) == 32, "known to compilers");

constexpr Byte word(int value) { return static_cast<Byte>(value); }

// With a word for the pointer, too. The place behind the request must be where
// it ends.
Placed by_count(int address, int count, int bytes, int alignment) {
  Byte place = word(address);
  Byte remaining = word(count);
  Byte result = 0;
  const bool fits = detail::bump_by_count(&place, &remaining, word(bytes),
                                          word(alignment), &result);
  if (!fits) return {};
  if (place != word(result + bytes)) return {true, kWords, kWords};
  return {true, word(result - address), remaining};
}

// As the cold path calls it.
Placed by_address(int address, int count, int bytes, int alignment) {
  Byte remaining = word(count);
  Byte slop = 0;
  const bool fits = detail::bump_by_address<Byte>(
      word(address), &remaining, detail::served_bytes(word(bytes)),
      word(alignment), &slop);
  if (!fits) return {};
  return {true, slop, remaining};
}

struct Input {
  int address;
  int end;
  int bytes;
  int alignment;
  Placed right;
};

// Calls `holds` with every address and every end that may lie behind it, every
// number of bytes and every alignment, and where the specification places them,
// until it does not hold. `unit` is what ends are multiples of. Returns the
// number of inputs.
template <class Holds>
long try_all(int unit, int alignment_max, Holds holds) {
  long inputs = 0;
  for (int address = 0; address != kWords; ++address) {
    for (int alignment = 1; alignment <= alignment_max; alignment *= 2) {
      const int place = placement::first_multiple(address, alignment);
      // What remains is a word, too.
      for (int end = placement::first_multiple(address, unit);
           end <= kWords && end - address < kWords; end += unit) {
        for (int bytes = 0; bytes != kWords; ++bytes) {
          const Placed right = placement::at(place, address, end, bytes);
          if (!holds(Input{address, end, bytes, alignment, right})) {
            ADD_FAILURE() << bytes << " bytes at a multiple of " << alignment
                          << " in " << address << " to " << end;
            return inputs;
          }
          ++inputs;
        }
      }
    }
  }
  return inputs;
}

TEST(Placement8Bits, ByAddressIsAtTheFirstMultipleIfItFitsThere) {
  const long inputs = try_all(1, 128, [](const Input& in) {
    return by_address(in.address, in.end - in.address, in.bytes,
                      in.alignment) == in.right;
  });
  EXPECT_EQ(inputs, (257L * 258 / 2 - 2) * 8 * 256);
}

TEST(Placement8Bits, ByCountIsAsByAddressButForNoBytes) {
  const long inputs = try_all(kUnit, 16, [](const Input& in) {
    const Placed found =
        by_count(in.address, in.end - in.address, in.bytes, in.alignment);
    return in.bytes == 0 ? !found.fits : found == in.right;
  });
  EXPECT_GT(inputs, 2'700'000);
}

// Through the cold door: every count that may be withheld, and the cold path
// wherever the inlined bump refuses.
TEST(Placement8Bits, AWithheldCountRefusesOrPlacesTheSame) {
  try_all(kUnit, 16, [](const Input& in) {
    const int remaining = in.end - in.address;
    for (int withheld = 0; withheld <= remaining; withheld += kUnit) {
      Placed found =
          by_count(in.address, remaining - withheld, in.bytes, in.alignment);
      found.remaining += static_cast<unsigned>(withheld);
      if (found.fits && found != in.right) return false;
    }
    return !by_count(in.address, 0, in.bytes, in.alignment).fits;
  });
}

TEST(Placement8Bits, WithholdGrantsTheMostThatIsCongruent) {
  for (int remaining = 0; remaining != kWords; ++remaining) {
    for (int granted = 0; granted <= remaining; ++granted) {
      int right = granted;
      while (right > 0 && (remaining - right) % kUnit != 0) --right;
      ASSERT_EQ(detail::withhold(word(remaining), word(granted)), right)
          << granted << " of " << remaining;
    }
  }
}

TEST(Placement8Bits, PowersOfTwoAreToldFromAllOthers) {
  for (int value = 0; value != kWords; ++value) {
    const bool power = placement::is_power(static_cast<unsigned>(value), 8);
    EXPECT_EQ(detail::is_power_of_two(word(value)), power) << value;
    EXPECT_EQ(detail::is_inline_alignment(word(value)), power && value <= kUnit)
        << value;
  }
}

TEST(Placement8Bits, RoundingIsToTheNearestMultiple) {
  for (int value = 0; value != kWords; ++value) {
    for (int alignment = 1; alignment <= 128; alignment *= 2) {
      const int up = placement::first_multiple(value, alignment);
      int down = value;
      while (down % alignment != 0) --down;
      ASSERT_EQ(detail::round_up(word(value), word(alignment)), word(up));
      ASSERT_EQ(detail::round_down(word(value), word(alignment)), down);
      ASSERT_EQ(detail::gap_to(word(value), word(alignment)), up - value);
    }
  }
}

TEST(Placement8Bits, NoBytesAreServedAsOne) {
  for (int bytes = 0; bytes != kWords; ++bytes) {
    ASSERT_EQ(detail::served_bytes(word(bytes)), bytes == 0 ? 1 : bytes);
  }
}

TEST(Placement8Bits, MoreThanAQuarterBlockIsDedicated) {
  for (int block = 0; block != kWords; ++block) {
    for (int bytes = 0; bytes != kWords; ++bytes) {
      ASSERT_EQ(detail::is_dedicated(word(bytes), word(block)),
                4 * bytes > block)
          << bytes << " of " << block;
    }
  }
}

// All counts at once: what is left after each of them, request for request.
TEST(Placement8Bits, ManyAreAsOneAfterTheOther) {
  for (int start = 0; start != kWords; ++start) {
    for (int bytes = 1; bytes != kWords; ++bytes) {
      for (int alignment = 1; alignment <= kUnit; alignment *= 2) {
        int fit = 0;
        int left = start;
        for (int count = 0; count != kWords; ++count) {
          if (count != 0 && fit == count - 1) {
            const int first = kWords - left;
            const Placed next =
                placement::at(placement::first_multiple(first, alignment),
                              first, kWords, bytes);
            fit += next.fits ? 1 : 0;
            if (next.fits) left = static_cast<int>(next.remaining);
          }
          Byte remaining = word(start);
          const int found = detail::bump_many(&remaining, word(count),
                                              word(bytes), word(alignment));
          if (found != fit || remaining != left) {
            FAIL() << count << " times " << bytes << " bytes at a multiple of "
                   << alignment << " of " << start;
          }
        }
      }
    }
  }
}

// Returns where the head of a block is to be, or -1 if there is no room.
int place_of_head(int first, int end, int head, int bytes, int alignment) {
  int place = first;
  while (place % kUnit != 0 || (place + head) % alignment != 0) ++place;
  return place + head + bytes <= end ? place : -1;
}

TEST(Placement8Bits, ABlockIsCarvedAtTheFirstPlaceForItsHead) {
  constexpr int kHead = 16;
  for (int first = 0; first < kWords; first += kUnit) {
    for (int end = first; end <= kWords && end - first < kWords; end += kUnit) {
      for (int alignment = 1; alignment <= 128; alignment *= 2) {
        for (int bytes = 0; bytes != kWords; ++bytes) {
          Byte room = word(end - first);
          Byte gap = 0;
          const bool fits =
              detail::carve_off(word(first), &room, word(kHead), word(bytes),
                                word(alignment), &gap);
          const int place = place_of_head(first, end, kHead, bytes, alignment);
          ASSERT_EQ(fits, place >= 0) << bytes << " at " << alignment << " in "
                                      << first << " to " << end;
          if (!fits) {
            ASSERT_EQ(room, end - first);
            continue;
          }
          const int free =
              placement::first_multiple(place + kHead + bytes, kUnit);
          ASSERT_EQ(first + gap, place);
          ASSERT_EQ(room, end - free);
        }
      }
    }
  }
}

// Returns the least multiple of the unit in which a block finds its place
// wherever a slab of that many bytes starts.
int least_slab(int slab_head, int block_head, int bytes, int alignment) {
  int least = 0;
  while (true) {
    bool enough = true;
    for (int start = 0; start < kWords && enough; start += kUnit) {
      const int first = placement::first_multiple(start + slab_head, kUnit);
      enough = place_of_head(first, start + least, block_head, bytes,
                             alignment) >= 0;
    }
    if (enough) return least;
    least += kUnit;
  }
}

TEST(Placement8Bits, ASlabIsAsSmallAsCanBeForABlockAnywhere) {
  constexpr int kBlockHead = 16;
  constexpr int kObjectMax = 127;
  for (const int slab_head : {1, 8, 16, 24, 32}) {
    for (int alignment = 1; alignment <= 128; alignment *= 2) {
      for (int bytes = 0; bytes != kWords; ++bytes) {
        const int least = least_slab(slab_head, kBlockHead, bytes, alignment);
        ASSERT_EQ(detail::slab_bytes_for(word(slab_head), word(kBlockHead),
                                         word(bytes), word(alignment)),
                  least <= kObjectMax ? least : 0)
            << bytes << " at " << alignment << " behind " << slab_head;
      }
    }
  }
}

}  // namespace
