// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The global operator new of a test program, replaced: it counts, and fails on
// demand. For programs of its own, because it replaces it for all they hold.

#ifndef BITCOINLEVELDB_TESTS_UNIT_FAILING_HEAP_H_
#define BITCOINLEVELDB_TESTS_UNIT_FAILING_HEAP_H_

#include <cstddef>

namespace bitcoinleveldb {

class FailingHeap {
 public:
  // How many times operator new succeeded and operator delete was called.
  static std::size_t news();
  static std::size_t deletes();

  // How many bytes are live, as they were asked for.
  static std::size_t live_bytes();

  // What the last successful operator new returned.
  static void* newest();

  // Lets call number `call` of operator new from now on fail, once; 1 is the
  // next.
  static void fail_at(std::size_t call);

  // Takes that back, and returns whether the call had come and failed.
  static bool disarm();
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_UNIT_FAILING_HEAP_H_
