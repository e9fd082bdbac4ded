// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_IMMORTAL_H_
#define BITCOINLEVELDB_SRC_IMMORTAL_H_

#include <cstddef>
#include <new>

namespace bitcoinleveldb::detail {

// Returns the one T of the process, made at the first call and never destroyed:
// an arena with static storage may go after main ends, and needs it then.
template <typename T>
T& immortal() noexcept {
  alignas(T) static std::byte storage[sizeof(T)];
  static T* const instance = new (storage) T;
  return *instance;
}

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_IMMORTAL_H_
