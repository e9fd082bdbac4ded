// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A book of allocations: each is filled with a pattern of its own when it is
// entered, and all patterns can be looked at again at any time.

#ifndef BITCOINLEVELDB_TESTS_CONFORMANCE_LEDGER_H_
#define BITCOINLEVELDB_TESTS_CONFORMANCE_LEDGER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace bitcoinleveldb {

class Ledger {
 public:
  // Enters an allocation and fills it. Returns false if there is none.
  bool enter(char* ptr, std::size_t bytes) {
    if (ptr == nullptr) return false;
    const Entry entry{ptr, bytes};
    for (std::size_t i = 0; i != bytes; ++i) ptr[i] = entry.pattern(i);
    entries_.push_back(entry);
    return true;
  }

  // Returns whether every byte of every allocation is as it was filled.
  bool is_intact() const {
    return std::all_of(entries_.begin(), entries_.end(), [](const Entry& e) {
      for (std::size_t i = 0; i != e.bytes; ++i) {
        if (e.ptr[i] != e.pattern(i)) return false;
      }
      return true;
    });
  }

  // Returns whether two allocations share a byte or an address.
  bool has_overlap() const {
    std::vector<Entry> sorted = entries_;
    std::sort(sorted.begin(), sorted.end(), [](const Entry& a, const Entry& b) {
      return std::less<>()(a.ptr, b.ptr);
    });
    for (std::size_t i = 1; i < sorted.size(); ++i) {
      const Entry& before = sorted[i - 1];
      const std::size_t bytes = std::max<std::size_t>(before.bytes, 1);
      if (std::less<>()(sorted[i].ptr, before.ptr + bytes)) return true;
    }
    return false;
  }

 private:
  struct Entry {
    char* ptr;
    std::size_t bytes;

    // Depends on the address, so that no two allocations have the same.
    char pattern(std::size_t i) const {
      const auto seed = reinterpret_cast<std::uintptr_t>(ptr) * 0x9E3779B1U;
      return static_cast<char>((seed >> 8U) + i * 7);
    }
  };

  std::vector<Entry> entries_;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_CONFORMANCE_LEDGER_H_
