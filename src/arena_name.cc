// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/arena_name.h"

#include <mutex>
#include <utility>

#include "port/fork.h"
#include "port/mutex.h"

namespace bitcoinleveldb {

namespace {

// Names with static storage come before these are made and go after they would
// be destroyed, so there is nothing to make or destroy.
port::Mutex g_mutex;
ArenaName* g_oldest = nullptr;  // guarded by g_mutex, as are the links
ArenaName* g_newest = nullptr;

[[maybe_unused]] const bool g_held_over_forks =
    port::hold_over_forks<g_mutex>(port::ForkOrder::kNames);

}  // namespace

ArenaName::ArenaName(const Arena& arena, std::string name)
    : arena_(&arena), name_(std::move(name)) {
  const std::lock_guard lock(g_mutex);
  previous_ = std::exchange(g_newest, this);
  (previous_ == nullptr ? g_oldest : previous_->next_) = this;
}

ArenaName::~ArenaName() {
  const std::lock_guard lock(g_mutex);
  (previous_ == nullptr ? g_oldest : previous_->next_) = next_;
  (next_ == nullptr ? g_newest : next_->previous_) = previous_;
}

void ArenaName::follow(const Arena& arena) noexcept {
  const std::lock_guard lock(g_mutex);
  arena_ = &arena;
}

std::vector<NamedArena> named_arenas() {
  std::vector<NamedArena> all;
  const std::lock_guard lock(g_mutex);
  for (const ArenaName* name = g_oldest; name != nullptr; name = name->next_) {
    all.push_back({name->name_, name->arena_->memory_usage(), name->arena_});
  }
  return all;
}

}  // namespace bitcoinleveldb
