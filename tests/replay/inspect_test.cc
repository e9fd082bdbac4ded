// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "bitcoinleveldb/arena.h"
#include "replay/trace_maker.h"
#include "traces/block_figures.h"
#include "traces/in_child.h"
#include "traces/trace_summary.h"

namespace arenatest {
namespace {

using bitcoinleveldb::TraceEvent;
using bitcoinleveldb::TraceMaker;
using bitcoinleveldb::TraceOp;

TraceSummary summary_of(TraceMaker& maker) {
  bitcoinleveldb::TraceReader reader;
  EXPECT_TRUE(reader.open(maker.path()));
  TraceSummary summary;
  TraceEvent event;
  while (reader.next(event)) summary.add(event);
  return summary;
}

TEST(BlockFigures, NameTheCauseOfEachByteThatNoOneAskedFor) {
  TraceMaker maker;
  const std::uint64_t arena = maker.make();
  maker.allocate(arena, 100);
  maker.allocate(arena, 8, 8);  // after a slop of 4
  for (int i = 0; i != 3; ++i) maker.allocate(arena, 1024);
  maker.allocate(arena, 1000);  // leaves a tail of 912
  maker.allocate(arena, 5000);  // dedicated
  maker.end(arena);             // with 3096 unused
  const BlockFigures figures = block_figures_of(maker.decoded());
  EXPECT_EQ(figures.asked_bytes, 9180U);
  EXPECT_EQ(figures.slop_bytes, 4U);
  EXPECT_EQ(figures.tail_bytes, 912U);
  EXPECT_EQ(figures.unused_bytes, 3096U);
  EXPECT_EQ(figures.dedicated_waste_bytes, 0U);
  EXPECT_EQ(figures.standard_blocks, 2U);
  EXPECT_EQ(figures.standard_bytes, 8192U);
  EXPECT_EQ(figures.dedicated_blocks, 1U);
  EXPECT_EQ(figures.dedicated_bytes, 5000U);
  EXPECT_EQ(figures.pointer_bytes, 3 * sizeof(char*));
  EXPECT_EQ(figures.waste_bytes(), 4012U);
}

TEST(BlockFigures, AccountForEveryByteOfEveryBlock) {
  for (const bitcoinleveldb::WorkloadInfo& info :
       bitcoinleveldb::Workload::all()) {
    TraceMaker maker;
    maker.fill(info.name, 3, 2000);
    const std::uint64_t arena = maker.make(1024);
    for (int i = 1; i != 500; ++i) {
      maker.allocate(arena, static_cast<std::uint64_t>(i), 8);
      if (i % 100 == 0) maker.reset(arena);
    }
    const BlockFigures figures = block_figures_of(maker.decoded());
    EXPECT_EQ(figures.asked_bytes + figures.waste_bytes(),
              figures.standard_bytes + figures.dedicated_bytes)
        << info.name;
  }
}

TEST(TraceSummary, CountsWhatTheTraceHolds) {
  TraceMaker maker;
  maker.at(1000);
  const std::uint64_t first = maker.make();
  const std::uint64_t second = maker.make(8192);
  maker.allocate(first, 1);
  maker.allocate(first, 2);
  maker.allocate(first, 3, 8);
  maker.as_thread(2);
  maker.allocate(second, 64, 32);
  maker.reset(second);
  maker.at(6000);
  maker.end(first);
  const TraceSummary summary = summary_of(maker);
  EXPECT_EQ(summary.events(TraceOp::kArenaMade), 2U);
  EXPECT_EQ(summary.events(TraceOp::kAllocated), 4U);
  EXPECT_EQ(summary.events(TraceOp::kReset), 1U);
  EXPECT_EQ(summary.events(TraceOp::kArenaEnded), 1U);
  EXPECT_EQ(summary.sizes()[0].allocations, 1U);
  EXPECT_EQ(summary.sizes()[1].allocations, 2U);
  EXPECT_EQ(summary.sizes()[1].bytes, 5U);
  EXPECT_EQ(summary.sizes()[6].bytes, 64U);
  EXPECT_EQ(summary.alignments().at(1).allocations, 2U);
  EXPECT_EQ(summary.alignments().at(8).allocations, 1U);
  EXPECT_EQ(summary.alignments().at(32).allocations, 1U);
  EXPECT_EQ(summary.block_bytes().at(8192), 1U);
  EXPECT_EQ(summary.threads().at(1), 5U);
  EXPECT_EQ(summary.threads().at(2), 3U);
  ASSERT_TRUE(summary.allocations_of_arenas());
  EXPECT_EQ(summary.allocations_of_arenas()->least, 1U);
  EXPECT_EQ(summary.allocations_of_arenas()->most, 3U);
  ASSERT_TRUE(summary.lifetimes());
  EXPECT_EQ(summary.lifetimes()->most, 5000U);
}

TEST(TraceSummary, KnowsNoLifetimesWithoutTimes) {
  TraceMaker maker;
  const std::uint64_t arena = maker.make();
  maker.allocate(arena, 10);
  maker.end(arena);
  EXPECT_FALSE(summary_of(maker).lifetimes());
}

TEST(InChild, ReturnsWhatTheWorkReturned) {
  int here = 0;
  const int found = in_child([&] {
    here = 1;
    return 42;
  });
  EXPECT_EQ(found, 42);
  EXPECT_EQ(here, 0);
}

TEST(InChild, ThrowsWhatTheWorkThrewAndHowItEnded) {
  const auto message = [](auto work) {
    try {
      (void)in_child(work);
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(message([]() -> int { throw std::runtime_error("no luck"); }),
            "no luck");
  EXPECT_EQ(message([]() -> int { throw std::bad_alloc(); }), "memory ran out");
  EXPECT_EQ(message([]() -> int { std::_Exit(3); }), "it ended with status 3");
}

}  // namespace
}  // namespace arenatest
