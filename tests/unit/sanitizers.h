// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Which sanitizers a test is built with: they keep memory, need address space
// and do not take to forks. And arenas that do not tell them of every
// allocation, for tests of what is not seen.

#ifndef BITCOINLEVELDB_TESTS_UNIT_SANITIZERS_H_
#define BITCOINLEVELDB_TESTS_UNIT_SANITIZERS_H_

#include "bitcoinleveldb/memory_checks.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BITCOINLEVELDB_TESTS_ADDRESS_SANITIZER true
#endif
#if __has_feature(thread_sanitizer)
#define BITCOINLEVELDB_TESTS_THREAD_SANITIZER true
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define BITCOINLEVELDB_TESTS_ADDRESS_SANITIZER true
#endif
#if defined(__SANITIZE_THREAD__)
#define BITCOINLEVELDB_TESTS_THREAD_SANITIZER true
#endif
#ifndef BITCOINLEVELDB_TESTS_ADDRESS_SANITIZER
#define BITCOINLEVELDB_TESTS_ADDRESS_SANITIZER false
#endif
#ifndef BITCOINLEVELDB_TESTS_THREAD_SANITIZER
#define BITCOINLEVELDB_TESTS_THREAD_SANITIZER false
#endif

namespace bitcoinleveldb {

inline constexpr bool kAddressSanitizer =
    BITCOINLEVELDB_TESTS_ADDRESS_SANITIZER;
inline constexpr bool kThreadSanitizer = BITCOINLEVELDB_TESTS_THREAD_SANITIZER;

/// Arenas that take their first slab while one lives are unchecked, and so as
/// fast under a sanitizer as without: no door of its own withholds their count.
class Unchecked {
 public:
  Unchecked() noexcept { set_default_memory_checks(MemoryChecks::kOff); }
  ~Unchecked() { set_default_memory_checks(before_); }
  Unchecked(const Unchecked&) = delete;
  Unchecked& operator=(const Unchecked&) = delete;

 private:
  const MemoryChecks before_ = default_memory_checks();
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_UNIT_SANITIZERS_H_
