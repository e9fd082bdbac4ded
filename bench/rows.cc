// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "rows.h"

#include <algorithm>
#include <chrono>

#include "process.h"

namespace bench {

namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20U;

using Body = Figures (*Peer::*)(const FillPlan&, Effort);

std::string count_name(std::size_t count) { return std::to_string(count); }

// Adds rows; each is registered once a size.
class Rows {
 public:
  explicit Rows(Scale scale) : smoke_(scale == Scale::kSmoke) {}

  // Arenas of `per_arena` small allocations.
  void small(const char* row, std::size_t per_arena) {
    const std::size_t total = smoke_ ? 40'000 : 4'000'000;
    // So many that a body's own start and end do not count.
    const std::size_t in_body = std::max<std::size_t>(per_arena, 2000);
    add(row, count_name(per_arena), [=](const Peer& peer) {
      const std::vector<std::uint32_t> sizes = small_sizes(in_body);
      const std::size_t bodies = total / in_body;
      for (std::size_t i = 0; i != bodies / 10 + 1; ++i) {
        peer.small(sizes, per_arena);
      }
      const auto start = std::chrono::steady_clock::now();
      for (std::size_t i = 0; i != bodies; ++i) peer.small(sizes, per_arena);
      const std::chrono::duration<double, std::nano> taken =
          std::chrono::steady_clock::now() - start;
      return Figures{
          {"ns", taken.count() / static_cast<double>(bodies * in_body)}};
    });
  }

  void fill(const char* row, std::size_t mebibytes, Body body, Effort effort,
            std::uint32_t smallest = 20, std::uint32_t largest = 219) {
    if (smoke_) {
      effort = {std::min<std::size_t>(effort.warm_up, 1),
                std::min<std::size_t>(effort.rounds, 2)};
    }
    const std::size_t usage = smoke_ ? kMiB : mebibytes * kMiB;
    add(row, count_name(mebibytes) + "MiB", [=](const Peer& peer) {
      return (peer.*body)(make_fill_plan(usage, smallest, largest), effort);
    });
  }

  void footprint_many(std::size_t arenas, std::size_t bytes) {
    const std::size_t made = smoke_ ? arenas / 100 : arenas;
    add("footprint", count_name(arenas) + "x" + count_name(bytes),
        [=](const Peer& peer) { return peer.footprint_many(made, bytes); });
  }

  void add(std::string row, std::string size,
           std::function<Figures(const Peer&)> measure) {
    rows_.push_back({std::move(row), std::move(size), std::move(measure)});
  }

  std::vector<Row> take() { return std::move(rows_); }

 private:
  bool smoke_;
  std::vector<Row> rows_;
};

void add_fills(Rows& rows) {
  rows.fill("fresh", 4, &Peer::fresh, {0, 1});
  rows.fill("fresh", 64, &Peer::fresh, {0, 1});
  rows.fill("fresh", 256, &Peer::fresh, {0, 1});
  rows.fill("again", 64, &Peer::fresh, {1, 3});
  rows.fill("rotate", 4, &Peer::rotate, {5, 40});
  rows.fill("rotate", 64, &Peer::rotate, {2, 4});
  rows.fill("big", 64, &Peer::fresh, {0, 1}, 1100, 2100);
  rows.fill("teardown", 64, &Peer::teardown, {0, 1});
  rows.fill("tail", 64, &Peer::tail, {3, 20});
  rows.fill("faults", 64, &Peer::faults, {3, 3});
}

}  // namespace

Figures measure_db(Scale scale, std::size_t buffer_mebibytes,
                   const Peer& peer) {
  const std::string program =
      peer.name == "ours" ? "arena-bench-db-dropin" : "arena-bench-db-stock";
  const std::string records = scale == Scale::kSmoke ? "20000" : "1000000";
  return figures_in(run_program(folder_of_program() + "/" + program,
                                {count_name(buffer_mebibytes), records}));
}

bool Row::has(std::string_view peer) const {
  const auto row_is = [&](std::initializer_list<std::string_view> names) {
    return std::ranges::find(names, row) != names.end();
  };
  const bool small = row_is({"warm", "cursor", "tiny", "scratch", "churn"});
  if (row == "growth") return peer == "ours";
  if (row == "db") {
    return peer == "ours" || peer == "leveldb" || peer == "leveldb-again";
  }
  if (peer == "leveldb-again") return false;
  if (peer == "ours-cursor") return row == "cursor";
  if (peer == "ours-depot") {
    return row_is({"rotate", "tail", "faults", "retention"});
  }
  if (peer == "raw") {
    return small || row_is({"fresh", "again", "rotate", "big"});
  }
  if (peer == "raw-object") return small || row_is({"rotate"});
  if (peer == "raw-blocks") return small || row_is({"rotate", "tail"});
  if (peer == "raw-mapped") {
    return row_is({"fresh", "again", "big", "teardown"});
  }
  if (peer == "rocksdb-live") return row_is({"fresh", "big"});
  if (peer == "rocksdb-memtable") {
    return !small && !row_is({"footprint", "retention"});
  }
  return true;
}

std::vector<Row> make_rows(Scale scale, bool with_long) {
  Rows rows(scale);
  rows.small("warm", 2000);
  rows.small("cursor", 2000);
  rows.small("tiny", 10);
  rows.small("scratch", 100);
  rows.small("scratch", 1000);
  rows.small("churn", 10'000);
  add_fills(rows);
  rows.fill("footprint", 64, &Peer::footprint, {});
  rows.fill("footprint", 4, &Peer::footprint, {});
  rows.footprint_many(10'000, 100);
  rows.fill("retention", 64, &Peer::retention, {0, 5});
  if (with_long) {
    rows.add("growth", "8GiB",
             [=](const Peer&) { return measure_growth(scale); });
    for (const std::size_t mebibytes : {4U, 64U, 1024U}) {
      rows.add("db", count_name(mebibytes) + "MiB", [=](const Peer& peer) {
        return measure_db(scale, mebibytes, peer);
      });
    }
  }
  return rows.take();
}

}  // namespace bench
