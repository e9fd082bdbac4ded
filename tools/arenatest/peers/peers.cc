// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "peers/peers.h"

#include <algorithm>

namespace arenatest {

namespace {

#ifdef ARENATEST_HAS_ROCKSDB
constexpr auto kRocksDb = rocksdb_code;
#else
constexpr auto kRocksDb = left_out_code;
#endif

#ifdef ARENATEST_HAS_BOOST
constexpr auto kBoost = boost_code;
#else
constexpr auto kBoost = left_out_code;
#endif

#ifdef ARENATEST_HAS_PROTOBUF
constexpr auto kProtobuf = protobuf_code;
#else
constexpr auto kProtobuf = left_out_code;
#endif

#ifdef ARENATEST_HAS_LLVM
constexpr auto kLlvm = llvm_code;
#else
constexpr auto kLlvm = left_out_code;
#endif

}  // namespace

const std::vector<Peer>& peers() {
  static const std::vector<Peer> all = {
      {"arena", "bitcoinleveldb::Arena, ours", our_code()},
      {"leveldb", "leveldb::Arena of the system's libleveldb.a",
       leveldb_code()},
      {"rocksdb", "rocksdb::Arena, blocks of 4 KiB (librocksdb-dev)",
       kRocksDb()},
      {"pmr", "std::pmr::monotonic_buffer_resource", pmr_code()},
      {"malloc", "malloc, a call for each request", malloc_code()},
      {"boost", "boost::container::pmr (libboost-container-dev)", kBoost()},
      {"protobuf", "google::protobuf::Arena (libprotobuf-dev)", kProtobuf()},
      {"llvm", "llvm::BumpPtrAllocator (llvm-14-dev)", kLlvm()},
  };
  return all;
}

const Peer* find_peer(std::string_view name) {
  const auto found = std::ranges::find(peers(), name, &Peer::name);
  return found == peers().end() ? nullptr : &*found;
}

}  // namespace arenatest
