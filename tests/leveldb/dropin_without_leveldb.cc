// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Carries the drop-in and uses no LevelDB.

#include <bitcoinleveldb/leveldb_dropin.h>

#include <cstdio>

int main() {
  std::printf("%zu arenas\n", bitcoinleveldb::leveldb_dropin_arenas());
  return 0;
}
