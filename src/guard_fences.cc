// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "guard_fences.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "guard_report.h"
#include "guard_table.h"
#include "port/pages.h"

namespace bitcoinleveldb::detail {

namespace {

constexpr char kFill = '\xA5';

// No more than this before an allocation: to look through a page for each would
// cost more than the rest.
constexpr std::size_t kBeforeMax = 64;

struct Fence {
  char* start;
  std::size_t bytes;
};

Fence before(const GuardRecord& record) {
  char* const ptr = record.run + (record.allocation.ptr - record.run);
  const char* const data = record.run + port::page_bytes();
  const std::size_t bytes =
      std::min(static_cast<std::size_t>(ptr - data), kBeforeMax);
  return {ptr - bytes, bytes};
}

Fence behind(const GuardRecord& record) {
  char* const end = record.run + (record.allocation.ptr - record.run) +
                    record.allocation.bytes;
  const char* const guard = record.run + record.run_bytes - port::page_bytes();
  return {end, static_cast<std::size_t>(guard - end)};
}

void check(Fence fence, const GuardRecord& record) {
  for (std::size_t i = 0; i != fence.bytes; ++i) {
    if (fence.start[i] == kFill) continue;
    report_guard("found written", fence.start + i, record);
    std::abort();
  }
}

}  // namespace

void fill_fences(const GuardRecord& record) noexcept {
  for (const Fence fence : {before(record), behind(record)}) {
    std::memset(fence.start, kFill, fence.bytes);
  }
}

void check_fences(const GuardRecord& record) noexcept {
  check(behind(record), record);
  check(before(record), record);
}

}  // namespace bitcoinleveldb::detail
