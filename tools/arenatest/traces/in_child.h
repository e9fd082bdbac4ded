// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// Work in a child of fork: it begins with the memory of this process as it is,
// and what it does to the heap, to caches and to peaks ends with it.

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_TRACES_IN_CHILD_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_TRACES_IN_CHILD_H_

#include <cstring>
#include <functional>
#include <string>
#include <type_traits>

namespace arenatest {

// Runs `work` in a child and returns the bytes that it returned. Throws
// std::runtime_error with what it threw, or how it ended.
std::string bytes_of_child(const std::function<std::string()>& work);

// As above, of a value.
template <class Work>
auto in_child(Work work) {
  using Value = std::invoke_result_t<Work>;
  static_assert(std::is_trivially_copyable_v<Value>);
  const std::string bytes = bytes_of_child([&] {
    const Value value = work();
    return std::string(reinterpret_cast<const char*>(&value), sizeof(value));
  });
  Value value;
  std::memcpy(&value, bytes.data(), sizeof(value));
  return value;
}

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_TRACES_IN_CHILD_H_
