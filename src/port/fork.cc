// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "port/fork.h"

#if defined(__unix__) || defined(__APPLE__)

#include <pthread.h>

namespace bitcoinleveldb::port {

// It fails for want of memory only; then a fork is as it was without it.
void at_fork(void (*before)(), void (*parent)(), void (*child)()) noexcept {
  pthread_atfork(before, parent, child);
}

}  // namespace bitcoinleveldb::port

#else

namespace bitcoinleveldb::port {

void at_fork(void (*)(), void (*)(), void (*)()) noexcept {}

}  // namespace bitcoinleveldb::port

#endif
