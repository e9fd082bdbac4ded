// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// One arena for a program that answers queries: what is to stay, and for each
// query a scope in which everything else goes again.

#include <bitcoinleveldb/arena_objects.h>
#include <bitcoinleveldb/arena_resize.h>
#include <bitcoinleveldb/arena_scope.h>

#include <cstdio>
#include <iostream>
#include <string_view>
#include <vector>

namespace {

using bitcoinleveldb::Arena;
using bitcoinleveldb::ArenaScope;

struct Entry {
  std::string_view key;
  int value;
};

// Returns the length of the answer.
std::size_t answer(Arena& arena, const Entry& entry) {
  const ArenaScope scope(arena);
  auto* const sums = bitcoinleveldb::make_array<long>(arena, 10'000);
  sums[0] += entry.value;

  // A vector has a destructor; it runs when the scope ends.
  auto* const found = bitcoinleveldb::make_owned<std::vector<Entry>>(arena);
  found->push_back(entry);

  // As long as the text might be, then as long as it is.
  char* const text = arena.allocate(100);
  const int length =
      std::snprintf(text, 100, "%zu found, sum %ld", found->size(), sums[0]);
  const auto bytes = static_cast<std::size_t>(length) + 1;
  return try_resize_newest(arena, text, 100, bytes) ? bytes - 1 : 0;
}

}  // namespace

int main() {
  Arena arena;
  const auto* const entry = bitcoinleveldb::make<Entry>(
      arena, bitcoinleveldb::copy_string(arena, "height"), 840'000);
  const std::size_t usage = arena.memory_usage();
  std::size_t length = 0;
  for (int query = 0; query != 1000; ++query) length = answer(arena, *entry);
  std::cout << "answers of " << length << " bytes, usage "
            << (arena.memory_usage() == usage ? "as before" : "grown") << "\n";
}
