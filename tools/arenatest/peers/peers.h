// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_PEERS_PEERS_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_PEERS_PEERS_H_

#include <memory>
#include <string_view>
#include <vector>

#include "bitcoinleveldb/arena_like.h"

namespace arenatest {

// An arena that the harness can be run on, by name.
struct Peer {
  std::string_view name;
  std::string_view meaning;
  // Makes a fresh one; null if this build has been made without the library
  // that `meaning` names.
  std::unique_ptr<bitcoinleveldb::ArenaFace> (*make)();
};

// Returns ours first, then every peer, those left out of this build included.
const std::vector<Peer>& peers();

// Returns the peer of that name, or null.
const Peer* find_peer(std::string_view name);

// An arena of type A together with its face.
template <class A>
class OwnedArena final : public bitcoinleveldb::ArenaFace {
 public:
  char* allocate(std::size_t bytes) override { return face_.allocate(bytes); }
  char* allocate_aligned(std::size_t bytes) override {
    return face_.allocate_aligned(bytes);
  }
  [[nodiscard]] std::optional<std::size_t> memory_usage() const override {
    return face_.memory_usage();
  }

 private:
  A arena_;
  bitcoinleveldb::ArenaOf<A> face_{arena_};
};

template <class A>
std::unique_ptr<bitcoinleveldb::ArenaFace> make_owned() {
  return std::make_unique<OwnedArena<A>>();
}

// Each defined in a file of its own, which is built where the library is found.
std::unique_ptr<bitcoinleveldb::ArenaFace> make_malloc();
std::unique_ptr<bitcoinleveldb::ArenaFace> make_pmr();
std::unique_ptr<bitcoinleveldb::ArenaFace> make_boost();
std::unique_ptr<bitcoinleveldb::ArenaFace> make_protobuf();
std::unique_ptr<bitcoinleveldb::ArenaFace> make_llvm();

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_PEERS_PEERS_H_
