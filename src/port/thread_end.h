// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_PORT_THREAD_END_H_
#define BITCOINLEVELDB_SRC_PORT_THREAD_END_H_

namespace bitcoinleveldb::port {

// Whether the destructor of something thread-local may look at what else is of
// the thread, or at itself. MinGW gives both back to the heap before.
#if defined(__MINGW32__)
inline constexpr bool kThreadEndIsSeen = false;
#else
inline constexpr bool kThreadEndIsSeen = true;
#endif

}  // namespace bitcoinleveldb::port

#endif  // BITCOINLEVELDB_SRC_PORT_THREAD_END_H_
