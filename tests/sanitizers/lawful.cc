// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "lawful.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory_resource>
#include <utility>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_blocks.h"
#include "bitcoinleveldb/arena_cursor.h"
#include "bitcoinleveldb/arena_guard.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/arena_resize.h"
#include "bitcoinleveldb/arena_scope.h"
#include "bitcoinleveldb/block_depot.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/lcg_random.h"

namespace {

using bitcoinleveldb::Arena;
using bitcoinleveldb::ArenaOptions;
using bitcoinleveldb::ArenaScope;
using bitcoinleveldb::detail::ArenaDoor;
using bitcoinleveldb::detail::ArenaInsider;
using bitcoinleveldb::detail::ArenaMark;

// Compilers leave out what is written right before memory is freed, if they
// know who writes.
void* (*volatile g_memset)(void*, int, std::size_t) = std::memset;

// Writes all over what it gets back, as a source of a user's may.
class WritingSource final : public std::pmr::memory_resource {
 private:
  void* do_allocate(std::size_t bytes, std::size_t) override {
    return std::malloc(bytes);
  }
  void do_deallocate(void* memory, std::size_t bytes, std::size_t) override {
    (void)g_memset(memory, 0, bytes);
    std::free(memory);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }
};

struct Piece {
  char* ptr;
  std::size_t bytes;
  unsigned char value;
};

void check(const Piece& piece) {
  for (std::size_t i = 0; i != piece.bytes; ++i) {
    if (static_cast<unsigned char>(piece.ptr[i]) != piece.value) std::exit(3);
  }
}

// Looks at all pieces just before they go, as what lies in an arena and is
// destroyed with it does.
class Mourner final : public ArenaDoor {
 public:
  explicit Mourner(std::vector<Piece>& pieces) : pieces_(pieces) {}
  ~Mourner() = default;
  Mourner(const Mourner&) = delete;
  Mourner& operator=(const Mourner&) = delete;

  std::size_t passed(
      const Arena&,
      const bitcoinleveldb::detail::ColdAllocation&) noexcept override {
    return SIZE_MAX;
  }
  void rewinding(Arena&, const ArenaMark&, std::size_t) noexcept override {
    look();
  }
  void resetting(Arena&, std::size_t) noexcept override { look(); }
  void ending(Arena&) noexcept override { look(); }

 private:
  void look() noexcept {
    for (const Piece& piece : pieces_) check(piece);
  }

  std::vector<Piece>& pieces_;
};

class Life {
 public:
  Life(std::uint64_t seed, std::pmr::memory_resource* source)
      : random_(seed), source_(source), arena_(options()) {}

  void live() {
    Mourner mourner(pieces_);
    ArenaInsider::attach(arena_, mourner);
    act(150, 0);
    arena_ = Arena();
    pieces_.clear();
    act(150, 0);  // on an arena that is given no options
  }

 private:
  ArenaOptions options() const {
    ArenaOptions options;
    options.block_source = source_;
    return options;
  }

  std::size_t size() {
    switch (random_.uniform(8)) {
      case 0:
        return random_.uniform(6000);
      case 1:
        return random_.uniform(60000);
      default:
        return random_.uniform(300);
    }
  }

  void keep(char* ptr, std::size_t bytes) {
    if (bytes == 0) bytes = 1;
    const auto value = static_cast<unsigned char>(random_.uniform(256));
    std::memset(ptr, value, bytes);
    pieces_.push_back({ptr, bytes, value});
  }

  void resize() {
    if (pieces_.empty()) return;
    Piece& newest = pieces_.back();
    const std::size_t bytes = 1 + random_.uniform(2 * newest.bytes);
    if (!try_resize_newest(arena_, newest.ptr, newest.bytes, bytes)) return;
    newest.bytes = bytes;
    std::memset(newest.ptr, newest.value, bytes);
  }

  void use_cursor() {
    bitcoinleveldb::ArenaCursor cursor(arena_);
    for (int i = 0; i != 10; ++i) {
      const std::size_t bytes = 1 + random_.uniform(100);
      keep(i % 2 == 0 ? cursor.allocate(bytes) : cursor.allocate_aligned(bytes),
           bytes);
    }
  }

  void reserve() {
    const bitcoinleveldb::detail::BlockRun run{1 + size(), 3, true};
    if (!ArenaInsider::reserve(arena_, &run, 1)) std::exit(3);
  }

  void begin_scope(int depth) {
    const std::size_t pieces = pieces_.size();
    {
      ArenaScope scope(arena_);
      act(20, depth + 1);
      scope.rewind();
      pieces_.resize(pieces);
      act(20, depth + 1);
    }
    pieces_.resize(pieces);
  }

  void reset() {
    const std::size_t keeps[] = {0, 20000, Arena::kKeepAll};
    arena_.reset(keeps[random_.uniform(3)]);
    pieces_.clear();
  }

  void move() {
    Arena taker(std::move(arena_));
    keep(taker.allocate(10), 10);
    arena_ = std::move(taker);
  }

  void act(int count, int depth) {
    for (int i = 0; i != count; ++i) {
      const std::size_t bytes = size();
      switch (random_.uniform(16)) {
        case 0:
          resize();
          break;
        case 1:
          use_cursor();
          break;
        case 2:
          if (random_.one_in(4)) reserve();
          break;
        case 3:
          if (depth < 3 && random_.one_in(4)) begin_scope(depth);
          break;
        case 4:
          if (depth == 0 && random_.one_in(4)) reset();
          break;
        case 5:
          if (depth == 0) move();
          break;
        case 6:
          keep(arena_.allocate_aligned(bytes,
                                       std::size_t{1} << random_.uniform(9)),
               bytes);
          break;
        case 7:
          keep(arena_.allocate_aligned(bytes), bytes);
          break;
        default:
          keep(arena_.allocate(bytes), bytes);
      }
    }
    for (const Piece& piece : pieces_) check(piece);
    std::size_t usage = 0;
    for (const auto block : bitcoinleveldb::ArenaBlocks(arena_)) {
      usage += block.bytes + sizeof(char*);
    }
    if (usage != arena_.memory_usage()) std::exit(3);
  }

  bitcoinleveldb::LcgRandom random_;
  std::pmr::memory_resource* source_;
  std::vector<Piece> pieces_;
  Arena arena_;
};

}  // namespace

void lawful() {
  WritingSource writing;
  bitcoinleveldb::BlockDepotOptions options;
  options.upstream = &writing;
  bitcoinleveldb::BlockDepot depot(options);
  for (std::uint64_t seed = 0; seed != 30; ++seed) {
    std::pmr::memory_resource* const sources[] = {nullptr, &writing, &depot};
    Life(seed, sources[seed % 3]).live();
  }
  // The guard outlives a reset that leaves nothing, and the slab with it.
  Arena guarded;
  (void)guarded.allocate(1);
  bitcoinleveldb::guard_arena(guarded, {std::size_t{1} << 20U, nullptr});
  guarded.reset(0);
  std::memset(guarded.allocate(1000), 1, 1000);
}
