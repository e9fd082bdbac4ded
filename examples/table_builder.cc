// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A table builder's buffer: entries are gathered in an arena until the table is
// cut, then written in order. The cursor keeps the arena's position in
// registers for the length of the loop; the reset keeps the memory for the next
// table.

#include <bitcoinleveldb/arena.h>
#include <bitcoinleveldb/arena_cursor.h>
#include <bitcoinleveldb/lcg_random.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

class TableBuilder {
 public:
  // Copies a batch of entries, so that they may go.
  void add(const std::vector<std::string>& batch) {
    bitcoinleveldb::ArenaCursor cursor(arena_);
    for (const std::string& entry : batch) {
      char* const bytes = cursor.allocate(entry.size());
      entry.copy(bytes, entry.size());
      entries_.emplace_back(bytes, entry.size());
    }
  }

  // A table is full when its memory is.
  bool is_full() const { return arena_.memory_usage() >= 65'536; }

  // Returns the entries in order, each behind its length, and starts anew.
  std::string finish() {
    std::sort(entries_.begin(), entries_.end());
    std::string table;
    for (const std::string_view entry : entries_) {
      table.append(std::to_string(entry.size())).append(1, ':').append(entry);
    }
    entries_.clear();
    arena_.reset();
    return table;
  }

 private:
  bitcoinleveldb::Arena arena_;
  std::vector<std::string_view> entries_;
};

int main() {
  bitcoinleveldb::LcgRandom random(301);
  TableBuilder builder;
  std::size_t tables = 0;
  std::size_t bytes_in = 0;
  std::size_t bytes_out = 0;
  for (int i = 0; i != 1000; ++i) {
    std::vector<std::string> batch;
    for (int entry = 0; entry != 10; ++entry) {
      const auto letter = static_cast<char>('a' + random.uniform(26));
      batch.emplace_back(10 + random.uniform(90), letter);
      bytes_in += batch.back().size() + 3;  // two digits and a colon
    }
    builder.add(batch);
    if (!builder.is_full() && i != 999) continue;
    bytes_out += builder.finish().size();
    ++tables;
  }
  std::cout << tables << " tables, " << bytes_out << " bytes\n";
  return bytes_in == bytes_out ? 0 : 1;
}
