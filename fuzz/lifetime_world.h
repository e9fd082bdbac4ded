// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What the fuzzer `lifetimes` knows of an arena: all that lives in it, byte for
// byte, the objects it owns, its scopes and its peak.

#ifndef BITCOINLEVELDB_FUZZ_LIFETIME_WORLD_H_
#define BITCOINLEVELDB_FUZZ_LIFETIME_WORLD_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_blocks.h"
#include "bitcoinleveldb/arena_scope.h"
#include "bitcoinleveldb/arena_stats.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "require.h"

namespace bitcoinleveldb {

// The numbers of the objects that an arena owns, oldest first.
using Ledger = std::vector<std::uint32_t>;

// An object that says when it goes, and finds out if it was written over.
class Owned {
 public:
  struct ConstructionFailed {};

  Owned(Ledger& ledger, std::uint32_t number, bool fails)
      : ledger_(&ledger), number_(number) {
    if (fails) throw ConstructionFailed();
    std::memset(content_, content_of(number), sizeof(content_));
    ledger.push_back(number);
  }
  ~Owned() {
    const std::uint8_t right = content_of(number_);
    require(std::all_of(std::begin(content_), std::end(content_),
                        [right](std::uint8_t byte) { return byte == right; }),
            "an object was written over");
    require(!ledger_->empty() && ledger_->back() == number_,
            "an object was destroyed out of turn, or twice");
    ledger_->pop_back();
  }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;

 private:
  static std::uint8_t content_of(std::uint32_t number) {
    return static_cast<std::uint8_t>(number * 7 + 3);
  }

  Ledger* ledger_;
  std::uint32_t number_;
  std::uint8_t content_[40];
};

// An allocation whose every byte is known.
struct Known {
  char* ptr;
  std::size_t bytes;
  char content;
  std::size_t depth;  // the scopes that were open
};

// Fills it, but for its first `from` bytes.
inline void write(const Known& known, std::size_t from = 0) {
  std::memset(known.ptr + from, known.content, known.bytes - from);
}

inline void check(const Known& known, std::size_t bytes) {
  require(std::all_of(known.ptr, known.ptr + bytes,
                      [&](char byte) { return byte == known.content; }),
          "an allocation was written over");
}

// An arena and all that is known of it.
class KnownArena {
 public:
  KnownArena() = default;
  ~KnownArena() {
    check_all();
    while (!levels_.empty()) end_scope();
    arena_ = Arena();
    require(ledger_->empty(), "an object outlived its arena");
  }
  KnownArena(const KnownArena&) = delete;
  KnownArena& operator=(const KnownArena&) = delete;

  Arena& arena() { return arena_; }
  [[nodiscard]] const Arena& arena() const { return arena_; }
  Ledger& ledger() { return *ledger_; }
  std::vector<Known>& known() { return known_; }
  [[nodiscard]] std::size_t depth() const { return levels_.size(); }
  // Whether its memory is from the source that the fuzzer counts.
  [[nodiscard]] bool is_counted() const { return is_counted_; }

  // Takes note of what was served.
  void served(char* ptr, std::size_t bytes, char content) {
    known_.push_back({ptr, std::max<std::size_t>(bytes, 1), content, depth()});
    write(known_.back());
    note_peak();
  }

  void note_peak() { peak_ = std::max(peak_, arena_.memory_usage()); }

  // Begins a scope; throws what the arena throws.
  void begin_scope() {
    auto level = std::make_unique<Level>(arena_);
    level->known = known_.size();
    level->owned = ledger_->size();
    levels_.push_back(std::move(level));
  }

  void rewind(std::size_t keep_bytes) {
    leave(*levels_.back());
    levels_.back()->scope->rewind(keep_bytes);
    arrive(*levels_.back());
  }

  void end_scope() {
    const std::unique_ptr<Level> level = std::move(levels_.back());
    levels_.pop_back();
    leave(*level);
    level->scope.reset();
    arrive(*level);
  }

  // REQUIRES: no scope is open, here and below.
  void reset(std::size_t keep_bytes) {
    check_all();
    arena_.reset(keep_bytes);
    known_.clear();
    require(ledger_->empty(), "an object outlived a reset");
    require(arena_.memory_usage() == 0, "usage after a reset");
    if (detail::ArenaInsider::record(arena_) == nullptr) peak_ = 0;
  }

  void renew(const ArenaOptions& options) {
    Arena fresh(options);
    check_all();
    arena_ = std::move(fresh);
    known_.clear();
    require(ledger_->empty(), "an object outlived its arena");
    peak_ = 0;
    is_counted_ = true;
  }

  void take_over(KnownArena& other) {
    check_all();
    arena_ = std::move(other.arena_);
    require(ledger_->empty(), "an object outlived its arena");
    known_ = std::exchange(other.known_, {});
    ledger_.swap(other.ledger_);
    peak_ = std::exchange(other.peak_, 0);
    is_counted_ = std::exchange(other.is_counted_, false);
  }

  // Looks at everything there is.
  void check_all() const {
    for (const Known& known : known_) {
      check(known, known.bytes);
      require(contains(arena_, known.ptr) &&
                  contains(arena_, known.ptr + known.bytes - 1),
              "an allocation outside its arena");
    }
    std::size_t usage = 0;
    std::size_t blocks = 0;
    for (const ArenaBlock block : ArenaBlocks(arena_)) {
      usage += block.bytes + sizeof(char*);
      ++blocks;
    }
    const ArenaStats figures = stats(arena_);
    require(usage == arena_.memory_usage() && usage == figures.usage, "usage");
    require(blocks == figures.blocks, "blocks");
    require(figures.usage_peak == peak_, "peak");
    require(figures.reserved_bytes >= usage &&
                figures.spare_bytes <= figures.reserved_bytes,
            "reserve");
  }

 private:
  struct Level {
    explicit Level(Arena& arena)
        : scope(std::in_place, arena), usage(arena.memory_usage()) {}

    std::optional<ArenaScope> scope;  // so that it can end before this
    std::size_t usage;
    std::size_t known = 0;
    std::size_t owned = 0;
  };

  void leave(const Level& level) const {
    for (std::size_t i = level.known; i != known_.size(); ++i) {
      check(known_[i], known_[i].bytes);
    }
    require(level.scope->usage_before() == level.usage, "usage before");
  }

  void arrive(const Level& level) {
    known_.erase(known_.begin() + static_cast<std::ptrdiff_t>(level.known),
                 known_.end());
    require(arena_.memory_usage() == level.usage, "usage after a rewind");
    require(ledger_->size() == level.owned, "objects after a rewind");
  }

  Arena arena_;
  std::unique_ptr<Ledger> ledger_ = std::make_unique<Ledger>();
  std::vector<Known> known_;
  std::vector<std::unique_ptr<Level>> levels_;
  std::size_t peak_ = 0;
  bool is_counted_ = false;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_FUZZ_LIFETIME_WORLD_H_
