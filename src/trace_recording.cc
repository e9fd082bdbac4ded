// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "trace_recording.h"

#include <atomic>

#include "without_throwing.h"

namespace bitcoinleveldb::detail {

namespace {

// To ask what time it is costs as much as all else here, so not every event
// does.
constexpr unsigned kEventsATime = 64;

// Returns a number that no other thread of the process ever has.
std::uint64_t this_thread() noexcept {
  static std::atomic<std::uint64_t> threads{0};
  // Relaxed: the number stands for itself.
  thread_local const std::uint64_t number =
      threads.fetch_add(1, std::memory_order_relaxed) + 1;
  return number;
}

}  // namespace

bool Recording::start(const std::string& path,
                      const TraceWriterOptions& options) {
  arenas_.clear();
  threads_.clear();
  arenas_made_ = 0;
  last_arena_ = nullptr;
  last_thread_ = 0;
  events_since_time_ = 0;
  start_ = std::chrono::steady_clock::now();
  return output.open(path, options);
}

bool Recording::write(const ObservedArena& arena,
                      const TraceEvent& event) noexcept {
  return without_throwing([&] { return put(arena, event); });
}

bool Recording::put(const ObservedArena& arena, TraceEvent event) {
  if (event.op == TraceOp::kArenaMade) return put_made(arena, event.is_partial);
  set_thread(event);
  set_time(event);
  // An arena that never had memory has no number.
  if (arena.number == 0) return output.write(event);
  RecordedArena* recorded = find(arena.number);
  if (recorded == nullptr) {
    // It was attached before recording began.
    if (!put_made(arena, true)) return false;
    recorded = find(arena.number);
  }
  event.arena = recorded->number;
  if (event.op == TraceOp::kArenaEnded) {
    arenas_.erase(arena.number);
    last_arena_ = nullptr;
    return output.write(event);
  }
  return put_known(*recorded, event);
}

bool Recording::put_known(RecordedArena& recorded, TraceEvent event) {
  // In an arena that is not partial, a scope that began before it was attached
  // began when it was empty, and after the rewinding it is so again.
  const bool has_begun = recorded.scopes != 0 || recorded.is_partial;
  if (event.op == TraceOp::kScopeBegun) ++recorded.scopes;
  if (event.op == TraceOp::kScopeRewound && !has_begun) {
    event.op = TraceOp::kReset;
  }
  if (event.op == TraceOp::kScopeEnded) {
    if (!has_begun) return true;
    if (recorded.scopes != 0) --recorded.scopes;
  }
  return output.write(event);
}

bool Recording::put_made(const ObservedArena& arena, bool is_partial) {
  RecordedArena& made = arenas_[arena.number];
  made = {++arenas_made_, is_partial, 0};
  last_arena_ = &made;
  last_observed_ = arena.number;
  TraceEvent event;
  event.op = TraceOp::kArenaMade;
  event.arena = made.number;
  event.bytes = arena.block_bytes;
  event.is_partial = is_partial;
  set_thread(event);
  set_time(event);
  return output.write(event);
}

Recording::RecordedArena* Recording::find(std::uint64_t observed) noexcept {
  if (last_arena_ != nullptr && last_observed_ == observed) return last_arena_;
  const auto found = arenas_.find(observed);
  if (found == arenas_.end()) return nullptr;
  last_arena_ = &found->second;
  last_observed_ = observed;
  return last_arena_;
}

void Recording::set_thread(TraceEvent& event) {
  const std::uint64_t thread = this_thread();
  if (thread != last_thread_) {
    last_thread_number_ =
        threads_.try_emplace(thread, threads_.size() + 1).first->second;
    last_thread_ = thread;
  }
  event.thread = last_thread_number_;
}

// What happens seldom has its time, and so has any event now and then.
void Recording::set_time(TraceEvent& event) noexcept {
  const bool is_frequent =
      event.op == TraceOp::kAllocated || event.op == TraceOp::kResized;
  if (is_frequent && ++events_since_time_ < kEventsATime) return;
  events_since_time_ = 0;
  event.nanoseconds = static_cast<std::uint64_t>(
      std::chrono::nanoseconds(std::chrono::steady_clock::now() - start_)
          .count());
}

}  // namespace bitcoinleveldb::detail
