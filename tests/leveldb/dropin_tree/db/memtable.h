// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A memtable in the manner of LevelDB's: the arena is a member, entries are
// packed into it, and a skip list in the same arena orders them.

#ifndef BITCOINLEVELDB_TESTS_LEVELDB_DROPIN_TREE_DB_MEMTABLE_H_
#define BITCOINLEVELDB_TESTS_LEVELDB_DROPIN_TREE_DB_MEMTABLE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "db/skiplist.h"
#include "util/arena.h"

namespace leveldb {

class MemTable {
 public:
  MemTable();
  MemTable(const MemTable&) = delete;
  MemTable& operator=(const MemTable&) = delete;

  // REQUIRES: `key` was not added before.
  void Add(std::string_view key, std::string_view value);
  bool Get(std::string_view key, std::string* value) const;

  // Returns all keys in their order, each followed by a space.
  std::string Keys() const;

  // May be called from any thread.
  std::size_t ApproximateMemoryUsage() const;

 private:
  struct KeyLess {
    bool operator()(const char* a, const char* b) const;
  };

  Arena arena_;
  SkipList<KeyLess> table_;
};

}  // namespace leveldb

#endif  // BITCOINLEVELDB_TESTS_LEVELDB_DROPIN_TREE_DB_MEMTABLE_H_
