// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_FUZZ_REQUIRE_H_
#define BITCOINLEVELDB_FUZZ_REQUIRE_H_

#include <cstdio>
#include <cstdlib>

namespace bitcoinleveldb {

// Ends the program, which libFuzzer takes for a finding, unless `holds`.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "fuzz: %s\n", what);
  std::abort();
}

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_FUZZ_REQUIRE_H_
