// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "port/mutex.h"

#if defined(_WIN32)

#include <windows.h>

namespace bitcoinleveldb::port {

namespace {

// The header of the system would define thousands of names for whoever has a
// mutex, so that the lock is known here alone.
SRWLOCK* system_lock(void** state) noexcept {
  static_assert(sizeof(SRWLOCK) == sizeof *state);
  return reinterpret_cast<SRWLOCK*>(state);
}

}  // namespace

void Mutex::lock() noexcept { AcquireSRWLockExclusive(system_lock(&state_)); }
void Mutex::unlock() noexcept { ReleaseSRWLockExclusive(system_lock(&state_)); }

}  // namespace bitcoinleveldb::port

#endif
