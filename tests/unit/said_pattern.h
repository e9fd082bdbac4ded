// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A pattern for what a child says as it dies. GoogleTest has extended regular
// expressions where the system has, and elsewhere a few characters of them.

#ifndef BITCOINLEVELDB_TESTS_UNIT_SAID_PATTERN_H_
#define BITCOINLEVELDB_TESTS_UNIT_SAID_PATTERN_H_

#include <gtest/gtest.h>

#include <ostream>
#include <regex>
#include <string>

namespace bitcoinleveldb {

#if GTEST_USES_SIMPLE_RE

class SaidPattern {
 public:
  using is_gtest_matcher = void;

  explicit SaidPattern(const std::string& pattern)
      : pattern_(pattern), regex_(pattern, std::regex::extended) {}

  bool MatchAndExplain(const std::string& text, std::ostream* /*out*/) const {
    return std::regex_search(text, regex_);
  }
  void DescribeTo(std::ostream* out) const { *out << "has " << pattern_; }
  void DescribeNegationTo(std::ostream* out) const {
    *out << "does not have " << pattern_;
  }

 private:
  std::string pattern_;
  std::regex regex_;
};

inline testing::Matcher<const std::string&> said(const std::string& pattern) {
  return SaidPattern(pattern);
}

#else

inline std::string said(const std::string& pattern) { return pattern; }

#endif

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_UNIT_SAID_PATTERN_H_
