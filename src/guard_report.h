// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_GUARD_REPORT_H_
#define BITCOINLEVELDB_SRC_GUARD_REPORT_H_

#include "guard_table.h"

namespace bitcoinleveldb::detail {

// Says in one line on stderr how `address` lies to the allocation of a record.
// `what` is what happened there, as in "access to". May be called in the
// handler of a signal.
void report_guard(const char* what, const void* address,
                  const GuardRecord& record) noexcept;

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_GUARD_REPORT_H_
