// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_FUZZ_MEND_TRACE_H_
#define BITCOINLEVELDB_FUZZ_MEND_TRACE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "trace_format.h"

namespace bitcoinleveldb {

// Puts right what guards a trace against damage: its magic number and version,
// the lengths of its groups and all checksums, so that what lies behind them is
// reached by bytes that are made up.
inline void mend_trace(std::vector<unsigned char>& bytes) {
  constexpr std::size_t kHeader = detail::kTraceHeaderBytes;
  constexpr std::size_t kGroupHeader = detail::kGroupHeaderBytes;
  if (bytes.size() < kHeader) return;
  detail::put_trace_header(bytes.data());
  std::size_t at = kHeader;
  while (bytes.size() - at >= kGroupHeader) {
    unsigned char* const group = bytes.data() + at;
    detail::GroupHeader header;
    (void)header.get(group);
    const std::size_t left = bytes.size() - at - kGroupHeader;
    header.payload_bytes = static_cast<std::uint32_t>(
        std::min<std::size_t>(header.payload_bytes, left));
    header.payload_crc =
        detail::crc32c(group + kGroupHeader, header.payload_bytes);
    header.put(group);
    at += kGroupHeader + header.payload_bytes;
  }
}

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_FUZZ_MEND_TRACE_H_
