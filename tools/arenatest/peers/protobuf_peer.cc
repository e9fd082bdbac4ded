// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <google/protobuf/arena.h>

#include "peers/peers.h"

namespace arenatest {

namespace {

class ProtobufArena {
 public:
  char* allocate(std::size_t bytes) {
    return google::protobuf::Arena::CreateArray<char>(&arena_, bytes);
  }
  // Protobuf's arena aligns every request to 8.
  char* allocate_aligned(std::size_t bytes) { return allocate(bytes); }

 private:
  google::protobuf::Arena arena_;
};

}  // namespace

std::unique_ptr<bitcoinleveldb::ArenaFace> make_protobuf() {
  return make_owned<ProtobufArena>();
}

}  // namespace arenatest
