// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What the tests of guarded and of sealed arenas share.

#ifndef BITCOINLEVELDB_TESTS_GUARD_GUARD_HELPERS_H_
#define BITCOINLEVELDB_TESTS_GUARD_GUARD_HELPERS_H_

#include <gtest/gtest.h>
#if !GTEST_OS_WINDOWS
#include <unistd.h>
#endif

#include <cstddef>

#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb {

inline std::size_t page() {
#if GTEST_OS_WINDOWS
  return 4096;
#else
  return static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
#endif
}

// Compilers must not know what the address is, or they say it is wrong.
inline void write_to(char* address) {
  BITCOINLEVELDB_FORGET(address);
  *static_cast<volatile char*>(address) = 1;
}

// As `write_to`.
inline void read_from(const char* address) {
  BITCOINLEVELDB_FORGET(address);
  (void)*static_cast<const volatile char*>(address);
}

// An object that writes to itself as it goes, and says so.
struct Living {
  explicit Living(int& gone_count) : gone(&gone_count) {}
  Living(const Living&) = delete;
  Living& operator=(const Living&) = delete;
  ~Living() {
    text[0] = 'x';
    ++*gone;
  }
  int* gone;
  char text[40] = {};
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_GUARD_GUARD_HELPERS_H_
