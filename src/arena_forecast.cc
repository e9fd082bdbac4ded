// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/arena_forecast.h"

#include <algorithm>
#include <cstdint>

#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/detail/failure.h"
#include "bitcoinleveldb/detail/placement.h"
#include "slabs.h"
#include "without_throwing.h"

namespace bitcoinleveldb {

namespace {

using detail::ArenaInsider;
using detail::ArenaRecord;
using detail::bump_many;

// No sum of objects is larger than this.
constexpr std::size_t kUsageMax = PTRDIFF_MAX;

std::size_t count_of(const std::vector<BlockRun>& runs, bool dedicated_only) {
  std::size_t count = 0;
  for (const BlockRun& run : runs) {
    if (run.dedicated || !dedicated_only) count += run.count;
  }
  return count;
}

}  // namespace

ArenaForecast::ArenaForecast(const Arena& arena) noexcept
    : start_(state_of(arena)),
      usage_(start_.usage),
      remaining_(start_.remaining) {}

ArenaForecast::State ArenaForecast::state_of(const Arena& arena) noexcept {
  const ArenaRecord* const record = ArenaInsider::record(arena);
  const std::size_t block_bytes = record == nullptr
                                      ? default_arena_options().block_bytes
                                      : record->block_bytes;
  return {block_bytes, arena.memory_usage(), ArenaInsider::remaining(arena)};
}

bool ArenaForecast::starts_from(const Arena& arena) const noexcept {
  const State state = state_of(arena);
  return state.block_bytes == start_.block_bytes &&
         state.usage == start_.usage && state.remaining == start_.remaining;
}

ArenaForecast& ArenaForecast::add_many(std::size_t count, std::size_t bytes,
                                       std::size_t alignment) {
  if (!ArenaInsider::is_inline(alignment)) {
    detail::fail_invalid_value("ArenaForecast: alignment", alignment,
                               "powers of two up to 16");
  }
  bytes = detail::served_bytes(bytes);
  std::size_t remaining = remaining_;
  const std::size_t left =
      count - bump_many(&remaining, count, bytes, alignment);
  if (left != 0 && detail::is_dedicated(bytes, start_.block_bytes)) {
    take(bytes, left, true);
  } else if (left != 0) {
    std::size_t rest = start_.block_bytes;
    // A quarter fits, whatever the alignment, so this is at least 1 anyway.
    const std::size_t each = std::max<std::size_t>(
        bump_many(&rest, std::size_t{SIZE_MAX}, bytes, alignment), 1);
    const std::size_t blocks = (left - 1) / each + 1;
    take(start_.block_bytes, blocks, false);
    remaining = start_.block_bytes;
    bump_many(&remaining, left - (blocks - 1) * each, bytes, alignment);
  }
  remaining_ = remaining;
  return *this;
}

void ArenaForecast::take(std::size_t bytes, std::size_t count, bool dedicated) {
  if (bytes > kUsageMax - sizeof(char*) ||
      count > (kUsageMax - usage_) / (bytes + sizeof(char*))) {
    detail::fail_exhausted(bytes);
  }
  if (!blocks_.empty() && blocks_.back().bytes == bytes &&
      blocks_.back().dedicated == dedicated) {
    blocks_.back().count += count;
  } else {
    blocks_.push_back({bytes, count, dedicated});
  }
  usage_ += count * (bytes + sizeof(char*));
}

std::size_t ArenaForecast::block_count() const noexcept {
  return count_of(blocks_, false);
}

std::size_t ArenaForecast::dedicated_count() const noexcept {
  return count_of(blocks_, true);
}

void reserve(Arena& arena, const ArenaForecast& forecast) {
  if (!forecast.starts_from(arena)) {
    detail::fail_invalid(
        "reserve: the arena has changed since the forecast was made");
  }
  const std::vector<BlockRun>& blocks = forecast.blocks();
  if (!ArenaInsider::reserve(arena, blocks.data(), blocks.size())) {
    detail::fail_exhausted(forecast.usage() - arena.memory_usage());
  }
}

bool try_reserve(Arena& arena, const ArenaForecast& forecast) noexcept {
  if (!forecast.starts_from(arena)) return false;
  const std::vector<BlockRun>& blocks = forecast.blocks();
  return detail::without_throwing([&arena, &blocks] {
    return ArenaInsider::reserve(arena, blocks.data(), blocks.size());
  });
}

}  // namespace bitcoinleveldb
