// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A skip list that keeps its nodes in an arena, as LevelDB's does: aligned
// memory, a node placed into it, links that readers follow without a lock.

#ifndef BITCOINLEVELDB_TESTS_LEVELDB_DROPIN_TREE_DB_SKIPLIST_H_
#define BITCOINLEVELDB_TESTS_LEVELDB_DROPIN_TREE_DB_SKIPLIST_H_

#include <atomic>
#include <cstddef>
#include <new>

#include "bitcoinleveldb/lcg_random.h"
#include "util/arena.h"

namespace leveldb {

// Orders entries by `Less`; one thread inserts, others may read meanwhile.
template <class Less>
class SkipList {
 public:
  SkipList(Less less, Arena* arena)
      : less_(less), arena_(arena), head_(NewNode(nullptr, kHeightMax)) {}
  SkipList(const SkipList&) = delete;
  SkipList& operator=(const SkipList&) = delete;

  void Insert(const char* entry) {
    Node* before[kHeightMax];
    FindAtLeast(entry, before);
    const int height = RandomHeight();
    Node* const node = NewNode(entry, height);
    for (int level = 0; level < height; ++level) {
      Node* const next = Link(before[level], level)->load();
      Link(node, level)->store(next);
      Link(before[level], level)->store(node);
    }
  }

  // Returns the first entry that is not less than `entry`, or null.
  const char* AtLeast(const char* entry) const {
    Node* before[kHeightMax];
    const Node* const node = FindAtLeast(entry, before);
    return node == nullptr ? nullptr : node->entry;
  }

  template <class Visit>
  void ForEach(Visit visit) const {
    for (Node* node = Link(head_, 0)->load(); node != nullptr;
         node = Link(node, 0)->load()) {
      visit(node->entry);
    }
  }

 private:
  static constexpr int kHeightMax = 12;

  // Followed by its links, one for each level.
  struct Node {
    const char* entry;
  };
  using NodeLink = std::atomic<Node*>;

  static NodeLink* Link(Node* node, int level) {
    return reinterpret_cast<NodeLink*>(node + 1) + level;
  }

  Node* NewNode(const char* entry, int height) {
    char* const memory = arena_->AllocateAligned(
        sizeof(Node) + sizeof(NodeLink) * static_cast<std::size_t>(height));
    Node* const node = new (memory) Node{entry};
    for (int level = 0; level < height; ++level) {
      new (Link(node, level)) NodeLink(nullptr);
    }
    return node;
  }

  int RandomHeight() {
    int height = 1;
    while (height < kHeightMax && random_.one_in(4)) ++height;
    return height;
  }

  // Fills `before` with the last node below `entry` on each level.
  Node* FindAtLeast(const char* entry, Node** before) const {
    Node* node = head_;
    Node* next = nullptr;
    for (int level = kHeightMax - 1; level >= 0; --level) {
      next = Link(node, level)->load();
      while (next != nullptr && less_(next->entry, entry)) {
        node = next;
        next = Link(node, level)->load();
      }
      before[level] = node;
    }
    return next;
  }

  const Less less_;
  Arena* const arena_;
  bitcoinleveldb::LcgRandom random_{301};
  Node* const head_;
};

}  // namespace leveldb

#endif  // BITCOINLEVELDB_TESTS_LEVELDB_DROPIN_TREE_DB_SKIPLIST_H_
