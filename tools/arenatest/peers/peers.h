// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_PEERS_PEERS_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_PEERS_PEERS_H_

#include <memory>
#include <string_view>
#include <vector>

#include "bitcoinleveldb/arena_like.h"
#include "bitcoinleveldb/decoded_trace.h"
#include "traces/measured_replay.h"

namespace arenatest {

// What is compiled for a peer's type.
struct PeerCode {
  // Makes a fresh arena; null if this build has been made without the library
  // that the peer needs.
  std::unique_ptr<bitcoinleveldb::ArenaFace> (*make)() = nullptr;
  ReplayFigures (*replay)(const bitcoinleveldb::DecodedTrace& trace) = nullptr;
  UsageFigures (*usage)(const bitcoinleveldb::DecodedTrace& trace) = nullptr;
  bool has_scopes = false;
};

// An arena that the harness can be run on, by name.
struct Peer {
  std::string_view name;
  std::string_view meaning;  // with the package that it needs
  PeerCode code;

  [[nodiscard]] bool is_left_out() const { return code.make == nullptr; }
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
PeerCode code_of() {
  using bitcoinleveldb::DecodedTrace;
  return {[]() -> std::unique_ptr<bitcoinleveldb::ArenaFace> {
            return std::make_unique<OwnedArena<A>>();
          },
          [](const DecodedTrace& trace) { return measure_replay<A>(trace); },
          [](const DecodedTrace& trace) { return usage_of_replay<A>(trace); },
          bitcoinleveldb::TraceReplay<A>::kHasScopes};
}

// Of a peer whose library is not installed.
inline PeerCode left_out_code() { return {}; }

PeerCode our_code();
PeerCode leveldb_code();
PeerCode pmr_code();
PeerCode malloc_code();

// Each defined in a file of its own, which is built where the library is found.
PeerCode rocksdb_code();
PeerCode boost_code();
PeerCode protobuf_code();
PeerCode llvm_code();

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_PEERS_PEERS_H_
