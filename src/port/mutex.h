// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_PORT_MUTEX_H_
#define BITCOINLEVELDB_SRC_PORT_MUTEX_H_

#include <mutex>
#include <type_traits>

namespace bitcoinleveldb::port {

// A mutex for static storage, where nothing makes it and nothing destroys it:
// whoever else has static storage may come before it and go after it. That of
// the standard library is one, but not on Windows.
#if defined(_WIN32)
class Mutex {
 public:
  constexpr Mutex() noexcept = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void lock() noexcept;
  void unlock() noexcept;

 private:
  void* state_ = nullptr;  // as the system keeps it
};
#else
using Mutex = std::mutex;
#endif

static_assert(std::is_trivially_destructible_v<Mutex>);

}  // namespace bitcoinleveldb::port

#endif  // BITCOINLEVELDB_SRC_PORT_MUTEX_H_
