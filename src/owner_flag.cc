// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "owner_flag.h"

#include "bitcoinleveldb/detail/failure.h"

namespace bitcoinleveldb::detail {

namespace {

// Not the system's number for it, which the next thread may get.
std::uint64_t this_thread() noexcept {
  static std::atomic<std::uint64_t> threads{0};
  thread_local const std::uint64_t number =
      threads.fetch_add(1, std::memory_order_relaxed) + 1;
  return number;
}

}  // namespace

void OwnerFlag::check_entry(OwnerRule rule) noexcept {
  if (busy_.exchange(true, std::memory_order_relaxed)) {
    fail_misuse("two threads use one arena at the same time");
  }
  if (rule != OwnerRule::kOneThread) return;
  const std::uint64_t owner = owner_.load(std::memory_order_relaxed);
  if (owner != 0 && owner != this_thread()) {
    fail_misuse(
        "an arena is used by another thread than before, and was not handed "
        "over");
  }
}

// The first owner may have been in its call before anyone looked. A later one
// has entered, and whoever has not may not become it by leaving.
void OwnerFlag::note_exit() noexcept {
  if (owner_.load(std::memory_order_relaxed) == 0) {
    owner_.store(this_thread(), std::memory_order_relaxed);
  }
  busy_.store(false, std::memory_order_relaxed);
}

}  // namespace bitcoinleveldb::detail
