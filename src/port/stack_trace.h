// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_PORT_STACK_TRACE_H_
#define BITCOINLEVELDB_SRC_PORT_STACK_TRACE_H_

#include <cstddef>
#include <cstdint>

namespace bitcoinleveldb::port {

// Puts the return addresses of the calling thread into `frames`, the one in the
// caller of this function first, and returns how many there are, at most `max`
// and never more than 96; 0 where the system cannot tell them. Takes no memory
// and no lock of ours, and needs no frame pointers. A stack that a thread has
// asked for a moment ago costs it some 20 ns, and a new one microseconds; to
// know it again takes 5 KB of each thread that asks.
std::size_t stack_trace(std::uintptr_t* frames, std::size_t max) noexcept;

}  // namespace bitcoinleveldb::port

#endif  // BITCOINLEVELDB_SRC_PORT_STACK_TRACE_H_
