// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What lies between an allocation and its guard pages: a few bytes behind one
// that must be aligned, and most of a page before a short one. They are filled
// and looked at once the memory goes.

#ifndef BITCOINLEVELDB_SRC_GUARD_FENCES_H_
#define BITCOINLEVELDB_SRC_GUARD_FENCES_H_

namespace bitcoinleveldb::detail {

struct GuardRecord;

void fill_fences(const GuardRecord& record) noexcept;

// Ends the program with one line if one was written to.
void check_fences(const GuardRecord& record) noexcept;

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_GUARD_FENCES_H_
