// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/trace_recorder.h"

#include <cstdio>

#include "of_one_process.h"
#include "trace_recording.h"

namespace bitcoinleveldb {

using detail::Recording;

namespace {

TraceEvent event_of(TraceOp op) noexcept {
  TraceEvent event;
  event.op = op;
  return event;
}

TraceEvent request_of(TraceOp op, std::size_t bytes,
                      std::size_t alignment) noexcept {
  TraceEvent event = event_of(op);
  event.bytes = bytes;
  event.alignment = alignment;
  return event;
}

TraceEvent giving_back(TraceOp op, std::size_t keep_bytes) noexcept {
  TraceEvent event = event_of(op);
  event.keep_bytes = keep_bytes == SIZE_MAX ? UINT64_MAX : keep_bytes;
  return event;
}

}  // namespace

class TraceRecorder::State {
 public:
  detail::OfOneProcess<Recording> recording;
};

TraceRecorder::TraceRecorder()
    : ArenaObserver(ArenaInterest::none()), state_(std::make_unique<State>()) {}

TraceRecorder::~TraceRecorder() { (void)stop(); }

bool TraceRecorder::start(const std::string& path,
                          const TraceWriterOptions& options) {
  (void)stop();
  Recording& recording = state_->recording.here();
  const std::lock_guard lock(recording.mutex);
  if (!recording.start(path, options)) return false;
  // Relaxed, here and below: whoever sees it takes the lock next.
  is_recording_.store(true, std::memory_order_relaxed);
  set_interest(ArenaInterest::all());
  return true;
}

bool TraceRecorder::stop() noexcept {
  set_interest(ArenaInterest::none());
  is_recording_.store(false, std::memory_order_relaxed);
  Recording* const recording = state_->recording.get();
  if (recording == nullptr) return false;
  const std::lock_guard lock(recording->mutex);
  return recording->output.close();
}

bool TraceRecorder::flush() noexcept {
  if (!is_recording()) return false;
  Recording* const recording = state_->recording.get();
  const std::lock_guard lock(recording->mutex);
  if (recording->output.flush()) return true;
  fail();
  return false;
}

bool TraceRecorder::is_recording() const noexcept {
  return is_recording_.load(std::memory_order_relaxed) &&
         state_->recording.get() != nullptr;
}

TraceTotals TraceRecorder::totals() const noexcept {
  Recording* const recording = state_->recording.get();
  if (recording == nullptr) return {};
  const std::lock_guard lock(recording->mutex);
  return recording->output.totals();
}

std::string TraceRecorder::error() const {
  Recording* const recording = state_->recording.get();
  if (recording == nullptr) return "the process is the child of a fork";
  const std::lock_guard lock(recording->mutex);
  return recording->output.error();
}

void TraceRecorder::fail() noexcept {
  if (!is_recording_.exchange(false, std::memory_order_relaxed)) return;
  set_interest(ArenaInterest::none());
  detail::TraceOutput& output = state_->recording.get()->output;
  output.give_up("no memory is left to record with");
  std::fprintf(stderr, "bitcoinleveldb-arena: recording has ended: %s\n",
               output.error().c_str());
}

void TraceRecorder::record(const ObservedArena& arena,
                           const TraceEvent& event) noexcept {
  if (!is_recording_.load(std::memory_order_relaxed)) return;
  Recording* const recording = state_->recording.get();
  if (recording == nullptr) {
    // The child of a fork: there is nothing to be seen for it.
    set_interest(ArenaInterest::none());
    return;
  }
  const std::lock_guard lock(recording->mutex);
  if (!recording->output.is_writing()) return;
  if (!recording->write(arena, event)) fail();
}

void TraceRecorder::attached(const ObservedArena& arena, bool is_new) noexcept {
  TraceEvent event = event_of(TraceOp::kArenaMade);
  event.is_partial = !is_new;
  record(arena, event);
}

void TraceRecorder::allocated(const ObservedArena& arena,
                              const ObservedAllocation& allocation) noexcept {
  record(arena, request_of(TraceOp::kAllocated, allocation.bytes,
                           allocation.alignment));
}

void TraceRecorder::resized(const ObservedArena& arena, const char* /*ptr*/,
                            std::size_t old_bytes,
                            std::size_t new_bytes) noexcept {
  TraceEvent event = event_of(TraceOp::kResized);
  event.old_bytes = old_bytes;
  event.bytes = new_bytes;
  record(arena, event);
}

void TraceRecorder::scope_begun(const ObservedArena& arena) noexcept {
  record(arena, event_of(TraceOp::kScopeBegun));
}

void TraceRecorder::scope_rewinding(const ObservedArena& arena,
                                    std::size_t /*usage_before*/,
                                    std::size_t keep_bytes) noexcept {
  record(arena, giving_back(TraceOp::kScopeRewound, keep_bytes));
}

void TraceRecorder::scope_ended(const ObservedArena& arena) noexcept {
  record(arena, event_of(TraceOp::kScopeEnded));
}

void TraceRecorder::resetting(const ObservedArena& arena,
                              std::size_t keep_bytes) noexcept {
  record(arena, giving_back(TraceOp::kReset, keep_bytes));
}

void TraceRecorder::ending(const ObservedArena& arena) noexcept {
  record(arena, event_of(TraceOp::kArenaEnded));
}

void TraceRecorder::out_of_memory(const ObservedArena& arena, std::size_t bytes,
                                  std::size_t alignment) noexcept {
  record(arena, request_of(TraceOp::kOutOfMemory, bytes, alignment));
}

}  // namespace bitcoinleveldb
