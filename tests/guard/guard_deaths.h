// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Expectations of a child that ends of what it did. Sanitizers handle faults
// themselves, say much more and leave by an exit code of theirs.

#ifndef BITCOINLEVELDB_TESTS_GUARD_GUARD_DEATHS_H_
#define BITCOINLEVELDB_TESTS_GUARD_GUARD_DEATHS_H_

#include <gtest/gtest.h>
#include <signal.h>

#include "sanitizers.h"

namespace bitcoinleveldb {

// A predicate of a child's status.
inline bool ended_of_a_fault(int status) {
  return testing::KilledBySignal(SIGSEGV)(status) ||
         testing::KilledBySignal(SIGBUS)(status);
}

// Their handlers have been there before ours.
inline void take_sanitizers_away() {
  if (!kAddressSanitizer && !kThreadSanitizer) return;
  signal(SIGSEGV, SIG_DFL);
  signal(SIGBUS, SIG_DFL);
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
      bitcoinleveldb::ended_of_a_fault, message)

// The library ended the program.
#define EXPECT_ABORT(statement, message)        \
  EXPECT_EXIT(                                  \
      {                                         \
        bitcoinleveldb::take_sanitizers_away(); \
        statement                               \
      },                                        \
      testing::KilledBySignal(SIGABRT), message)

#endif  // BITCOINLEVELDB_TESTS_GUARD_GUARD_DEATHS_H_
