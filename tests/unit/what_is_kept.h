// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Whether the default source keeps slabs, in the process and in a thread. It
// keeps none under AddressSanitizer, which is to see what is used after its
// arena, and none in a thread of MinGW, whose end it cannot see.

#ifndef BITCOINLEVELDB_TESTS_UNIT_WHAT_IS_KEPT_H_
#define BITCOINLEVELDB_TESTS_UNIT_WHAT_IS_KEPT_H_

#include <gtest/gtest.h>

#include "sanitizers.h"

namespace bitcoinleveldb {

inline constexpr bool kKeeps = !kAddressSanitizer;
#ifdef GTEST_OS_WINDOWS_MINGW
inline constexpr bool kThreadsKeep = false;
#else
inline constexpr bool kThreadsKeep = kKeeps;
#endif

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_UNIT_WHAT_IS_KEPT_H_
