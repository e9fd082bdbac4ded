// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The numbers of docs/trace_format.md, and how a file's header and those of its
// groups lie in bytes.

#ifndef BITCOINLEVELDB_SRC_TRACE_FORMAT_H_
#define BITCOINLEVELDB_SRC_TRACE_FORMAT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "crc32c.h"

namespace bitcoinleveldb::detail {

constexpr std::array<unsigned char, 8> kTraceMagic = {0x89, 'B',  'L',  'A',
                                                      'T',  0x0D, 0x0A, 0x1A};
constexpr std::uint16_t kTraceMajor = 1;
constexpr std::uint16_t kTraceMinor = 0;
constexpr std::size_t kTraceHeaderBytes = 16;

constexpr std::size_t kGroupHeaderBytes = 36;
constexpr std::size_t kGroupBytesMin = 64;
constexpr std::size_t kGroupBytesMax = 1'000'000;
constexpr std::size_t kGroupPayloadMax = std::size_t{1} << 20U;

// The kinds of groups, as they are read from the file: "EVNT" and "END.".
constexpr std::uint32_t kEventGroup = 0x544E5645U;
constexpr std::uint32_t kEndGroup = 0x2E444E45U;

// The first byte of a record. Below `kSmallAligned` it says the kind; in the
// others it holds bits of the size as well.
enum class TraceCode : unsigned char {
  kAllocated = 0x01,
  kResized = 0x02,
  kScopeBegun = 0x03,
  kScopeRewound = 0x04,
  kScopeEnded = 0x05,
  kReset = 0x06,
  kOutOfMemory = 0x07,
  kArenaEnded = 0x08,
  kArenaMade = 0x09,
  kArena = 0x0A,     // the records that follow are of it
  kThread = 0x0B,    // likewise
  kTime = 0x0C,      // has passed
  kNoMemory = 0x0D,  // out of memory, of an arena that never had any
  kExtension = 0x10,
  kSmallAligned = 0x20,
  kPacked = 0x40,
  kAligned = 0x80,
  kReserved = 0xC0,
};
constexpr std::uint64_t kSmallBytesMax = 256;
constexpr std::uint64_t kShortBytesMax = 16384;

// Any record is shorter than this, with those that may have to precede it.
constexpr std::size_t kRecordBytesMax = 64;
static_assert(kGroupPayloadMax >= kGroupBytesMax + kRecordBytesMax);

template <class Value>
void put_little(unsigned char* to, Value value) noexcept {
  for (std::size_t i = 0; i != sizeof(Value); ++i) {
    to[i] = static_cast<unsigned char>(value >> (8U * i));
  }
}

template <class Value>
Value get_little(const unsigned char* from) noexcept {
  Value value = 0;
  for (std::size_t i = sizeof(Value); i-- != 0;) {
    value = static_cast<Value>((value << 8U) | from[i]);
  }
  return value;
}

struct GroupHeader {
  std::uint32_t kind = 0;
  std::uint32_t payload_bytes = 0;
  std::uint32_t events = 0;
  std::uint32_t payload_crc = 0;
  std::uint64_t first_event = 0;
  std::uint64_t nanoseconds = 0;

  void put(unsigned char* to) const noexcept {
    put_little(to, kind);
    put_little(to + 4, payload_bytes);
    put_little(to + 8, events);
    put_little(to + 12, payload_crc);
    put_little(to + 16, first_event);
    put_little(to + 24, nanoseconds);
    put_little(to + 32, crc32c(to, 32));
  }

  // Returns false if the bytes are not those of a header.
  bool get(const unsigned char* from) noexcept {
    kind = get_little<std::uint32_t>(from);
    payload_bytes = get_little<std::uint32_t>(from + 4);
    events = get_little<std::uint32_t>(from + 8);
    payload_crc = get_little<std::uint32_t>(from + 12);
    first_event = get_little<std::uint64_t>(from + 16);
    nanoseconds = get_little<std::uint64_t>(from + 24);
    return get_little<std::uint32_t>(from + 32) == crc32c(from, 32);
  }
};

inline void put_trace_header(unsigned char* to) noexcept {
  std::memcpy(to, kTraceMagic.data(), kTraceMagic.size());
  put_little(to + 8, kTraceMajor);
  put_little(to + 10, kTraceMinor);
  put_little(to + 12, crc32c(to, 12));
}

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_TRACE_FORMAT_H_
