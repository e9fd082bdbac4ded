// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A memtable, LevelDB's way: a skip list whose nodes and entries lie in one
// arena. Nothing is freed singly; when the table is flushed, the arena goes.

#include <bitcoinleveldb/arena.h>
#include <bitcoinleveldb/lcg_random.h>

#include <algorithm>
#include <cstring>
#include <iostream>
#include <new>
#include <string>
#include <string_view>

class Memtable {
 public:
  // Copies both. A later value stands before an earlier one of the same key.
  void add(std::string_view key, std::string_view value) {
    std::size_t height = 1;
    while (height != kHeightMax && random_.one_in(4)) ++height;
    Node* const node = make_node(height, copy(key), copy(value));
    Node* before[kHeightMax];
    find(key, before);
    for (std::size_t level = 0; level != height; ++level) {
      node->next[level] = before[level]->next[level];
      before[level]->next[level] = node;
    }
  }

  // Returns the value added last, or null.
  const std::string_view* get(std::string_view key) const {
    Node* before[kHeightMax];
    const Node* const node = find(key, before);
    return node != nullptr && node->key == key ? &node->value : nullptr;
  }

  // When this exceeds a threshold, an engine flushes the table.
  std::size_t memory_usage() const { return arena_.memory_usage(); }

 private:
  static constexpr std::size_t kHeightMax = 12;
  struct Node {
    std::string_view key, value;
    Node** next;  // one for each level, right behind the node
  };

  std::string_view copy(std::string_view text) {
    char* const bytes = arena_.allocate(text.size());
    std::memcpy(bytes, text.data(), text.size());
    return {bytes, text.size()};
  }

  Node* make_node(std::size_t height, std::string_view key,
                  std::string_view value) {
    char* const memory =
        arena_.allocate_aligned(sizeof(Node) + height * sizeof(void*));
    auto* const next = reinterpret_cast<Node**>(memory + sizeof(Node));
    std::fill_n(next, height, nullptr);
    return new (memory) Node{key, value, next};
  }

  // Returns the first node whose key is not less, and the last before it on
  // each level.
  Node* find(std::string_view key, Node** before) const {
    Node* node = head_;
    for (std::size_t level = kHeightMax; level-- != 0;) {
      while (node->next[level] && node->next[level]->key < key) {
        node = node->next[level];
      }
      before[level] = node;
    }
    return node->next[0];
  }

  bitcoinleveldb::Arena arena_;
  bitcoinleveldb::LcgRandom random_{0xdeadbeef};
  Node* const head_ = make_node(kHeightMax, {}, {});
};

int main() {
  Memtable table;
  for (int i = 0; i != 10'000; ++i) {
    table.add("key" + std::to_string(i * 7919 % 10'000), std::to_string(i));
  }
  table.add("key42", "the answer");
  int found = 0;
  for (int i = 0; i != 10'000; ++i) {
    const auto* value = table.get("key" + std::to_string(i * 7919 % 10'000));
    if (value != nullptr && *value == std::to_string(i)) ++found;
  }
  std::cout << found << " values unchanged, key42 is " << *table.get("key42")
            << ", " << table.memory_usage() << " bytes\n";
  return found == 9'999 && table.get("key43210") == nullptr ? 0 : 1;
}
