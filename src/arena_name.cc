// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/arena_name.h"

#include <mutex>
#include <type_traits>
#include <utility>

#include "port/fork.h"

namespace bitcoinleveldb {

namespace {

// Names with static storage come before this is made and go after it would be
// destroyed, so it has nothing to make and nothing to destroy.
struct List {
  std::mutex mutex;
  ArenaName* oldest = nullptr;  // guarded by mutex, as are the links
  ArenaName* newest = nullptr;
};
static_assert(std::is_trivially_destructible_v<List>);

List g_list;

// Held over a fork, so that it is free in the child.
[[maybe_unused]] const bool g_held_over_forks = [] {
  const auto unlock = [] { g_list.mutex.unlock(); };
  port::at_fork([] { g_list.mutex.lock(); }, unlock, unlock);
  return true;
}();

}  // namespace

ArenaName::ArenaName(const Arena& arena, std::string name)
    : arena_(&arena), name_(std::move(name)) {
  const std::lock_guard lock(g_list.mutex);
  previous_ = std::exchange(g_list.newest, this);
  (previous_ == nullptr ? g_list.oldest : previous_->next_) = this;
}

ArenaName::~ArenaName() {
  const std::lock_guard lock(g_list.mutex);
  (previous_ == nullptr ? g_list.oldest : previous_->next_) = next_;
  (next_ == nullptr ? g_list.newest : next_->previous_) = previous_;
}

void ArenaName::follow(const Arena& arena) noexcept {
  const std::lock_guard lock(g_list.mutex);
  arena_ = &arena;
}

std::vector<NamedArena> named_arenas() {
  std::vector<NamedArena> all;
  const std::lock_guard lock(g_list.mutex);
  for (const ArenaName* name = g_list.oldest; name != nullptr;
       name = name->next_) {
    all.push_back({name->name_, name->arena_->memory_usage(), name->arena_});
  }
  return all;
}

}  // namespace bitcoinleveldb
