// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "trace_decoder.h"

namespace bitcoinleveldb::detail {

namespace {

constexpr unsigned kSmallFirst =
    static_cast<unsigned>(TraceCode::kSmallAligned);
constexpr unsigned kPackedFirst = static_cast<unsigned>(TraceCode::kPacked);
constexpr unsigned kAlignedFirst = static_cast<unsigned>(TraceCode::kAligned);
constexpr unsigned kReservedFirst = static_cast<unsigned>(TraceCode::kReserved);
constexpr unsigned kExtensionFirst =
    static_cast<unsigned>(TraceCode::kExtension);

bool is_context(unsigned code) noexcept {
  return code == static_cast<unsigned>(TraceCode::kArena) ||
         code == static_cast<unsigned>(TraceCode::kThread) ||
         code == static_cast<unsigned>(TraceCode::kTime) ||
         (code >= kExtensionFirst && code < kSmallFirst);
}

}  // namespace

void TraceDecoder::begin(const unsigned char* data, std::size_t bytes,
                         std::uint64_t nanoseconds) noexcept {
  *this = TraceDecoder();
  data_ = data;
  bytes_ = bytes;
  now_ = nanoseconds;
}

bool TraceDecoder::next(TraceEvent& event) noexcept {
  while (used_ != bytes_) {
    record_ = used_;
    unsigned code = 0;
    (void)get_byte(code);
    if (is_context(code)) {
      if (!get_context(static_cast<TraceCode>(code))) return false;
      continue;
    }
    TraceEvent one;
    one.arena = arena_;
    one.thread = thread_;
    one.nanoseconds = now_;
    if (!get_event(code, one)) return false;
    event = one;
    return true;
  }
  return false;
}

bool TraceDecoder::get_byte(unsigned& value) noexcept {
  if (used_ == bytes_) return fail("a record that its group cuts off");
  value = data_[used_++];
  return true;
}

bool TraceDecoder::get_number(std::uint64_t& value) noexcept {
  value = 0;
  for (unsigned shift = 0;; shift += 7) {
    unsigned byte = 0;
    if (!get_byte(byte)) return false;
    const std::uint64_t bits = byte & 0x7FU;
    if (shift == 63 && bits > 1) return fail("a number of more than 64 bits");
    value |= bits << shift;
    if (byte < 0x80U) return true;
    if (shift == 63) return fail("a number of more than 64 bits");
  }
}

bool TraceDecoder::get_request(TraceEvent& event) noexcept {
  unsigned shift = 0;
  if (!get_byte(shift)) return false;
  if (shift > 63) return fail("an alignment of more than 64 bits");
  event.alignment = std::uint64_t{1} << shift;
  return get_number(event.bytes);
}

bool TraceDecoder::get_short(unsigned code, TraceEvent& event) noexcept {
  unsigned low = 0;
  if (!get_byte(low)) return false;
  event.bytes = (((code & 0x3FU) << 8U) | low) + 1;
  return true;
}

bool TraceDecoder::get_made(TraceEvent& event) noexcept {
  unsigned flags = 0;
  if (!get_number(event.arena) || !get_number(event.bytes) ||
      !get_byte(flags)) {
    return false;
  }
  if (flags > 1) return fail("an arena with flags that there are not");
  event.is_partial = flags == 1;
  arena_ = event.arena;
  return true;
}

bool TraceDecoder::get_time() noexcept {
  std::uint64_t more = 0;
  if (!get_number(more)) return false;
  if (more > UINT64_MAX - now_) return fail("a time of more than 64 bits");
  now_ += more;
  return true;
}

// What a later minor version has added and what may be left out.
bool TraceDecoder::skip_extension() noexcept {
  std::uint64_t bytes = 0;
  if (!get_number(bytes)) return false;
  if (bytes > bytes_ - used_) return fail("a record that its group cuts off");
  used_ += static_cast<std::size_t>(bytes);
  return true;
}

bool TraceDecoder::get_context(TraceCode code) noexcept {
  switch (code) {
    case TraceCode::kArena:
      return get_number(arena_);
    case TraceCode::kThread:
      return get_number(thread_);
    case TraceCode::kTime:
      return get_time();
    default:
      return skip_extension();
  }
}

bool TraceDecoder::get_event(unsigned code, TraceEvent& event) noexcept {
  event.op = TraceOp::kAllocated;
  if (code >= kReservedFirst) return fail("a record of no kind that there is");
  if (code >= kAlignedFirst) {
    event.alignment = 8;
    return get_short(code, event);
  }
  if (code >= kPackedFirst) return get_short(code, event);
  if (code >= kSmallFirst) {
    event.alignment = 8;
    event.bytes = 8 * (std::uint64_t{code} - kSmallFirst + 1);
    return true;
  }
  switch (static_cast<TraceCode>(code)) {
    case TraceCode::kAllocated:
      return get_request(event);
    case TraceCode::kResized:
      event.op = TraceOp::kResized;
      return get_number(event.old_bytes) && get_number(event.bytes);
    case TraceCode::kScopeBegun:
      event.op = TraceOp::kScopeBegun;
      return true;
    case TraceCode::kScopeRewound:
      event.op = TraceOp::kScopeRewound;
      return get_number(event.keep_bytes);
    case TraceCode::kScopeEnded:
      event.op = TraceOp::kScopeEnded;
      return true;
    case TraceCode::kReset:
      event.op = TraceOp::kReset;
      return get_number(event.keep_bytes);
    case TraceCode::kOutOfMemory:
      event.op = TraceOp::kOutOfMemory;
      return get_request(event);
    case TraceCode::kNoMemory:
      event.op = TraceOp::kOutOfMemory;
      event.arena = 0;
      return get_request(event);
    case TraceCode::kArenaEnded:
      event.op = TraceOp::kArenaEnded;
      return true;
    case TraceCode::kArenaMade:
      event.op = TraceOp::kArenaMade;
      return get_made(event);
    default:
      return fail("a record of no kind that there is");
  }
}

}  // namespace bitcoinleveldb::detail
