// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The arithmetic of placement, over any unsigned word: where a request comes to
// lie and what remains behind it. Everything that places calls it, the inlined
// bump, the cold path, cursors, forecasts and the carving of blocks, so that
// there is one piece to prove. The proof (tests/placement) tries every input of
// 8 bits, and the edges of 32 and 64.

#ifndef BITCOINLEVELDB_DETAIL_PLACEMENT_H_
#define BITCOINLEVELDB_DETAIL_PLACEMENT_H_

#include <cstdint>
#include <limits>
#include <type_traits>

namespace bitcoinleveldb::detail {

// Blocks and slabs start and end on multiples of this.
inline constexpr unsigned char kPlacementUnit = 16;

/// Returns whether `value` is a power of two.
template <class Word>
constexpr bool is_power_of_two(Word value) noexcept {
  static_assert(std::is_unsigned_v<Word>);
  return value != 0 && (value & (value - 1)) == 0;
}

/// Returns whether `alignment` is a power of two up to the unit, for which the
/// remaining count alone says where a request comes to lie.
template <class Word>
constexpr bool is_inline_alignment(Word alignment) noexcept {
  return static_cast<Word>(alignment - 1) < kPlacementUnit &&
         (alignment & (alignment - 1)) == 0;
}

/// Returns `value` brought down, or up, to a multiple of `alignment`. Going up
/// wraps to 0 where there is no such multiple.
/// REQUIRES: here and below, `alignment` is a power of two.
template <class Word>
constexpr Word round_down(Word value, Word alignment) noexcept {
  return static_cast<Word>(value & (0 - alignment));
}
template <class Word>
constexpr Word round_up(Word value, Word alignment) noexcept {
  return round_down(static_cast<Word>(value + (alignment - 1)), alignment);
}

/// Returns the first multiple of `alignment` from `place` on, which is a
/// pointer, or in the proof a word.
template <class Place, class Word>
constexpr Place align_up(Place place, Word alignment) noexcept {
  if constexpr (std::is_pointer_v<Place>) {
    const auto address = reinterpret_cast<std::uintptr_t>(place);
    // NOLINTNEXTLINE(performance-no-int-to-ptr): a sum would be longer.
    return reinterpret_cast<Place>(
        round_up<std::uintptr_t>(address, alignment));
  } else {
    return round_up(place, alignment);
  }
}

/// Returns the bytes from `address` to the next multiple of `alignment`.
template <class Word>
constexpr Word gap_to(Word address, Word alignment) noexcept {
  return static_cast<Word>((0 - address) & (alignment - 1));
}

/// Returns the bytes a request for `bytes` is served with (D2).
template <class Word>
constexpr Word served_bytes(Word bytes) noexcept {
  return bytes < 1 ? Word{1} : bytes;
}

/// Returns whether a request that does not fit gets a dedicated block: a
/// standard one would leave too long a tail behind (P2, P3).
template <class Word>
constexpr bool is_dedicated(Word bytes, Word block_bytes) noexcept {
  return bytes > block_bytes / 4;
}

/// Bumps a request off a block of which `*remaining` bytes remain from `*place`
/// on; false if slop and bytes do not fit, or if `bytes` is 0. The block ends
/// on a multiple of the unit, so the slop is what exceeds a multiple of the
/// alignment in the count, and one comparison settles all, an overflow of the
/// sum included (P1, P4, D1, D2). The place is rounded by itself, though the
/// count would say the slop: so the two, which lie in memory, do not wait for
/// each other, and processors forward each from the call before.
/// REQUIRES: `is_inline_alignment(alignment)`; `*remaining` is what really
/// remains, or withheld.
template <class Place, class Word>
constexpr bool bump_by_count(Place* place, Word* remaining, Word bytes,
                             Word alignment, Place* result) noexcept {
  const Word room = round_down(*remaining, alignment);
  if (static_cast<Word>(bytes - 1) >= room) return false;
  *result = align_up(*place, alignment);
  *place = static_cast<Place>(*result + bytes);
  *remaining = static_cast<Word>(room - bytes);
  return true;
}

/// As above, but says the slop, counts it from `address`, for any alignment,
/// and takes 0 bytes for what they are.
/// REQUIRES: `*remaining` is what really remains.
template <class Word>
constexpr bool bump_by_address(Word address, Word* remaining, Word bytes,
                               Word alignment, Word* slop) noexcept {
  const Word gap = gap_to(address, alignment);
  const Word before = *remaining;
  if (gap > before || bytes > static_cast<Word>(before - gap)) return false;
  *slop = gap;
  *remaining = static_cast<Word>(before - gap - bytes);
  return true;
}

/// Bumps as many of `count` requests as fit, one after the other, and returns
/// how many: all but the last take their bytes rounded up.
/// REQUIRES: as `bump_by_count`; `bytes` is not 0.
template <class Word>
constexpr Word bump_many(Word* remaining, Word count, Word bytes,
                         Word alignment) noexcept {
  const Word room = round_down(*remaining, alignment);
  if (count == 0 || bytes > room) return 0;
  const Word stride = round_up(bytes, alignment);
  const auto fit = static_cast<Word>((room - bytes) / stride);
  const Word before_last = count - 1 < fit ? static_cast<Word>(count - 1) : fit;
  *remaining = static_cast<Word>(room - before_last * stride - bytes);
  return static_cast<Word>(before_last + 1);
}

/// Returns the count that grants at most `granted` of the bytes that remain.
/// What it withholds is a multiple of the unit, or all, so that the slop stays
/// what the count says.
/// REQUIRES: `granted <= remaining`.
template <class Word>
constexpr Word withhold(Word remaining, Word granted) noexcept {
  const auto congruent = static_cast<Word>(remaining % kPlacementUnit);
  if (granted < congruent) return 0;
  return static_cast<Word>(granted - (granted - congruent) % kPlacementUnit);
}

/// Carves a block off a slab of which `*room` bytes from `address` on are free:
/// says what gap lies before its head of `head` bytes, so that its first byte,
/// behind the head, is at a multiple of `alignment`; false if there is no room.
/// REQUIRES: `address`, `*room` and `head` are multiples of the unit, and
/// `address + *room` does not wrap.
template <class Word>
constexpr bool carve_off(Word address, Word* room, Word head, Word bytes,
                         Word alignment, Word* gap) noexcept {
  if (*room < head) return false;
  auto remaining = static_cast<Word>(*room - head);
  const auto start = static_cast<Word>(address + head);
  if (!bump_by_address(start, &remaining, bytes, alignment, gap)) return false;
  *room = round_down(remaining, Word{kPlacementUnit});
  return true;
}

/// Returns the bytes of the least slab, a multiple of the unit, in which a
/// block can be carved behind `slab_head` bytes wherever it starts; 0 if no
/// object can be that large.
/// REQUIRES: the heads are a small part of what a word can count.
template <class Word>
constexpr Word slab_bytes_for(Word slab_head, Word block_head, Word bytes,
                              Word alignment) noexcept {
  constexpr auto kObjectMax =
      static_cast<Word>(std::numeric_limits<Word>::max() / 2);
  constexpr Word kUnit = kPlacementUnit;
  const Word gap =
      alignment > kUnit ? static_cast<Word>(alignment - kUnit) : Word{0};
  const auto fixed =
      static_cast<Word>(round_up(slab_head, kUnit) + block_head + (kUnit - 1));
  const auto most = static_cast<Word>(kObjectMax - fixed);
  if (gap > most || bytes > static_cast<Word>(most - gap)) return 0;
  return round_down(static_cast<Word>(fixed + gap + bytes), kUnit);
}

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_DETAIL_PLACEMENT_H_
