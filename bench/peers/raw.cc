// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <cstring>

#include "bitcoinleveldb/huge_page_source.h"
#include "bodies.h"

namespace bench {

namespace {

// The floor: pointer += bytes over memory that is there and warm. Nothing is
// checked or aligned, so it is no arena and no one's peer.
class RawPeer {
 public:
  RawPeer() : at_(memory()) {}

  // In a local variable, as any loop without an arena would have it.
  class Hand {
   public:
    explicit Hand(char* at) : at_(at) {}
    char* allocate(std::size_t bytes) {
      char* const result = at_;
      at_ += bytes;
      return result;
    }
    char* allocate_aligned(std::size_t bytes) { return allocate(bytes); }

   private:
    char* at_;
  };

  Hand hand() { return Hand(at_); }

  static void prepare(std::size_t bytes) { memory() = take(bytes); }

 private:
  // On huge pages, because a floor is no floor on ordinary ones, and touched.
  // The process ends with the measurement, so nothing is given back.
  static char* take(std::size_t bytes) {
    void* const all = bitcoinleveldb::huge_page_source()->allocate(bytes);
    return static_cast<char*>(std::memset(all, 1, bytes));
  }

  static char*& memory() {
    constexpr std::size_t kSmallRows = std::size_t{2} << 20U;
    static char* all = take(kSmallRows);
    return all;
  }

  char* at_;
};

}  // namespace

Peer raw_peer() {
  return make_peer<RawPeer>("raw", "a pointer moved over warm memory");
}

}  // namespace bench
