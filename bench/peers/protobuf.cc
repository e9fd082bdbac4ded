// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <google/protobuf/arena.h>

#include "bodies.h"

namespace bench {

namespace {

class ProtobufPeer {
 public:
  ProtobufPeer& hand() { return *this; }
  char* allocate(std::size_t bytes) {
    return google::protobuf::Arena::CreateArray<char>(&arena_, bytes);
  }
  // Protobuf's arena aligns every request to 8.
  char* allocate_aligned(std::size_t bytes) { return allocate(bytes); }

 private:
  google::protobuf::Arena arena_;
};

}  // namespace

Peer protobuf_peer() {
  return make_peer<ProtobufPeer>("protobuf", "google::protobuf::Arena");
}

}  // namespace bench
