// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_PORT_FAULT_HANDLER_H_
#define BITCOINLEVELDB_SRC_PORT_FAULT_HANDLER_H_

#include <cstddef>

namespace bitcoinleveldb::port {

// Has `report` called with the address of each access that the system refuses
// (SIGSEGV and SIGBUS), in the thread that made it and within its signal
// handler, on that thread's alternate stack if it has one. After it the handler
// goes on that was there before, or what the system does by default. The one
// before is entered as the system would enter it: with the signals blocked that
// it asked for, and once if it is to be called once; but it too runs on an
// alternate stack. On Windows these are exceptions, and whoever handles them is
// called after it. The first call counts, further ones do nothing. Returns
// whether it is in place.
bool install_fault_handler(void (*report)(const void* address)) noexcept;

// Writes to standard error at once, in whatever state the process is.
void write_error(const char* text, std::size_t bytes) noexcept;

}  // namespace bitcoinleveldb::port

#endif  // BITCOINLEVELDB_SRC_PORT_FAULT_HANDLER_H_
