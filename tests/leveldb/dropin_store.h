// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A library as users write them: it keeps records in a LevelDB database.

#ifndef BITCOINLEVELDB_TESTS_LEVELDB_DROPIN_STORE_H_
#define BITCOINLEVELDB_TESTS_LEVELDB_DROPIN_STORE_H_

#include <string>

struct StoreReport {
  std::string fault;         // empty if all is well
  std::string memory_usage;  // LevelDB's figure after the database was opened
};

// Makes a database at `path` anew, writes records and reads them back.
StoreReport fill_store(const std::string& path);

#endif  // BITCOINLEVELDB_TESTS_LEVELDB_DROPIN_STORE_H_
