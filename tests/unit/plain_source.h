// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Operator new as the source of arenas without options, so that a program which
// replaces it sees every slab.

#ifndef BITCOINLEVELDB_TESTS_UNIT_PLAIN_SOURCE_H_
#define BITCOINLEVELDB_TESTS_UNIT_PLAIN_SOURCE_H_

#include <cstddef>
#include <memory_resource>

#include "bitcoinleveldb/arena_options.h"
#include "slab_memory.h"

namespace bitcoinleveldb {

// Operator new and nothing else, so that every slab is one call of it.
class PlainSource final : public std::pmr::memory_resource {
  void* do_allocate(std::size_t bytes, std::size_t /*alignment*/) override {
    return take_slab_memory(bytes);
  }
  void do_deallocate(void* memory, std::size_t /*bytes*/,
                     std::size_t /*alignment*/) override {
    give_slab_memory(memory);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }
};

// Makes a source that of arenas without options, and sets the defaults back.
class PlainByDefault {
 public:
  PlainByDefault() { set_default_arena_options(ArenaOptions{4096, &source_}); }
  PlainByDefault(const PlainByDefault&) = delete;
  PlainByDefault& operator=(const PlainByDefault&) = delete;
  ~PlainByDefault() { set_default_arena_options(ArenaOptions{}); }

 private:
  PlainSource source_;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_UNIT_PLAIN_SOURCE_H_
