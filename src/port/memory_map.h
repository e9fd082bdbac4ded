// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_PORT_MEMORY_MAP_H_
#define BITCOINLEVELDB_SRC_PORT_MEMORY_MAP_H_

#include <cstddef>
#include <cstdint>
#include <optional>

namespace bitcoinleveldb::port {

// What the system says of the memory of the process.
struct MemoryMap {
  std::size_t resident_bytes = 0;         // all of the process
  std::size_t chosen_resident_bytes = 0;  // of the chosen ranges
  std::size_t chosen_huge_bytes = 0;      // of these, on huge pages
};

// Asks the system, which takes it milliseconds. `chosen` is called with each
// range of addresses the system tells apart, and returns how many of its bytes
// are of interest; it must not map memory. Empty where the system does not say.
std::optional<MemoryMap> read_memory_map(
    std::size_t (*chosen)(std::uintptr_t start, std::uintptr_t end)) noexcept;

}  // namespace bitcoinleveldb::port

#endif  // BITCOINLEVELDB_SRC_PORT_MEMORY_MAP_H_
