// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Any sequence of calls, beside the real LevelDB arena: after each one the
// pointer lies in the block of the same number, at the same offset and residue,
// and usage is the same. In between the cold door opens and shuts, requests
// fail, scopes come and go, the arena is moved or reset, and none of it may
// show.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <new>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_cursor.h"
#include "bitcoinleveldb/arena_resource.h"
#include "bitcoinleveldb/arena_scope.h"
#include "bitcoinleveldb/block_depot.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/memory_budget.h"
#include "fuzz_input.h"
#include "fuzz_source.h"
#include "oracle/leveldb_arena.h"
#include "require.h"

namespace bitcoinleveldb {

namespace {
using detail::ArenaInsider;

class GrantingDoor final : public detail::ArenaDoor {
 public:
  explicit GrantingDoor(std::size_t grant) : grant_(grant) {}
  std::size_t passed(
      const Arena& /*arena*/,
      const detail::ColdAllocation& allocation) noexcept override {
    require(allocation.ptr != nullptr, "a door was told of nothing");
    return grant_;
  }

 private:
  std::size_t grant_;
};

struct Place {
  std::size_t block;
  std::size_t offset;
  std::size_t residue;
  std::size_t usage;
  friend bool operator==(const Place&, const Place&) = default;
};

struct Extent {
  const char* data;
  std::size_t bytes;
};

// Where `ptr` lies among blocks, of which the newest are the likeliest.
Place find(const std::vector<Extent>& blocks, const char* ptr,
           std::size_t bytes, std::size_t usage) {
  for (std::size_t i = blocks.size(); i != 0; --i) {
    const auto start = reinterpret_cast<std::uintptr_t>(blocks[i - 1].data);
    const auto place = reinterpret_cast<std::uintptr_t>(ptr);
    if (place < start || place - start >= blocks[i - 1].bytes) continue;
    require(bytes <= blocks[i - 1].bytes - (place - start),
            "an allocation reaches beyond its block");
    return {i - 1, place - start, place % (2 * sizeof(void*)), usage};
  }
  require(false, "an allocation in no block");
  return {};
}

// The real arena, and what its blocks are.
class Oracle {
 public:
  Place place(std::size_t bytes, bool aligned) {
    const std::size_t before = arena_.MemoryUsage();
    const char* const ptr =
        aligned ? arena_.AllocateAligned(bytes) : arena_.Allocate(bytes);
    const std::size_t grown = arena_.MemoryUsage() - before;
    if (grown != 0) {
      blocks_.push_back({arena_.blocks.back(), grown - sizeof(char*)});
    }
    return find(blocks_, ptr, bytes, arena_.MemoryUsage());
  }

 private:
  leveldb::Arena arena_;
  std::vector<Extent> blocks_;
};

class Comparison {
 public:
  explicit Comparison(FuzzInput& input)
      : input_(input), depot_(BlockDepotOptions{65536, 16, &source_}) {
    MemoryBudgetOptions budget;
    budget.upstream = &depot_;
    budget_.emplace(budget);
    switch (input_.below(6)) {
      case 0:
        break;
      case 1:
        make(&source_);
        break;
      case 2:
        make(&depot_);
        break;
      case 3:
        make(&*budget_);
        break;
      case 4:
        make(std::pmr::new_delete_resource());
        break;
      default:
        make(&pool_);
    }
  }

  ~Comparison() { detach_all(); }
  Comparison(const Comparison&) = delete;
  Comparison& operator=(const Comparison&) = delete;

  void step() {
    switch (const std::size_t op = input_.below(24)) {
      case 18:
        return attach();
      case 19:
        return detach_all();
      case 20:
        return fail();
      case 21:
        return visit_scope();
      case 22:
        return move();
      case 23:
        return reset();
      default:
        return request(op);
    }
  }

  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  void make(std::pmr::memory_resource* source) {
    ArenaOptions options;
    options.block_source = source;
    arena_ = Arena(options);
  }

  void request(std::size_t way) {
    // The oracle has no answer to 0 bytes.
    const std::size_t bytes = input_.size() % 32768 + 1;
    const bool aligned = way % 2 == 1;
    bytes_ += bytes;
    char* const ptr = serve(way / 2, bytes, aligned);
    note_blocks();
    const Place ours = find(blocks_, ptr, bytes, arena_.memory_usage());
    require(ours == oracle_->place(bytes, aligned), "LevelDB placed otherwise");
    if (aligned) require(ours.residue % 8 == 0, "not aligned");
    // Behind what it is given, a program writes.
    ptr[0] = 1;
    ptr[bytes - 1] = 1;
  }

  // All that place as LevelDB does.
  char* serve(std::size_t way, std::size_t bytes, bool aligned) {
    const std::size_t alignment = aligned ? Arena::kAlignment : 1;
    switch (way) {
      case 0:
        return aligned ? arena_.try_allocate_aligned(bytes)
                       : arena_.try_allocate(bytes);
      case 1:
        return arena_.allocate_aligned(bytes, alignment);
      case 2:
        return arena_.try_allocate_aligned(bytes, alignment);
      case 3: {
        ArenaCursor cursor(arena_);
        return aligned ? cursor.allocate_aligned(bytes)
                       : cursor.allocate(bytes);
      }
      case 4: {
        ArenaResource resource(arena_);
        return static_cast<char*>(resource.allocate(bytes, alignment));
      }
      default:
        return aligned ? arena_.allocate_aligned(bytes)
                       : arena_.allocate(bytes);
    }
  }

  void note_blocks() {
    if (ArenaInsider::blocks(arena_) == blocks_.size()) return;
    const detail::Block& newest = *ArenaInsider::newest_block(arena_);
    blocks_.push_back({newest.data(), newest.bytes()});
    require(ArenaInsider::blocks(arena_) == blocks_.size(),
            "more than one block for one request");
  }

  void attach() {
    constexpr std::array<std::size_t, 8> kGrants = {0,   1,    15,   16,
                                                    100, 1000, 4096, SIZE_MAX};
    if (doors_.size() == 4) return;
    doors_.push_back(std::make_unique<GrantingDoor>(kGrants[input_.below(8)]));
    ArenaInsider::attach(arena_, *doors_.back());
  }

  void detach_all() {
    for (const auto& door : doors_) ArenaInsider::detach(arena_, *door);
    doors_.clear();
  }

  // Nothing that fails leaves a trace.
  void fail() {
    const std::size_t too_many = SIZE_MAX - input_.below(256);
    const std::size_t no_power = 3 + 2 * input_.below(126);
    require(arena_.try_allocate(too_many) == nullptr, "more than there is");
    require(arena_.try_allocate_aligned(too_many) == nullptr,
            "more than there is, aligned");
    if ((no_power & (no_power - 1)) != 0) {
      require(arena_.try_allocate_aligned(8, no_power) == nullptr,
              "an alignment that is none");
    }
    try {
      (void)arena_.allocate_aligned(too_many);
      require(false, "more than there is, and no exception");
    } catch (const std::bad_alloc&) {
    }
  }

  // What happens in a scope never happened.
  void visit_scope() {
    const ArenaScope scope(arena_);
    for (std::size_t n = input_.below(8); n != 0; --n) {
      const std::size_t bytes = input_.size();
      bytes_ += bytes;
      require(arena_.try_allocate_aligned(bytes, 1 + n % 2) != nullptr ||
                  bytes > 60000,
              "no memory");
    }
  }

  void move() {
    Arena other(std::move(arena_));
    require(arena_.memory_usage() == 0, "something stayed behind");
    arena_ = std::move(other);
  }

  void reset() {
    arena_.reset(input_.keep_bytes());
    require(arena_.memory_usage() == 0, "usage after a reset");
    blocks_.clear();
    oracle_.emplace();
  }

  FuzzInput& input_;
  FuzzSource source_;
  BlockDepot depot_;
  std::optional<MemoryBudget> budget_;
  std::pmr::unsynchronized_pool_resource pool_;
  std::vector<std::unique_ptr<GrantingDoor>> doors_;
  Arena arena_;
  std::vector<Extent> blocks_;
  std::optional<Oracle> oracle_{std::in_place};
  std::size_t bytes_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  // Below what the sources have.
  constexpr std::size_t kBytesMax = 512 << 10U;
  FuzzInput input(data, size);
  Comparison comparison(input);
  while (!input.is_empty() && comparison.bytes() < kBytesMax) {
    comparison.step();
  }
  return 0;
}

}  // namespace bitcoinleveldb
