// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "trace_encoder.h"

namespace bitcoinleveldb::detail {

namespace {

unsigned shift_of(std::uint64_t alignment) noexcept {
  unsigned shift = 0;
  while (alignment >> shift != 1) ++shift;
  return shift;
}

}  // namespace

TraceEncoder::TraceEncoder(std::size_t group_bytes)
    : group_bytes_(group_bytes),
      memory_(new unsigned char[kGroupHeaderBytes + group_bytes +
                                kRecordBytesMax]) {}

const char* TraceEncoder::add(const TraceEvent& event) {
  if (const char* const problem = rules_.take(event)) return problem;
  if (event.nanoseconds > now_) {
    if (!is_empty()) {
      put_code(TraceCode::kTime);
      put_number(event.nanoseconds - now_);
    }
    now_ = event.nanoseconds;
  }
  if (is_empty()) group_.nanoseconds = now_;
  put_context(event);
  put_event(event);
  ++group_.events;
  return nullptr;
}

// Seven bits in a byte, the low ones first; the top bit says that more follow.
void TraceEncoder::put_number(std::uint64_t value) noexcept {
  while (value >= 0x80U) {
    put_byte(static_cast<unsigned>(value & 0x7FU) | 0x80U);
    value >>= 7U;
  }
  put_byte(static_cast<unsigned>(value));
}

void TraceEncoder::put_context(const TraceEvent& event) noexcept {
  if (event.thread != thread_) {
    thread_ = event.thread;
    put_code(TraceCode::kThread);
    put_number(event.thread);
  }
  // A record of an arena that is made says its number itself, and one of an
  // arena that has none is not of the last one.
  if (event.arena == arena_ || event.arena == 0) return;
  arena_ = event.arena;
  if (event.op == TraceOp::kArenaMade) return;
  put_code(TraceCode::kArena);
  put_number(event.arena);
}

void TraceEncoder::put_short(TraceCode code, std::uint64_t bytes) noexcept {
  const auto rest = static_cast<unsigned>(bytes - 1);
  put_byte(static_cast<unsigned>(code) | (rest >> 8U));
  put_byte(rest & 0xFFU);
}

void TraceEncoder::put_request(TraceCode code,
                               const TraceEvent& event) noexcept {
  put_code(code);
  put_byte(shift_of(event.alignment));
  put_number(event.bytes);
}

// LevelDB's memtable asks for an entry, packed, and a node of a multiple of 8
// bytes, by turns: two bytes and one.
void TraceEncoder::put_allocation(const TraceEvent& event) noexcept {
  ++allocations_;
  const bool is_short = event.bytes <= kShortBytesMax;
  if (event.alignment == 8 && event.bytes <= kSmallBytesMax &&
      event.bytes % 8 == 0) {
    put_byte(static_cast<unsigned>(TraceCode::kSmallAligned) +
             static_cast<unsigned>(event.bytes / 8 - 1));
  } else if (event.alignment == 8 && is_short) {
    put_short(TraceCode::kAligned, event.bytes);
  } else if (event.alignment == 1 && is_short) {
    put_short(TraceCode::kPacked, event.bytes);
  } else {
    put_request(TraceCode::kAllocated, event);
  }
}

void TraceEncoder::put_event(const TraceEvent& event) noexcept {
  switch (event.op) {
    case TraceOp::kArenaMade:
      put_code(TraceCode::kArenaMade);
      put_number(event.arena);
      put_number(event.bytes);
      put_byte(event.is_partial ? 1 : 0);
      break;
    case TraceOp::kAllocated:
      put_allocation(event);
      break;
    case TraceOp::kResized:
      put_code(TraceCode::kResized);
      put_number(event.old_bytes);
      put_number(event.bytes);
      break;
    case TraceOp::kScopeBegun:
      put_code(TraceCode::kScopeBegun);
      break;
    case TraceOp::kScopeRewound:
      put_code(TraceCode::kScopeRewound);
      put_number(event.keep_bytes);
      break;
    case TraceOp::kScopeEnded:
      put_code(TraceCode::kScopeEnded);
      break;
    case TraceOp::kReset:
      put_code(TraceCode::kReset);
      put_number(event.keep_bytes);
      break;
    case TraceOp::kOutOfMemory:
      put_request(
          event.arena == 0 ? TraceCode::kNoMemory : TraceCode::kOutOfMemory,
          event);
      break;
    case TraceOp::kArenaEnded:
      put_code(TraceCode::kArenaEnded);
      break;
  }
}

TraceBytes TraceEncoder::header() noexcept {
  put_trace_header(memory_.get());
  handed_out_ += kTraceHeaderBytes;
  return {memory_.get(), kTraceHeaderBytes};
}

TraceBytes TraceEncoder::sealed(GroupHeader header) noexcept {
  header.payload_bytes = static_cast<std::uint32_t>(used_);
  header.payload_crc = crc32c(payload(), used_);
  header.put(memory_.get());
  const std::size_t bytes = kGroupHeaderBytes + used_;
  handed_out_ += bytes;
  return {memory_.get(), bytes};
}

TraceBytes TraceEncoder::take_group() noexcept {
  group_.kind = kEventGroup;
  const TraceBytes taken = sealed(group_);
  group_.first_event += group_.events;
  group_.events = 0;
  group_.nanoseconds = now_;
  used_ = 0;
  arena_ = 0;
  thread_ = 0;
  return taken;
}

TraceBytes TraceEncoder::end() noexcept {
  group_.kind = kEndGroup;
  return sealed(group_);
}

TraceTotals TraceEncoder::totals() const noexcept {
  const std::size_t open = is_empty() ? 0 : kGroupHeaderBytes + used_;
  return {group_.first_event + group_.events, allocations_, rules_.arenas(),
          handed_out_ + open};
}

}  // namespace bitcoinleveldb::detail
