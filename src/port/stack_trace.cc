// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "port/stack_trace.h"

#if defined(__GNUC__) && (defined(__unix__) || defined(__APPLE__)) && \
    __has_include(<unwind.h>)

// The unwinder of the C++ runtime, which every program that links this library
// has. The backtrace() of the C library stands on it too, but loads it at its
// first call, which takes memory.
#include <unwind.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace bitcoinleveldb::port {

namespace {

// Where return addresses lie, from the place of the first one on.
using Place = std::uint32_t;

// A stack as it was walked. To walk takes microseconds, but as long as all
// return addresses still lie where they lay then, the stack is the same: where
// a frame's lies follows from the code that it returns to and from where that
// of the frame within it lay. They are compared from the inside out, so none is
// looked at that is not the stack's.
struct Walked {
  static constexpr std::size_t kFramesMax = 96;

  std::uintptr_t start = 0;  // where the first return address lies
  std::size_t max = 0;       // that it was walked for
  std::size_t count = 0;     // 0 if it cannot be known again
  std::array<std::uintptr_t, kFramesMax> frames{};
  std::array<Place, kFramesMax> places{};
};

// Those of a thread, the last ones. Few, because they take memory of each.
struct Walks {
  std::array<Walked, 4> all;
  std::size_t next = 0;
};
thread_local Walks t_walks;

// Not to be instrumented: what it reads belongs to frames of other functions.
[[gnu::no_sanitize_address, gnu::no_sanitize_thread]] std::uintptr_t word_at(
    std::uintptr_t address) {
  // A stack is known by its addresses alone.
  // NOLINTNEXTLINE(performance-no-int-to-ptr)
  return *reinterpret_cast<const volatile std::uintptr_t*>(address);
}

bool stands(const Walked& walked) {
  for (std::size_t i = 0; i != walked.count; ++i) {
    if (word_at(walked.start + walked.places[i]) != walked.frames[i]) {
      return false;
    }
  }
  return walked.count != 0;
}

// Returns where the frame of the context ends, or 0 where that is not to be
// had: the unwinder of 32 bits of Arm answers with another register.
std::uintptr_t frame_end(_Unwind_Context* context) {
#if defined(__ARM_EABI_UNWINDER__)
  static_cast<void>(context);
  return 0;
#else
  return static_cast<std::uintptr_t>(_Unwind_GetCFA(context));
#endif
}

struct Walk {
  Walked& walked;
  std::size_t count = 0;
  bool own_frame_left = false;
  bool is_known = true;  // where all return addresses lie
};

_Unwind_Reason_Code add_frame(_Unwind_Context* context, void* argument) {
  Walk& walk = *static_cast<Walk*>(argument);
  const auto address = static_cast<std::uintptr_t>(_Unwind_GetIP(context));
  if (!walk.own_frame_left) {
    walk.own_frame_left = true;
    return _URC_NO_REASON;
  }
  if (address == 0 || walk.count == walk.walked.max) return _URC_END_OF_STACK;
  // On most systems it is the last word before the frame that it leads to.
  const std::uintptr_t end = frame_end(context);
  const std::uintptr_t place = end - sizeof(std::uintptr_t);
  if (walk.count == 0) walk.walked.start = place;
  const std::uintptr_t distance = place - walk.walked.start;
  walk.is_known = walk.is_known && end != 0 && distance <= UINT32_MAX &&
                  word_at(place) == address;
  walk.walked.frames[walk.count] = address;
  walk.walked.places[walk.count] = static_cast<Place>(distance);
  ++walk.count;
  return _URC_NO_REASON;
}

}  // namespace

[[gnu::noinline]] std::size_t stack_trace(std::uintptr_t* frames,
                                          std::size_t max) noexcept {
  max = std::min(max, Walked::kFramesMax);
  Walks& walks = t_walks;
  const auto start =
      reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) +
      sizeof(std::uintptr_t);
  for (const Walked& walked : walks.all) {
    if (walked.start == start && walked.max == max && stands(walked)) {
      std::copy_n(walked.frames.begin(), walked.count, frames);
      return walked.count;
    }
  }
  Walked& walked = walks.all[walks.next];
  walks.next = (walks.next + 1) % walks.all.size();
  walked.max = max;
  Walk walk{walked};
  _Unwind_Backtrace(add_frame, &walk);
  walked.count = walk.is_known ? walk.count : 0;
  std::copy_n(walked.frames.begin(), walk.count, frames);
  return walk.count;
}

}  // namespace bitcoinleveldb::port

#else

namespace bitcoinleveldb::port {

std::size_t stack_trace(std::uintptr_t*, std::size_t) noexcept { return 0; }

}  // namespace bitcoinleveldb::port

#endif
