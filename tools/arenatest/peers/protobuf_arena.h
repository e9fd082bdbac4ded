// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_PEERS_PROTOBUF_ARENA_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_PEERS_PROTOBUF_ARENA_H_

#include <google/protobuf/arena.h>

#include <cstddef>

namespace arenatest {

class ProtobufArena {
 public:
  char* allocate(std::size_t bytes) {
    return google::protobuf::Arena::CreateArray<char>(&arena_, bytes);
  }
  // Protobuf's arena aligns every request to 8.
  char* allocate_aligned(std::size_t bytes) { return allocate(bytes); }
  void reset() { arena_.Reset(); }

 private:
  google::protobuf::Arena arena_;
};

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_PEERS_PROTOBUF_ARENA_H_
