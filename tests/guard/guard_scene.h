// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TESTS_GUARD_GUARD_SCENE_H_
#define BITCOINLEVELDB_TESTS_GUARD_GUARD_SCENE_H_

#include <cstddef>
#include <memory>
#include <string>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_guard.h"

namespace bitcoinleveldb {

// What the report calls the second guarded allocation, of `bytes` bytes.
inline std::string second(std::size_t bytes) {
  return "allocation 2 \\(" + std::to_string(bytes) +
         " bytes at 0x[0-9a-f]+\\) of guarded arena [0-9]+ \\(at 0x[0-9a-f]+, "
         "\"memtable\"\\)";
}

// A guarded arena with two allocations, the second of `bytes` bytes.
class Scene {
 public:
  explicit Scene(std::size_t bytes) {
    install_guard_reporter();
    guard_arena(*arena, {0, "memtable"});
    (void)arena->allocate(7);
    ptr = arena->allocate(bytes);
  }
  std::unique_ptr<Arena> arena = std::make_unique<Arena>();
  char* ptr = nullptr;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_GUARD_GUARD_SCENE_H_
