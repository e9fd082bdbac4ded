// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/owner_check.h"

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "bitcoinleveldb/detail/arena_insider.h"
#include "immortal.h"

namespace bitcoinleveldb {

namespace {

// Never destroyed, because arenas may end after main does.
struct ThreadCheck {
  OwnerCheck check{OwnerRule::kOneThread};
};
struct EntryCheck {
  OwnerCheck check{OwnerRule::kOneAtATime};
};

}  // namespace

OwnerCheck::OwnerCheck(OwnerRule rule, ArenaInterest interest) noexcept
    : ArenaObserver(interest) {
  check_owners(rule);
  forgo_blocks();
}

void hand_over(const Arena& arena) noexcept {
  detail::ArenaInsider::tell_handed_over(arena);
}

bool check_owners_from_environment() noexcept {
  const char* const value = std::getenv(kOwnerCheckVariable);
  if (value == nullptr) return false;
  if (std::string_view(value) == "thread") {
    add_default_observer(detail::immortal<ThreadCheck>().check,
                         ArenaReach::kAllArenas);
    return true;
  }
  if (std::string_view(value) == "entry") {
    add_default_observer(detail::immortal<EntryCheck>().check,
                         ArenaReach::kAllArenas);
    return true;
  }
  std::fprintf(stderr,
               "bitcoinleveldb-arena: %s is \"%s\" and has no effect; allowed: "
               "thread, entry\n",
               kOwnerCheckVariable, value);
  return false;
}

}  // namespace bitcoinleveldb
