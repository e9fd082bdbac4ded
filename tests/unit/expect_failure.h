// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Expectations of a failing call that hold with exceptions and without: there
// the call throws, here it ends the program with one line.

#ifndef BITCOINLEVELDB_TESTS_UNIT_EXPECT_FAILURE_H_
#define BITCOINLEVELDB_TESTS_UNIT_EXPECT_FAILURE_H_

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>
#include <string>

namespace bitcoinleveldb {

template <class Call>
void expect_exhausted(Call call) {
#ifdef __cpp_exceptions
  EXPECT_THROW(call(), std::bad_alloc);
#else
  EXPECT_DEATH(call(), "bitcoinleveldb-arena: out of memory for a request of");
#endif
}

// `message` must stand in what is said, and hold no special characters.
template <class Call>
void expect_invalid(Call call, const std::string& message) {
#ifdef __cpp_exceptions
  try {
    call();
    ADD_FAILURE() << "nothing was thrown instead of: " << message;
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find(message), std::string::npos)
        << error.what();
  }
#else
  EXPECT_DEATH(call(), message);
#endif
}

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_UNIT_EXPECT_FAILURE_H_
