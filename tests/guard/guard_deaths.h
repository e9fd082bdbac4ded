// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Expectations of a child that ends of what it did. Sanitizers handle faults
// themselves, say much more and leave by an exit code of theirs.

#ifndef BITCOINLEVELDB_TESTS_GUARD_GUARD_DEATHS_H_
#define BITCOINLEVELDB_TESTS_GUARD_GUARD_DEATHS_H_

#include <gtest/gtest.h>
#include <signal.h>

#include "said_pattern.h"
#include "sanitizers.h"

namespace bitcoinleveldb {

// Predicates of a child's status. On Windows it is the code of the exception
// that no one has handled, and abort() ends a program by a code.
#if GTEST_OS_WINDOWS
inline bool ended_of_a_fault(int status) {
  return static_cast<unsigned>(status) == 0xC0000005U;
}
inline bool ended_by_abort(int status) { return status == 3; }
#else
inline bool ended_of_a_fault(int status) {
  return testing::KilledBySignal(SIGSEGV)(status) ||
         testing::KilledBySignal(SIGBUS)(status);
}
inline bool ended_by_abort(int status) {
  return testing::KilledBySignal(SIGABRT)(status);
}
#endif

// Their handlers have been there before ours.
inline void take_sanitizers_away() {
  if (!kAddressSanitizer && !kThreadSanitizer) return;
  signal(SIGSEGV, SIG_DFL);
#ifdef SIGBUS
  signal(SIGBUS, SIG_DFL);
#endif
  signal(SIGABRT, SIG_DFL);
}

}  // namespace bitcoinleveldb

// The system refused an access.
#define EXPECT_FAULT(statement, message)        \
  EXPECT_EXIT(                                  \
      {                                         \
        bitcoinleveldb::take_sanitizers_away(); \
        statement                               \
      },                                        \
      bitcoinleveldb::ended_of_a_fault, bitcoinleveldb::said(message))

// The library ended the program.
#define EXPECT_ABORT(statement, message)        \
  EXPECT_EXIT(                                  \
      {                                         \
        bitcoinleveldb::take_sanitizers_away(); \
        statement                               \
      },                                        \
      bitcoinleveldb::ended_by_abort, bitcoinleveldb::said(message))

#endif  // BITCOINLEVELDB_TESTS_GUARD_GUARD_DEATHS_H_
