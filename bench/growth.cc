// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <limits>
#include <memory_resource>
#include <string>
#include <vector>

#include "bench/quantile.h"
#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/huge_page_source.h"
#include "rows.h"

namespace bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMiB = std::size_t{1} << 20U;

struct Slab {
  char* start;
  std::size_t bytes;
  std::size_t alignment;
};

// The source of huge pages, with a note of what it gave. It takes nothing back
// before its end, because an arena's own notes lie in the slabs: the raw bump
// may write over them only when the arena is gone.
class NotedSource final : public std::pmr::memory_resource {
 public:
  NotedSource() = default;
  NotedSource(const NotedSource&) = delete;
  NotedSource& operator=(const NotedSource&) = delete;
  ~NotedSource() override {
    for (const Slab& slab : slabs_) {
      upstream_->deallocate(slab.start, slab.bytes, slab.alignment);
    }
  }

  [[nodiscard]] const std::vector<Slab>& slabs() const { return slabs_; }

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    void* const memory = upstream_->allocate(bytes, alignment);
    slabs_.push_back({static_cast<char*>(memory), bytes, alignment});
    return memory;
  }
  void do_deallocate(void*, std::size_t, std::size_t) override {}
  [[nodiscard]] bool do_is_equal(
      const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::pmr::memory_resource* upstream_ = bitcoinleveldb::huge_page_source();
  std::vector<Slab> slabs_;
};

// The window before a mark in which allocations are timed.
struct Window {
  std::string name;
  std::size_t first = 0;  // entry
  std::size_t end = 0;
  std::vector<double> rounds;  // nanoseconds an allocation

  [[nodiscard]] double nanoseconds() const { return arenatest::median(rounds); }
};

// A window lasts some milliseconds, in which much else may happen: of so many
// rounds the median counts.
constexpr int kRounds = 3;

// Windows of as many entries as fill 64 MiB, each ending at its mark.
std::vector<Window> make_windows(const FillPlan& plan, std::size_t unit) {
  const std::array<std::size_t, 4> marks = {1, 8, 64, 128};
  const std::array<const char*, 4> names = {"64MiB", "512MiB", "4GiB", "8GiB"};
  std::vector<Window> windows;
  const auto entries_in = [&](std::size_t bytes) {
    return static_cast<std::size_t>(static_cast<double>(plan.entries) *
                                    static_cast<double>(bytes) /
                                    static_cast<double>(128 * unit));
  };
  for (std::size_t i = 0; i != marks.size(); ++i) {
    const std::size_t end = entries_in(marks[i] * unit);
    windows.push_back({names[i], end - entries_in(unit), end, {}});
  }
  return windows;
}

void write_entry(char* entry, std::size_t bytes, char* node) {
  std::memset(entry, 1, bytes);
  std::memset(node, 1, kNodeBytes);
}

// Runs entries [0, plan.entries) through `run(first, end)` and times windows.
template <class Run>
void time_windows(std::vector<Window>& windows, std::size_t entries, Run run) {
  std::size_t done = 0;
  for (Window& window : windows) {
    run(done, window.first);
    const auto start = Clock::now();
    run(window.first, window.end);
    const std::chrono::duration<double, std::nano> taken = Clock::now() - start;
    window.rounds.push_back(taken.count() / 2 /
                            static_cast<double>(window.end - window.first));
    done = window.end;
  }
  run(done, entries);
}

// A raw bump across slabs: within one, nothing is checked.
class RawBump {
 public:
  RawBump(const FillPlan& plan, const std::vector<Slab>& slabs)
      : plan_(plan), slabs_(slabs), at_(slabs[0].start) {
    std::size_t entry = 0;
    for (const Slab& slab : slabs) {
      std::size_t bytes = 0;
      while (bytes + plan.size(entry) + kNodeBytes <= slab.bytes) {
        bytes += plan.size(entry++) + kNodeBytes;
      }
      ends_.push_back(entry);
    }
  }

  void run(std::size_t first, std::size_t end) {
    while (first != end) {
      if (first == ends_[slab_]) at_ = slabs_[++slab_].start;
      const std::size_t stop = std::min(end, ends_[slab_]);
      char* at = at_;
      for (; first != stop; ++first) {
        const std::size_t bytes = plan_.size(first);
        write_entry(at, bytes, at + bytes);
        at += bytes + kNodeBytes;
      }
      at_ = at;
    }
  }

 private:
  const FillPlan& plan_;
  const std::vector<Slab>& slabs_;
  std::vector<std::size_t> ends_;  // the entry before which each slab is full
  std::size_t slab_ = 0;
  char* at_;
};

}  // namespace

Figures measure_growth(Scale scale) {
  const std::size_t unit = scale == Scale::kSmoke ? kMiB / 8 : 64 * kMiB;
  const FillPlan plan = make_fill_plan(128 * unit, 20, 219);
  std::vector<Window> ours = make_windows(plan, unit);
  std::vector<Window> raw = ours;

  NotedSource source;
  {
    bitcoinleveldb::ArenaOptions options;
    options.block_source = &source;
    bitcoinleveldb::Arena arena(options);
    const auto run = [&](std::size_t first, std::size_t end) {
      for (; first != end; ++first) {
        const std::size_t bytes = plan.size(first);
        char* const entry = arena.allocate(bytes);
        write_entry(entry, bytes, arena.allocate_aligned(kNodeBytes));
      }
    };
    run(0, plan.entries);
    for (int i = 0; i != kRounds; ++i) {
      arena.reset();
      time_windows(ours, plan.entries, run);
    }
  }
  for (int i = 0; i != kRounds; ++i) {
    RawBump bump(plan, source.slabs());
    time_windows(raw, plan.entries, [&](std::size_t first, std::size_t end) {
      bump.run(first, end);
    });
  }

  Figures figures;
  double least = std::numeric_limits<double>::infinity();
  double most = 0;
  for (std::size_t i = 0; i != ours.size(); ++i) {
    const double over_raw = ours[i].nanoseconds() / raw[i].nanoseconds();
    least = std::min(least, over_raw);
    most = std::max(most, over_raw);
    figures.emplace_back("ns_" + ours[i].name, ours[i].nanoseconds());
    figures.emplace_back("raw_ns_" + ours[i].name, raw[i].nanoseconds());
    figures.emplace_back("over_raw_" + ours[i].name, over_raw);
  }
  figures.emplace_back("over_raw_spread", most / least);
  return figures;
}

}  // namespace bench
