// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "traces/trace_summary.h"

#include <algorithm>
#include <bit>

namespace arenatest {

using bitcoinleveldb::TraceEvent;
using bitcoinleveldb::TraceOp;

namespace {

// Returns nothing if there are none.
std::optional<Range> range_of(std::vector<std::uint64_t> values) {
  if (values.empty()) return std::nullopt;
  std::ranges::sort(values);
  return Range{values.front(), values[(values.size() - 1) / 2], values.back()};
}

}  // namespace

void TraceSummary::add(const TraceEvent& event) {
  ++events_[static_cast<std::size_t>(event.op)];
  ++threads_[event.thread];
  nanoseconds_ = event.nanoseconds;
  if (event.op == TraceOp::kArenaMade) {
    ++block_bytes_[event.bytes];
    alive_[event.arena].made = event.nanoseconds;
  } else if (event.op == TraceOp::kAllocated) {
    Life& life = alive_[event.arena];
    for (Sizes* const sizes :
         {&sizes_[static_cast<std::size_t>(std::bit_width(event.bytes)) - 1],
          &alignments_[event.alignment]}) {
      ++sizes->allocations;
      sizes->bytes += event.bytes;
    }
    ++life.allocations;
    life.bytes += event.bytes;
  } else if (event.op == TraceOp::kArenaEnded) {
    const auto found = alive_.find(event.arena);
    end(found->second, event.nanoseconds);
    alive_.erase(found);
  }
}

void TraceSummary::end(const Life& life, std::uint64_t at) {
  allocations_.push_back(life.allocations);
  bytes_.push_back(life.bytes);
  lifetimes_.push_back(at - life.made);
}

std::optional<Range> TraceSummary::allocations_of_arenas() const {
  std::vector<std::uint64_t> all = allocations_;
  for (const auto& [number, life] : alive_) all.push_back(life.allocations);
  return range_of(std::move(all));
}

std::optional<Range> TraceSummary::bytes_of_arenas() const {
  std::vector<std::uint64_t> all = bytes_;
  for (const auto& [number, life] : alive_) all.push_back(life.bytes);
  return range_of(std::move(all));
}

std::optional<Range> TraceSummary::lifetimes() const {
  if (nanoseconds_ == 0) return std::nullopt;
  return range_of(lifetimes_);
}

}  // namespace arenatest
