// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_WITHOUT_THROWING_H_
#define BITCOINLEVELDB_SRC_WITHOUT_THROWING_H_

namespace bitcoinleveldb::detail {

// Returns what `call` returns, or null or false if it throws, whatever it
// throws: a block source may be anyone's.
template <class Call>
auto without_throwing(Call call) noexcept -> decltype(call()) {
#ifdef __cpp_exceptions
  try {
    return call();
  } catch (...) {
    return {};
  }
#else
  return call();
#endif
}

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_WITHOUT_THROWING_H_
