// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <algorithm>
#include <sstream>

#include "peer.h"

namespace bench {

const std::vector<Peer>& peers() {
  static const std::vector<Peer> all = {
      ours_peer(),          ours_cursor_peer(),
      ours_depot_peer(),    leveldb_peer(),
      leveldb_again_peer(),
#ifdef BENCH_HAS_ROCKSDB
      rocksdb_peer(),       rocksdb_memtable_peer(),
      rocksdb_live_peer(),
#endif
      pmr_peer(),
#ifdef BENCH_HAS_BOOST
      boost_peer(),
#endif
#ifdef BENCH_HAS_PROTOBUF
      protobuf_peer(),
#endif
#ifdef BENCH_HAS_LLVM
      llvm_peer(),
#endif
      malloc_peer(),        raw_peer(),
      raw_object_peer(),    raw_blocks_peer(),
      raw_mapped_peer(),
  };
  return all;
}

Figures figures_in(const std::string& text) {
  std::istringstream lines(text);
  Figures figures;
  std::string name;
  for (double value = 0; lines >> name >> value;) {
    figures.emplace_back(name, value);
  }
  return figures;
}

std::string left_out() {
  std::string text;
  const auto name = [&](const char* peer) {
    text += (text.empty() ? "" : ", ") + std::string(peer);
  };
#ifndef BENCH_HAS_ROCKSDB
  name("rocksdb (librocksdb-dev)");
#endif
#ifndef BENCH_HAS_BOOST
  name("boost (libboost-container-dev)");
#endif
#ifndef BENCH_HAS_PROTOBUF
  name("protobuf (libprotobuf-dev)");
#endif
#ifndef BENCH_HAS_LLVM
  name("llvm (llvm-14-dev)");
#endif
  (void)name;
  return text;
}

const Peer* find_peer(std::string_view name) {
  const auto found = std::ranges::find(peers(), name, &Peer::name);
  return found == peers().end() ? nullptr : &*found;
}

}  // namespace bench
