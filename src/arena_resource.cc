// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/arena_resource.h"

#include <utility>

namespace bitcoinleveldb {

namespace {

// The resource of this thread that is finding out what `other` is.
thread_local const ArenaResource* t_asking = nullptr;

}  // namespace

// Of which type `other` is cannot be looked up: a dynamic_cast needs RTTI in
// this library, and crashes on resources of programs compiled without it. But
// `other` can be asked in its turn. If it is one of ours it finds itself asked
// by the resource that is asking, whose type it knows; any other resource says
// by itself that it is not equal to ours.
bool ArenaResource::do_is_equal(
    const std::pmr::memory_resource& other) const noexcept {
  if (&other == t_asking) return arena_ == t_asking->arena_;
  // A resource that has no answer of its own, and asks back.
  if (t_asking == this) return false;
  const ArenaResource* const before = std::exchange(t_asking, this);
  const bool equal = other.is_equal(*this);
  t_asking = before;
  return equal;
}

}  // namespace bitcoinleveldb
