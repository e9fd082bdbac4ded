// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A server's loop: one arena for each worker, reset after each request. What a
// request parsed and built needs no owner, and after the first requests the
// loop asks nobody for memory.

#include <bitcoinleveldb/arena.h>
#include <bitcoinleveldb/arena_allocator.h>

#include <algorithm>
#include <cstring>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

using bitcoinleveldb::Arena;
using bitcoinleveldb::ArenaAllocator;

template <class T>
using ArenaVector = std::vector<T, ArenaAllocator<T>>;

// Splits "GET key key ..." into its words.
ArenaVector<std::string_view> parse(std::string_view line, Arena& arena) {
  ArenaVector<std::string_view> words(arena);
  while (!line.empty()) {
    const std::size_t end = std::min(line.find(' '), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return words;
}

// Returns an answer that lives until the arena is reset.
std::string_view serve(std::string_view line, Arena& arena) {
  const ArenaVector<std::string_view> words = parse(line, arena);
  char* const answer = arena.allocate(2 * line.size());
  std::size_t size = 0;
  for (std::size_t i = 1; i < words.size(); ++i) {
    answer[size++] = '<';
    std::memcpy(answer + size, words[i].data(), words[i].size());
    size += words[i].size();
    answer[size++] = '>';
  }
  return {answer, size};
}

int main() {
  constexpr std::size_t kKeep = 1'000'000;  // a huge request's memory goes
  Arena arena;
  std::size_t usage_max = 0;
  std::size_t answered = 0;
  for (int request = 0; request != 100'000; ++request) {
    std::string line = "GET";
    for (int i = 0; i <= request % 50; ++i) line += " key" + std::to_string(i);
    const std::string_view answer = serve(line, arena);
    if (answer.substr(0, 6) == "<key0>" && answer.back() == '>') ++answered;
    usage_max = std::max(usage_max, arena.memory_usage());
    arena.reset(kKeep);
  }
  std::cout << answered << " requests answered, no more than " << usage_max
            << " bytes at a time\n";
  return answered == 100'000 && arena.memory_usage() == 0 ? 0 : 1;
}
