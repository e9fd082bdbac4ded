// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Lists linked through a member of what they hold, so that they take no memory.

#ifndef BITCOINLEVELDB_SRC_LINKED_LIST_H_
#define BITCOINLEVELDB_SRC_LINKED_LIST_H_

namespace bitcoinleveldb::detail {

// Makes `item` the first of the list that begins at `first`.
template <class Item>
void link_first(Item*& first, Item& item, Item* Item::*next) noexcept {
  item.*next = first;
  first = &item;
}

// Takes `item` off the list; returns false if it was not on it.
template <class Item>
bool unlink(Item*& first, Item& item, Item* Item::*next) noexcept {
  Item** link = &first;
  while (*link != nullptr && *link != &item) link = &((*link)->*next);
  if (*link == nullptr) return false;
  *link = item.*next;
  return true;
}

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_LINKED_LIST_H_
