// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// How the library and the harness say a line. Lines are made without a heap
// allocation, because most are said in the middle of one.

#ifndef BITCOINLEVELDB_DETAIL_LOG_LINE_H_
#define BITCOINLEVELDB_DETAIL_LOG_LINE_H_

#include "bitcoinleveldb/detail/attributes.h"
#include "bitcoinleveldb/log.h"

namespace bitcoinleveldb::detail {

/// Says one line, formatted as by `printf`, if `level` is said; beyond 511
/// bytes it is cut. Does nothing in a logger's call, which would never end.
BITCOINLEVELDB_PRINTF(2, 3)
BITCOINLEVELDB_COLD BITCOINLEVELDB_EXPORT void log_line(LogLevel level,
                                                        const char* format,
                                                        ...) noexcept;

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_DETAIL_LOG_LINE_H_
