// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "trace_rules.h"

namespace bitcoinleveldb::detail {

namespace {

const char* check_request(const TraceEvent& event) noexcept {
  if (event.bytes == 0) return "a request of 0 bytes";
  const std::uint64_t alignment = event.alignment;
  if (alignment == 0 || (alignment & (alignment - 1)) != 0) {
    return "an alignment that is no power of two";
  }
  return nullptr;
}

}  // namespace

TraceRules::LiveArena* TraceRules::find(std::uint64_t arena) noexcept {
  if (arena == last_number_ && last_found_ != nullptr) return last_found_;
  const auto found = live_.find(arena);
  if (found == live_.end()) return nullptr;
  last_number_ = arena;
  last_found_ = &found->second;
  return last_found_;
}

const char* TraceRules::take(const TraceEvent& event) {
  if (event.thread == 0 || event.thread > threads_ + 1) {
    return "a thread whose number is not the next";
  }
  const char* problem = nullptr;
  if (event.op == TraceOp::kArenaMade) {
    problem = take_made(event);
  } else if (event.arena == 0 && event.op == TraceOp::kOutOfMemory) {
    problem = check_request(event);
  } else {
    LiveArena* const arena = find(event.arena);
    problem = arena == nullptr ? "an arena that was not made or has ended"
                               : take_in(*arena, event);
  }
  if (problem == nullptr && event.thread > threads_) threads_ = event.thread;
  return problem;
}

const char* TraceRules::take_made(const TraceEvent& event) {
  if (event.arena != arenas_ + 1) {
    return "an arena that is made and whose number is not the next";
  }
  if (event.bytes == 0) return "an arena whose blocks have 0 bytes";
  live_[event.arena].is_partial = event.is_partial;
  arenas_ = event.arena;
  return nullptr;
}

const char* TraceRules::take_in(LiveArena& arena, const TraceEvent& event) {
  switch (event.op) {
    case TraceOp::kAllocated:
    case TraceOp::kOutOfMemory:
      return check_request(event);
    case TraceOp::kResized:
      return event.bytes == 0 || event.old_bytes == 0
                 ? "an allocation that had or has 0 bytes"
                 : nullptr;
    case TraceOp::kScopeBegun:
      ++arena.scopes;
      return nullptr;
    case TraceOp::kScopeRewound:
    case TraceOp::kScopeEnded:
      if (arena.scopes == 0 && !arena.is_partial) {
        return "a scope that has not begun";
      }
      if (event.op == TraceOp::kScopeEnded && arena.scopes != 0) --arena.scopes;
      return nullptr;
    case TraceOp::kReset:
      return nullptr;
    case TraceOp::kArenaEnded:
      live_.erase(event.arena);
      last_found_ = nullptr;
      return nullptr;
    case TraceOp::kArenaMade:
      break;
  }
  return "an event of no kind that there is";
}

}  // namespace bitcoinleveldb::detail
