// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Asks whether the LevelDB drop-in is at work. The drop-in itself needs no
// header: link the CMake target `bitcoinleveldb::leveldb_dropin`, and the
// memtables of an unmodified, statically linked LevelDB lie in this project's
// arena.

#ifndef BITCOINLEVELDB_LEVELDB_DROPIN_H_
#define BITCOINLEVELDB_LEVELDB_DROPIN_H_

#include <cstddef>

namespace bitcoinleveldb {

/// Returns how many arenas LevelDB has made through the drop-in so far; 0
/// after a database was opened means that the drop-in is not at work.
/// THREAD SAFETY: may be called from any thread.
[[nodiscard]] std::size_t leveldb_dropin_arenas() noexcept;

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_LEVELDB_DROPIN_H_
