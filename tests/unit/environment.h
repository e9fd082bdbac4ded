// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The environment of a test program, by putenv, which all systems have. What it
// is given becomes part of the environment, and so is never destroyed.

#ifndef BITCOINLEVELDB_TESTS_UNIT_ENVIRONMENT_H_
#define BITCOINLEVELDB_TESTS_UNIT_ENVIRONMENT_H_

#include <stdlib.h>

#include <deque>
#include <string>

namespace bitcoinleveldb {

inline int put_into_environment(const std::string& text) {
  static auto& all = *new std::deque<std::string>;
  return putenv(all.emplace_back(text).data());
}

inline void set_variable(const std::string& name, const std::string& value) {
  put_into_environment(name + "=" + value);
}

// A name alone removes it; on Windows that is wrong, and no text removes it.
inline void unset_variable(const std::string& name) {
  if (put_into_environment(name) != 0) put_into_environment(name + "=");
}

// Whether a variable that has no text is one all the same.
inline bool variables_may_be_empty() {
  set_variable("BITCOINLEVELDB_TESTS_EMPTY", "");
  return getenv("BITCOINLEVELDB_TESTS_EMPTY") != nullptr;
}

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_UNIT_ENVIRONMENT_H_
