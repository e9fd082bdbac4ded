// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "report/pictures.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/workload.h"
#include "report/block_map.h"
#include "report/memory_watch.h"

namespace arenatest {

namespace {

using bitcoinleveldb::Arena;
using bitcoinleveldb::Workload;
using nlohmann::ordered_json;

// Every byte is written, because memory that no one touches is not resident.
void serve_next(Arena& arena, Workload& workload) {
  const bitcoinleveldb::ArenaRequest request = workload.next();
  char* const ptr = request.aligned ? arena.allocate_aligned(request.bytes)
                                    : arena.allocate(request.bytes);
  std::memset(ptr, 1, request.bytes);
}

void fill(Arena& arena, Workload& workload, std::size_t usage) {
  while (arena.memory_usage() < usage) serve_next(arena, workload);
}

ordered_json json_of(const MemoryPoint& point) {
  return {point.seconds, point.usage,    point.reserved,
          point.kept,    point.resident, point.huge};
}

ordered_json json_of(const BlockMap::Totals& totals) {
  return {{"allocations", totals.allocations},
          {"aligned", totals.aligned},
          {"requested_bytes", totals.requested_bytes},
          {"slop_bytes", totals.slop_bytes},
          {"tails", totals.tails},
          {"tail_bytes", totals.tail_bytes},
          {"unused_bytes", totals.unused_bytes},
          {"blocks", totals.blocks},
          {"dedicated_blocks", totals.dedicated_blocks},
          {"dedicated_bytes", totals.dedicated_bytes},
          {"pointer_bytes", totals.blocks * sizeof(char*)},
          {"usage", totals.usage},
          {"reserved_bytes", totals.reserved_bytes}};
}

// Three numbers an allocation in one flat list, because there are many.
ordered_json json_of(const BlockMap::Block& block) {
  ordered_json allocations = ordered_json::array();
  for (const BlockMap::Allocation& one : block.allocations) {
    allocations.push_back(one.slop);
    allocations.push_back(one.bytes);
    allocations.push_back(one.alignment);
  }
  return {{"bytes", block.bytes},
          {"dedicated", block.dedicated},
          {"tail", block.tail},
          {"unused", block.unused},
          {"allocations", std::move(allocations)}};
}

ordered_json json_of(const SizeHistogram& sizes) {
  ordered_json bins = ordered_json::array();
  for (const SizeHistogram::Bin& bin : sizes.bins()) {
    bins.push_back({bin.least, bin.most, bin.allocations, bin.bytes});
  }
  return bins;
}

std::string meaning_of(const std::string& workload) {
  const auto all = Workload::all();
  const auto info = std::ranges::find(all, std::string_view(workload),
                                      &bitcoinleveldb::WorkloadInfo::name);
  return info == all.end() ? "" : std::string(info->meaning);
}

// Returns what happened to the memtables, and notes a point each time.
ordered_json fill_memtables(const PicturePlan& plan, MemoryWatch& watch) {
  Workload workload(plan.memtable_workload, plan.seed);
  ordered_json events = ordered_json::array();
  const auto happened = [&](std::size_t memtable, const char* what) {
    events.push_back(
        {{"seconds", watch.seconds()}, {"memtable", memtable}, {"what", what}});
    watch.note();
  };
  std::unique_ptr<Arena> full;
  watch.note();
  for (std::size_t i = 1; i <= plan.memtables; ++i) {
    auto arena = std::make_unique<Arena>();
    attach_observer(*arena, watch);
    if (full) {
      fill(*arena, workload, plan.memtable_bytes / 2);
      full.reset();
      happened(i - 1, "gone");
    }
    fill(*arena, workload, plan.memtable_bytes);
    happened(i, "full");
    full = std::move(arena);
  }
  full.reset();
  happened(plan.memtables, "gone");
  return events;
}

}  // namespace

ordered_json memory_over_time(const PicturePlan& plan) {
  const std::size_t bytes = plan.memtable_bytes * plan.memtables;
  const std::size_t blocks = bytes / bitcoinleveldb::ArenaOptions{}.block_bytes;
  const std::size_t between = std::max<std::size_t>(1, blocks / plan.points);
  // Two more for each memtable, and room for what blocks are above the plan.
  MemoryWatch watch(between, 2 * (plan.points + plan.memtables) + 2);
  ordered_json events = fill_memtables(plan, watch);
  ordered_json points = ordered_json::array();
  for (const MemoryPoint& point : watch.points()) {
    points.push_back(json_of(point));
  }
  return {
      {"workload", plan.memtable_workload},
      {"meaning", meaning_of(plan.memtable_workload)},
      {"seed", plan.seed},
      {"memtables", plan.memtables},
      {"memtable_bytes", plan.memtable_bytes},
      {"blocks_between", between},
      {"has_residency", watch.has_residency()},
      {"columns", {"seconds", "usage", "reserved", "kept", "resident", "huge"}},
      {"points", std::move(points)},
      {"events", std::move(events)}};
}

ordered_json block_map_of(const std::string& workload,
                          const PicturePlan& plan) {
  Workload requests(workload, plan.seed);
  BlockMap map(plan.blocks_shown);
  {
    Arena arena;
    attach_observer(arena, map);
    fill(arena, requests, plan.map_bytes);
  }
  ordered_json blocks = ordered_json::array();
  for (const BlockMap::Block& block : map.blocks()) {
    blocks.push_back(json_of(block));
  }
  return {{"workload", workload},
          {"meaning", meaning_of(workload)},
          {"seed", plan.seed},
          {"block_bytes", map.block_bytes()},
          {"totals", json_of(map.totals())},
          {"sizes", json_of(map.sizes())},
          {"blocks", std::move(blocks)}};
}

ordered_json take_pictures(const PicturePlan& plan) {
  ordered_json pictures = {{"memory", memory_over_time(plan)}};
  ordered_json maps = ordered_json::array();
  for (const std::string& workload : plan.map_workloads) {
    maps.push_back(block_map_of(workload, plan));
  }
  pictures["maps"] = std::move(maps);
  return pictures;
}

}  // namespace arenatest
