// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "call_times.h"
#include "peer.h"
#include "rows.h"
#ifdef BENCH_HAS_ROCKSDB
#include "peers/rocksdb_arena.h"
#endif

namespace bench {
namespace {

TEST(Peers, HaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const Peer& peer : peers()) {
    EXPECT_TRUE(names.insert(peer.name).second) << peer.name;
    EXPECT_EQ(find_peer(peer.name), &peer);
  }
  EXPECT_EQ(find_peer("nonesuch"), nullptr);
}

TEST(Rows, EachHaveOneOfOursAndLevelDb) {
  for (const Row& row : make_rows(Scale::kSmoke, true)) {
    EXPECT_TRUE(row.has("ours")) << row.row;
    EXPECT_EQ(row.has("leveldb"), row.row != "growth") << row.row;
  }
}

TEST(CallTimes, MediansAreOverTheQuantilesOfEachRun) {
  constexpr std::size_t kCalls = 10'000;
  CallTimes times(kCalls);
  for (const std::uint64_t longest : {1'000'000U, 3'000'000U, 2'000'000U}) {
    times.start();
    for (std::size_t i = 1; i != kCalls; ++i) times.add(0, 100'000);
    times.add(0, longest);
    times.finish();
  }
  const Figures figures = times.medians();
  const auto value = [&](const char* name) {
    return std::ranges::find(figures, name, &Figures::value_type::first)
        ->second;
  };
  EXPECT_EQ(value("runs"), 3);
  EXPECT_EQ(value("p50_ns"), value("p999_ns"));
  EXPECT_EQ(value("p9999_ns"), value("p999_ns"));
  // 2,000,000 ticks over 100,000, from both of which the timer's cost is off.
  EXPECT_NEAR(value("max_ns") / value("p50_ns"), 20, 0.5);
}

#ifdef BENCH_HAS_ROCKSDB

using arenatest::rocksdb_arena_allocate;
using arenatest::rocksdb_arena_allocate_aligned;
using arenatest::rocksdb_arena_construct;
using arenatest::rocksdb_arena_destroy;
using arenatest::RocksDbArena;

TEST(RocksDbArena, ReturnsMemoryThatNoOtherAllocationHas) {
  RocksDbArena arena(4096);
  struct Piece {
    char* ptr;
    std::size_t bytes;
    char value;
  };
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i != 5000; ++i) {
    const std::size_t bytes = i % 500 == 0 ? 5000 : 1 + i % 200;
    const bool aligned = i % 2 != 0;
    char* const ptr =
        aligned ? arena.allocate_aligned(bytes) : arena.allocate(bytes);
    ASSERT_NE(ptr, nullptr);
    if (aligned) {
      ASSERT_EQ(reinterpret_cast<std::uintptr_t>(ptr) % 8, 0U);
    }
    const char value = static_cast<char>(i * 7);
    std::memset(ptr, value, bytes);
    pieces.push_back({ptr, bytes, value});
  }
  for (const Piece& piece : pieces) {
    const auto other = [&](char byte) { return byte != piece.value; };
    ASSERT_TRUE(std::none_of(piece.ptr, piece.ptr + piece.bytes, other));
  }
}

// Another version of RocksDB may have a larger object.
TEST(RocksDbArena, KeepsWithinTheStorageThatItIsGiven) {
  constexpr unsigned char kUntouched = 0xAB;
  alignas(std::max_align_t) static std::array<unsigned char, 16384> storage;
  storage.fill(kUntouched);
  rocksdb_arena_construct(storage.data(), 4096, nullptr, 0);
  for (int i = 0; i != 3000; ++i) {
    (void)rocksdb_arena_allocate(storage.data(), 100);
    (void)rocksdb_arena_allocate_aligned(storage.data(), 5000, 0, nullptr);
  }
  rocksdb_arena_destroy(storage.data());
  const auto end = storage.begin() + RocksDbArena::kObjectBytes;
  EXPECT_TRUE(std::all_of(end, storage.end(), [](unsigned char byte) {
    return byte == kUntouched;
  }));
  EXPECT_FALSE(std::all_of(storage.begin(), end, [](unsigned char byte) {
    return byte == kUntouched;
  }));
}

#endif

}  // namespace
}  // namespace bench
