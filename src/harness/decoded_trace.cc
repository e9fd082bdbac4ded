// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/decoded_trace.h"

#include <algorithm>
#include <bit>
#include <string>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/detail/failure.h"

namespace bitcoinleveldb {

namespace {

// LevelDB's arena serves what is more with memory that is not there (D1).
bool is_of_an_object(std::uint64_t bytes) { return bytes <= PTRDIFF_MAX; }
bool is_addressable(std::uint64_t alignment) { return alignment <= SIZE_MAX; }

}  // namespace

DecodedTrace::DecodedTrace(
    TraceReader& reader,
    const std::function<void(const TraceEvent& event)>& seen) {
  TraceEvent event;
  while (reader.next(event)) {
    add(event);
    if (seen) seen(event);
  }
  end_ = reader.end();
  // A copy, because the standard library shrinks nothing without exceptions.
  words_ = std::vector<std::uint64_t>(words_.begin(), words_.end());
  alive_.clear();
  free_slots_ = {};
}

void DecodedTrace::add(const TraceEvent& event) {
  ++counts_.events;
  counts_.threads = std::max(counts_.threads, event.thread);
  if (event.op == TraceOp::kOutOfMemory) {
    ++counts_.failures;
    push(event, 0);
    return;
  }
  if (event.op == TraceOp::kArenaMade) make_arena(event);
  const auto found = alive_.find(event.arena);
  if (found == alive_.end()) {
    detail::fail_invalid("a trace has an event of an arena that was not made");
  }
  if (!is_of_an_object(event.bytes) || !is_of_an_object(event.old_bytes) ||
      !is_addressable(event.alignment)) {
    detail::fail_invalid(
        "a trace has an allocation that no object of this machine can fill");
  }
  if (notice(event, found->second)) push(event, found->second.slot);
  if (event.op == TraceOp::kArenaEnded) {
    free_slots_.push_back(found->second.slot);
    alive_.erase(found);
  }
}

void DecodedTrace::make_arena(const TraceEvent& event) {
  ArenaOptions options;
  options.block_bytes = static_cast<std::size_t>(event.bytes);
  if (options.block_bytes != event.bytes ||
      !detail::ArenaInsider::allows(options)) {
    const std::string message =
        "arena " + std::to_string(event.arena) + " of a trace has blocks of " +
        std::to_string(event.bytes) +
        " bytes; allowed are multiples of 16 from 64 to 2^30";
    detail::fail_invalid(message.c_str());
  }
  if (free_slots_.empty()) {
    if (slots_ == kSlots) {
      detail::fail_invalid(
          "a trace has more than 4,194,304 arenas alive at once");
    }
    free_slots_.push_back(static_cast<std::uint32_t>(slots_++));
  }
  alive_[event.arena] = {free_slots_.back(), arenas_.size(), 0};
  free_slots_.pop_back();
  arenas_.push_back({options.block_bytes, event.is_partial});
  ++counts_.arenas;
  if (event.is_partial) ++counts_.partial_arenas;
  counts_.arenas_at_once =
      std::max<std::uint64_t>(counts_.arenas_at_once, alive_.size());
}

// Counts the event, and returns whether it is one to replay.
bool DecodedTrace::notice(const TraceEvent& event, Alive& arena) {
  TracedArena& traced = arenas_[arena.index];
  switch (event.op) {
    case TraceOp::kAllocated:
      ++counts_.allocations;
      counts_.bytes += std::min(event.bytes, UINT64_MAX - counts_.bytes);
      if (event.alignment != 1 && event.alignment != Arena::kAlignment) {
        traced.has_other_alignments = true;
      }
      return true;
    case TraceOp::kResized:
      ++counts_.resizes;
      traced.has_resizes = true;
      return true;
    case TraceOp::kScopeBegun:
      ++counts_.scopes;
      ++arena.scopes;
      traced.has_scopes = true;
      return true;
    case TraceOp::kScopeRewound:
    case TraceOp::kScopeEnded:
      traced.has_scopes = true;
      if (arena.scopes == 0) {
        ++counts_.scopes_cut;
        return false;
      }
      if (event.op == TraceOp::kScopeRewound) {
        ++counts_.rewinds;
      } else {
        --arena.scopes;
      }
      return true;
    case TraceOp::kReset:
      ++counts_.resets;
      arena.scopes = 0;
      return true;
    case TraceOp::kArenaEnded:
      ++counts_.arenas_ended;
      return true;
    case TraceOp::kArenaMade:
    case TraceOp::kOutOfMemory:
      return true;
  }
  return false;
}

void DecodedTrace::push(const TraceEvent& event, std::uint32_t slot) {
  const std::uint64_t bytes = std::min(event.bytes, kBytesFollow);
  const auto shift = static_cast<std::uint64_t>(
      std::countr_zero(event.alignment | 1ULL << 63U));
  words_.push_back(static_cast<std::uint64_t>(event.op) |
                   shift << kAlignmentShift |
                   std::uint64_t{slot} << kSlotShift | bytes << kBytesShift);
  if (bytes == kBytesFollow) words_.push_back(event.bytes);
  if (event.op == TraceOp::kResized) {
    words_.push_back(event.old_bytes);
  } else if (has_keep_bytes(event.op)) {
    words_.push_back(event.keep_bytes);
  }
}

}  // namespace bitcoinleveldb
