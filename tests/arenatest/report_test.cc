// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <gtest/gtest.h>

#include <string>

#include "bitcoinleveldb/arena_stats.h"
#include "report/memory_watch.h"
#include "report/page.h"
#include "report/page_parts.h"
#include "report/pictures.h"
#include "report/results.h"

namespace arenatest {
namespace {

using bitcoinleveldb::Arena;
using bitcoinleveldb::attach_observer;
using nlohmann::ordered_json;

TEST(MemoryWatch, PointIsNotedEverySoManyBlocks) {
  MemoryWatch watch(3, 100);
  Arena arena;
  attach_observer(arena, watch);
  for (int i = 0; i != 10; ++i) (void)arena.allocate(4000);
  ASSERT_EQ(watch.points().size(), 3U);
  EXPECT_EQ(watch.points()[0].usage, 3 * (4000 + sizeof(char*)));
  EXPECT_EQ(watch.points()[2].usage, 9 * (4000 + sizeof(char*)));
  EXPECT_EQ(watch.points()[2].arenas, 1U);
}

TEST(MemoryWatch, ArenasAreAddedUpWhileTheyLive) {
  MemoryWatch watch(1'000'000, 100);
  Arena first;
  attach_observer(first, watch);
  (void)first.allocate(5000);
  {
    Arena second;
    attach_observer(second, watch);
    (void)second.allocate(100);
    watch.note();
    EXPECT_EQ(watch.points()[0].arenas, 2U);
    EXPECT_EQ(watch.points()[0].usage,
              first.memory_usage() + second.memory_usage());
    EXPECT_EQ(watch.points()[0].reserved,
              stats(first).reserved_bytes + stats(second).reserved_bytes);
  }
  watch.note();
  EXPECT_EQ(watch.points()[1].arenas, 1U);
  EXPECT_EQ(watch.points()[1].usage, first.memory_usage());
}

TEST(MemoryWatch, PointsAboveTheirNumberAreNotNoted) {
  MemoryWatch watch(1, 2);
  for (int i = 0; i != 5; ++i) watch.note();
  EXPECT_EQ(watch.points().size(), 2U);
}

TEST(MemoryWatch, TimeDoesNotRunBackwards) {
  MemoryWatch watch(1, 50);
  for (int i = 0; i != 50; ++i) watch.note();
  for (std::size_t i = 1; i != watch.points().size(); ++i) {
    EXPECT_GE(watch.points()[i].seconds, watch.points()[i - 1].seconds);
  }
}

// So small that it takes no time.
PicturePlan small_plan() {
  PicturePlan plan;
  plan.memtable_bytes = std::size_t{256} << 10U;
  plan.memtables = 3;
  plan.points = 20;
  plan.map_bytes = std::size_t{64} << 10U;
  plan.blocks_shown = 10;
  return plan;
}

TEST(Pictures, MemtablesGrowToTheirSizeAndGo) {
  const ordered_json memory = memory_over_time(small_plan());
  ASSERT_EQ(memory.at("events").size(), 6U);
  const auto usage_of = [](const ordered_json& point) {
    return point.at(1).get<std::size_t>();
  };
  const ordered_json& points = memory.at("points");
  EXPECT_GE(points.size(), 20U);
  EXPECT_EQ(usage_of(points.front()), 0U);
  EXPECT_EQ(usage_of(points.back()), 0U);
  std::size_t most = 0;
  for (const auto& point : points) most = std::max(most, usage_of(point));
  // A full memtable and the half-full one after it.
  EXPECT_GE(most, small_plan().memtable_bytes);
  EXPECT_LE(most, 2 * small_plan().memtable_bytes);
}

TEST(Pictures, MapShowsTheFirstBlocksAndCountsAll) {
  const ordered_json map = block_map_of("memtable", small_plan());
  EXPECT_EQ(map.at("blocks").size(), 10U);
  const ordered_json& totals = map.at("totals");
  EXPECT_EQ(totals.at("blocks").get<std::size_t>(), 16U);
  std::uint64_t counted = 0;
  for (const auto& bin : map.at("sizes")) {
    counted += bin.at(2).get<std::uint64_t>();
  }
  EXPECT_EQ(counted, totals.at("allocations").get<std::uint64_t>());
}

TEST(Pictures, SameSeedGivesTheSameMap) {
  EXPECT_EQ(block_map_of("leveldb", small_plan()),
            block_map_of("leveldb", small_plan()));
}

TEST(Page, DataCannotEndTheScriptElement) {
  const std::string evil = "</script><script>alert(1)</script><!--&amp;";
  const std::string text = json_for_html({{"name", evil}, {evil, 1}});
  EXPECT_EQ(text.find('<'), std::string::npos);
  EXPECT_EQ(text.find('>'), std::string::npos);
  EXPECT_EQ(text.find('&'), std::string::npos);
  EXPECT_EQ(ordered_json::parse(text).at("name"), evil);
}

TEST(Page, BytesThatAreNoUtf8AreReplaced) {
  const std::string text = json_for_html({{"name", "a\xff\xfe z\"\\\n"}});
  const std::string name = ordered_json::parse(text).at("name");
  EXPECT_TRUE(name.starts_with("a\xef\xbf\xbd"));
  EXPECT_TRUE(name.ends_with(" z\"\\\n"));
}

TEST(Page, PartsAreTakenAsTheyAre) {
  EXPECT_EQ(assembled("<{{a}}|{{b}}>", {{"a", "{{b}}"}, {"b", "$1"}}),
            "<{{b}}|$1>");
  EXPECT_EQ(assembled("", {}), "");
}

TEST(Page, FrameThatNamesNoPartIsRefused) {
  EXPECT_THROW((void)assembled("x {{nonesuch}}", {{"a", ""}}),
               std::invalid_argument);
  EXPECT_THROW((void)assembled("x {{a", {{"a", ""}}), std::invalid_argument);
}

TEST(Page, EmbeddedFilesDoNotEndTheirElements) {
  for (const auto& part : {page_script(), chart_library()}) {
    EXPECT_EQ(part.find("</script"), std::string_view::npos);
    EXPECT_EQ(part.find("<!--"), std::string_view::npos);
  }
  EXPECT_EQ(page_style().find("</style"), std::string_view::npos);
  EXPECT_EQ(page_script().find('\0'), std::string_view::npos);
}

TEST(Page, WholePageHasTheDataAndAsksForNothingElse) {
  const std::string page = page_of({{"version", "<b>"}});
  EXPECT_NE(page.find("{\"version\":\"\\u003cb\\u003e\"}</script>"),
            std::string::npos);
  EXPECT_EQ(page.find("{{data}}"), std::string::npos);
  EXPECT_EQ(page.find("src="), std::string::npos);
  EXPECT_EQ(page.find("<link"), std::string::npos);
  EXPECT_EQ(page.find("@import"), std::string::npos);
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
}

ordered_json bench_result() {
  const ordered_json ratio = {{"median", 2.0}, {"low", 1.5}, {"high", nullptr}};
  return {{"command", "bench"},
          {"repetitions", 3},
          {"smoke", false},
          {"context", {{"cpu", "one"}, {"host_name", "secret"}}},
          {"rows",
           {{{"row", "warm"},
             {"size", "2000"},
             {"figure", "ns"},
             {"judged", "faster"},
             {"ours", 2.5},
             {"peers", {{"leveldb", ratio}}},
             {"winners", ordered_json::array()}}}},
          {"runs", {{"warm/2000/ours", 1}}}};
}

TEST(Results, SpeedKeepsItsRowsAndNoNameOfTheMachine) {
  const ordered_json speed = speed_of(bench_result(), "file");
  EXPECT_EQ(speed.at("rows").size(), 1U);
  EXPECT_EQ(speed.at("context").size(), 1U);
  EXPECT_EQ(speed.dump().find("secret"), std::string::npos);
  EXPECT_FALSE(speed.contains("runs"));
}

TEST(Results, BenchmarkInAResultOfRunIsFound) {
  EXPECT_EQ(speed_of({{"bench", bench_result()}}, "file"),
            speed_of(bench_result(), "file"));
}

TEST(Results, WhatIsNoBenchmarkIsRefusedByItsName) {
  std::vector<ordered_json> wrong = {ordered_json::array(), 7,
                                     ordered_json::object()};
  for (const char* const key : {"rows", "repetitions", "smoke", "context"}) {
    wrong.push_back(bench_result());
    wrong.back().erase(key);
  }
  wrong.push_back(bench_result());
  wrong.back()["rows"][0]["ours"] = "fast";
  wrong.push_back(bench_result());
  wrong.back()["rows"][0]["peers"]["leveldb"] = 3;
  for (const ordered_json& json : wrong) {
    try {
      (void)speed_of(json, "the-file");
      ADD_FAILURE() << json;
    } catch (const std::invalid_argument& error) {
      EXPECT_TRUE(std::string(error.what()).starts_with("the-file is no"));
    }
  }
}

}  // namespace
}  // namespace arenatest
