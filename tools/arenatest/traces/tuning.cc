// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "traces/tuning.h"

#include <algorithm>
#include <memory>
#include <memory_resource>
#include <optional>
#include <stdexcept>
#include <utility>

#include "bitcoinleveldb/block_depot.h"
#include "bitcoinleveldb/huge_page_source.h"
#include "bitcoinleveldb/trace_replay.h"
#include "traces/in_child.h"
#include "traces/measured_replay.h"

namespace arenatest {

using bitcoinleveldb::Arena;
using bitcoinleveldb::ArenaOptions;
using bitcoinleveldb::BlockDepot;
using bitcoinleveldb::DecodedTrace;

namespace {

// Notes how many bytes were handed out at once.
class CountingSource final : public std::pmr::memory_resource {
 public:
  explicit CountingSource(std::pmr::memory_resource* upstream)
      : upstream_(upstream) {}
  [[nodiscard]] std::size_t peak() const { return peak_; }

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    void* const memory = upstream_->allocate(bytes, alignment);
    held_ += bytes;
    peak_ = std::max(peak_, held_);
    return memory;
  }
  void do_deallocate(void* memory, std::size_t bytes,
                     std::size_t alignment) override {
    upstream_->deallocate(memory, bytes, alignment);
    held_ -= bytes;
  }
  [[nodiscard]] bool do_is_equal(
      const memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::pmr::memory_resource* upstream_;
  std::size_t held_ = 0;
  std::size_t peak_ = 0;
};

// The options that settings come to, with the depot that they may need.
class Prepared {
 public:
  explicit Prepared(const Settings& settings) {
    options_.block_bytes = settings.block_bytes;
    if (settings.source == SlabSource::kHugePages) {
      options_.block_source = bitcoinleveldb::huge_page_source();
    } else if (settings.source == SlabSource::kHeap) {
      options_.block_source = std::pmr::new_delete_resource();
    } else if (settings.source == SlabSource::kDepot) {
      bitcoinleveldb::BlockDepotOptions depot;
      depot.retained_bytes_max = settings.retained_bytes;
      depot_ = std::make_unique<BlockDepot>(depot);
      options_.block_source = depot_.get();
    }
  }

  [[nodiscard]] const ArenaOptions& options() const { return options_; }

 private:
  ArenaOptions options_;
  std::unique_ptr<BlockDepot> depot_;
};

// Makes every arena with the same options. With those of the defaults it is
// made as a program without options makes it.
struct MakeWith {
  ArenaOptions options;
  bitcoinleveldb::ArenaObserver* observer = nullptr;

  void operator()(std::optional<Arena>& arena, std::size_t) const {
    if (options.block_source == nullptr &&
        options.block_bytes == ArenaOptions{}.block_bytes) {
      arena.emplace();
    } else {
      arena.emplace(options);
    }
    if (observer != nullptr) attach_observer(*arena, *observer);
  }
};

struct Anatomy {
  BlockFigures blocks;
  std::uint64_t reserved_peak = 0;
};

Anatomy anatomy_of(const DecodedTrace& trace, const Settings& settings) {
  const Prepared prepared(settings);
  ArenaOptions options = prepared.options();
  CountingSource source(options.block_source == nullptr
                            ? bitcoinleveldb::default_block_source()
                            : options.block_source);
  options.block_source = &source;
  BlockFiguresObserver observer;
  {
    bitcoinleveldb::TraceReplay<Arena, MakeWith> replay(trace,
                                                        {options, &observer});
    replay.run();
  }
  return {observer.figures(), source.peak()};
}

void replay_once(const DecodedTrace& trace, Tuned& tuned) {
  hold_and_release(tuned.reserved_peak);
  const ReplayFigures figures = in_child([&] {
    const Prepared prepared(tuned.settings);
    return measure_replay<Arena>(trace, MakeWith{prepared.options()});
  });
  tuned.seconds.push_back(figures.seconds);
  tuned.faults.push_back(static_cast<double>(figures.faults));
  tuned.peak_bytes.push_back(static_cast<double>(figures.peak_bytes));
}

}  // namespace

std::string to_string(const Settings& settings) {
  std::string text =
      "blocks of " + std::to_string(settings.block_bytes) + " bytes, ";
  switch (settings.source) {
    case SlabSource::kDefault:
      return text + "default source";
    case SlabSource::kHugePages:
      return text + "huge pages";
    case SlabSource::kHeap:
      return text + "heap";
    case SlabSource::kDepot:
      break;
  }
  return text + "depot of " + std::to_string(settings.retained_bytes >> 20U) +
         " MiB";
}

std::string lines_for(const Settings& settings) {
  std::string text;
  if (settings.source == SlabSource::kDepot) {
    text +=
        "  static bitcoinleveldb::BlockDepot depot(\n"
        "      {.retained_bytes_max = std::size_t{" +
        std::to_string(settings.retained_bytes >> 20U) + "} << 20});\n";
  }
  text += "  bitcoinleveldb::ArenaOptions options;\n";
  if (settings.block_bytes != ArenaOptions{}.block_bytes) {
    text += "  options.block_bytes = " + std::to_string(settings.block_bytes) +
            ";\n";
  }
  const char* source = nullptr;
  if (settings.source == SlabSource::kHugePages) {
    source = "bitcoinleveldb::huge_page_source()";
  } else if (settings.source == SlabSource::kHeap) {
    source = "std::pmr::new_delete_resource()";
  } else if (settings.source == SlabSource::kDepot) {
    source = "&depot";
  }
  if (source != nullptr) {
    text += "  options.block_source = " + std::string(source) + ";\n";
  }
  text += "  bitcoinleveldb::set_default_arena_options(options);\n";
  if (source == nullptr) {
    text += "or, in the environment:\n  BITCOINLEVELDB_ARENA_BLOCK_BYTES=" +
            std::to_string(settings.block_bytes) + "\n";
  }
  return text;
}

std::vector<Tuned> tune(const DecodedTrace& trace,
                        std::vector<Settings> settings,
                        std::uint64_t repetitions,
                        const std::function<void()>& step) {
  settings.push_back(settings.at(0));  // beside itself, to show the noise
  std::vector<Tuned> all(settings.size());
  for (std::size_t i = 0; i != all.size(); ++i) {
    all[i].settings = settings[i];
    const Anatomy anatomy =
        in_child([&] { return anatomy_of(trace, settings[i]); });
    all[i].blocks = anatomy.blocks;
    all[i].reserved_peak = anatomy.reserved_peak;
    step();
  }
  // The first replay finds everything cold, whichever it is, and counts for
  // none.
  Tuned warm_up = all.front();
  replay_once(trace, warm_up);
  for (std::uint64_t i = 0; i != repetitions; ++i) {
    for (std::size_t j = 0; j != all.size(); ++j) {
      replay_once(trace, all[(i + j) % all.size()]);
      step();
    }
  }
  for (Tuned& one : all) {
    one.time_ratio = ratio_of(one.seconds, all.front().seconds);
  }
  mark_front(std::span(all).first(all.size() - 1));
  return all;
}

void mark_front(std::span<Tuned> all) {
  const auto beats = [](const Tuned& a, const Tuned& b) {
    const double seconds = median(a.seconds) - median(b.seconds);
    const double bytes = median(a.peak_bytes) - median(b.peak_bytes);
    return seconds <= 0 && bytes <= 0 && (seconds < 0 || bytes < 0);
  };
  for (Tuned& one : all) {
    one.on_front = std::ranges::none_of(
        all, [&](const Tuned& other) { return beats(other, one); });
  }
}

}  // namespace arenatest
