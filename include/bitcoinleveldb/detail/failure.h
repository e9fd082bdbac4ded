// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// How the library fails. A `throw` does not compile where exceptions are off,
// so headers call these functions, which live in the library. In a build of
// the library without exceptions they print one line and abort.

#ifndef BITCOINLEVELDB_DETAIL_FAILURE_H_
#define BITCOINLEVELDB_DETAIL_FAILURE_H_

#include <cstddef>

#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb::detail {

/// Throws `std::bad_alloc`; `bytes` is what was asked for.
[[noreturn]] BITCOINLEVELDB_COLD BITCOINLEVELDB_EXPORT void fail_exhausted(
    std::size_t bytes);

/// Throws `std::bad_array_new_length`: `n` objects of `bytes` bytes each are
/// more bytes than a size can say.
[[noreturn]] BITCOINLEVELDB_COLD BITCOINLEVELDB_EXPORT void fail_array_length(
    std::size_t n, std::size_t bytes);

/// Throws `std::invalid_argument` with `message`.
[[noreturn]] BITCOINLEVELDB_COLD BITCOINLEVELDB_EXPORT void fail_invalid(
    const char* message);

/// Throws `std::invalid_argument` that says which value `what` had and, in
/// `allowed`, which it may have.
[[noreturn]] BITCOINLEVELDB_COLD BITCOINLEVELDB_EXPORT void fail_invalid_value(
    const char* what, std::size_t value, const char* allowed);

/// Prints `message` in one line and aborts, whatever the build: for misuse
/// found where nothing can be thrown and going on would corrupt memory.
[[noreturn]] BITCOINLEVELDB_COLD BITCOINLEVELDB_EXPORT void fail_misuse(
    const char* message) noexcept;

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_DETAIL_FAILURE_H_
