// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "peers/peers.h"

#include <algorithm>

#include "bitcoinleveldb/arena.h"
#include "oracle/leveldb_arena.h"

namespace arenatest {

namespace {

using Make = decltype(Peer::make);

#ifdef ARENATEST_HAS_BOOST
constexpr Make kBoost = make_boost;
#else
constexpr Make kBoost = nullptr;
#endif

#ifdef ARENATEST_HAS_PROTOBUF
constexpr Make kProtobuf = make_protobuf;
#else
constexpr Make kProtobuf = nullptr;
#endif

#ifdef ARENATEST_HAS_LLVM
constexpr Make kLlvm = make_llvm;
#else
constexpr Make kLlvm = nullptr;
#endif

}  // namespace

const std::vector<Peer>& peers() {
  static const std::vector<Peer> all = {
      {"arena", "bitcoinleveldb::Arena, ours",
       make_owned<bitcoinleveldb::Arena>},
      {"leveldb", "leveldb::Arena of the system's libleveldb.a",
       make_owned<leveldb::Arena>},
      {"pmr", "std::pmr::monotonic_buffer_resource", make_pmr},
      {"malloc", "malloc, a call for each request", make_malloc},
      {"boost", "boost::container::pmr (libboost-container-dev)", kBoost},
      {"protobuf", "google::protobuf::Arena (libprotobuf-dev)", kProtobuf},
      {"llvm", "llvm::BumpPtrAllocator (llvm-14-dev)", kLlvm},
  };
  return all;
}

const Peer* find_peer(std::string_view name) {
  const auto found = std::ranges::find(peers(), name, &Peer::name);
  return found == peers().end() ? nullptr : &*found;
}

}  // namespace arenatest
