// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/memory_checks.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "port/memory_checker.h"

namespace bitcoinleveldb {

namespace {

MemoryChecks checks_from_environment() noexcept {
  const char* const value = std::getenv(kMemoryChecksVariable);
  const std::string_view text = value == nullptr ? "on" : value;
  if (text == "off") return MemoryChecks::kOff;
  if (text == "gaps") return MemoryChecks::kGaps;
  if (text != "on") {
    std::fprintf(stderr,
                 "bitcoinleveldb-arena: %s is \"%s\" and has no effect; "
                 "allowed: on, off, gaps\n",
                 kMemoryChecksVariable, value);
  }
  return MemoryChecks::kExact;
}

// Relaxed wherever it is used: it stands for itself.
std::atomic<MemoryChecks>& checks() noexcept {
  static std::atomic<MemoryChecks> value{checks_from_environment()};
  return value;
}

// Before main, because a child would wait for ever for another thread of its
// parent that was reading the environment.
[[maybe_unused]] const bool g_read_before_main = [] {
  if (port::memory_is_checked()) (void)checks();
  return true;
}();

}  // namespace

const char* memory_checker() noexcept { return port::memory_checker_name(); }

MemoryChecks default_memory_checks() noexcept {
  return checks().load(std::memory_order_relaxed);
}

void set_default_memory_checks(MemoryChecks value) noexcept {
  checks().store(value, std::memory_order_relaxed);
}

}  // namespace bitcoinleveldb
