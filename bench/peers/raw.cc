// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <cstring>

#include "bitcoinleveldb/detail/placement.h"
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

 private:
  char* at_;
};

// As above, with the pointer where an arena has its own: in an object that
// others may know of, so that each allocation waits for the store of the last.
class RawObjectPeer {
 public:
  RawObjectPeer() : at_(RawPeer::memory()) { keep(this); }

  RawObjectPeer& hand() { return *this; }
  char* allocate(std::size_t bytes) {
    char* const result = at_;
    at_ += bytes;
    return result;
  }
  char* allocate_aligned(std::size_t bytes) { return allocate(bytes); }

  static void prepare(std::size_t bytes) { RawPeer::prepare(bytes); }

 private:
  // Tells the compiler that the object is known elsewhere.
  static void keep(void* object) {
    __asm__ volatile("" : : "g"(object) : "memory");
  }

  char* at_;
};

// The least that an arena costs which ends its blocks where LevelDB's usage
// says and keeps its bump state where LevelDB's layout does: blocks that lie
// ready on warm memory, with a head each, and nothing told of them but the
// usage.
class RawBlocksPeer {
 public:
  RawBlocksPeer() : next_(RawPeer::memory()) {}

  RawBlocksPeer& hand() { return *this; }
  char* allocate(std::size_t bytes) { return allocate(bytes, 1); }
  char* allocate_aligned(std::size_t bytes) { return allocate(bytes, 8); }

  // Blocks leave tails, so they need more than what is allocated of them.
  static void prepare(std::size_t bytes) {
    RawPeer::prepare(bytes + bytes / 8 + kHead + kBlock);
  }

 private:
  static constexpr std::size_t kHead = 16;
  static constexpr std::size_t kBlock = 4096;

  char* allocate(std::size_t bytes, std::size_t alignment) {
    char* result;
    return bitcoinleveldb::detail::bump_by_count(&at_, &remaining_, bytes,
                                                 alignment, &result)
               ? result
               : allocate_in_next(bytes);
  }

  [[gnu::noinline, gnu::cold]] char* allocate_in_next(std::size_t bytes) {
    char* const block = next_ + kHead;
    std::memcpy(next_, &newest_, sizeof(newest_));
    newest_ = next_;
    next_ = block + kBlock;
    usage_ += kBlock + sizeof(char*);
    at_ = block + bytes;
    remaining_ = kBlock - bytes;
    return block;
  }

  char* at_ = nullptr;
  std::size_t remaining_ = 0;
  char* next_;
  char* newest_ = nullptr;
  std::size_t usage_ = 0;
};

// As the first, over memory that is mapped for it and unmapped after: what the
// system takes for a fill, whoever asks for it.
class RawMappedPeer {
 public:
  RawMappedPeer()
      : memory_(static_cast<char*>(
            bitcoinleveldb::huge_page_source()->allocate(bytes()))) {}
  ~RawMappedPeer() {
    bitcoinleveldb::huge_page_source()->deallocate(memory_, bytes());
  }
  RawMappedPeer(const RawMappedPeer&) = delete;
  RawMappedPeer& operator=(const RawMappedPeer&) = delete;

  RawPeer::Hand hand() { return RawPeer::Hand(memory_); }

  static void prepare(std::size_t needed) { bytes() = needed; }

 private:
  static std::size_t& bytes() {
    static std::size_t needed = 0;
    return needed;
  }

  char* memory_;
};

}  // namespace

Peer raw_peer() {
  return make_peer<RawPeer>("raw", "a pointer moved over warm memory");
}

Peer raw_object_peer() {
  return make_peer<RawObjectPeer>("raw-object",
                                  "the same, the pointer in an object");
}

Peer raw_blocks_peer() {
  return make_peer<RawBlocksPeer>("raw-blocks",
                                  "the same, with LevelDB's ends of blocks");
}

Peer raw_mapped_peer() {
  return make_peer<RawMappedPeer>("raw-mapped",
                                  "the same over a mapping just made");
}

}  // namespace bench
