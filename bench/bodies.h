// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// The body of each row, once for all peers. A peer P is default-constructible,
// is an arena for as long as it lives, and may have a hand() through which
// allocations are made, such as one that is made for the length of a loop.

#ifndef BITCOINLEVELDB_BENCH_BODIES_H_
#define BITCOINLEVELDB_BENCH_BODIES_H_

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>
#include <optional>

#include "call_times.h"
#include "peer.h"
#include "process.h"

namespace bench {

template <class P>
class Bodies {
 public:
  static void small(std::span<const std::uint32_t> sizes,
                    std::size_t per_arena) {
    const std::uint32_t* size = sizes.data();
    const std::uint32_t* const end = size + sizes.size();
    while (size != end) {
      P peer;
      auto&& hand = hand_of(peer);
      const std::uint32_t* const last = size + per_arena;
      for (; size != last; size += 2) {
        touch(hand.allocate(size[0]));
        touch(hand.allocate_aligned(size[1]));
      }
    }
  }

  static Figures fresh(const FillPlan& plan, Effort effort) {
    prepare(plan);
    for (std::size_t i = 0; i != effort.warm_up; ++i) make_fill_drop(plan);
    double seconds = 0;
    std::uint64_t faults = 0;
    for (std::size_t i = 0; i != effort.rounds; ++i) {
      make_ready(plan);
      const std::uint64_t faults_before = minor_faults();
      seconds += timed([&] { make_fill_drop(plan); });
      faults += minor_faults() - faults_before;
    }
    return per_round(plan, effort, seconds, faults);
  }

  static Figures rotate(const FillPlan& plan, Effort effort) {
    prepare(plan);
    for (std::size_t i = 0; i != effort.warm_up; ++i) make_fill_drop(plan);
    have_at_hand(plan);
    const std::uint64_t faults_before = minor_faults();
    const double seconds = timed([&] {
      for (std::size_t i = 0; i != effort.rounds; ++i) make_fill_drop(plan);
    });
    return per_round(plan, effort, seconds, minor_faults() - faults_before);
  }

  static Figures teardown(const FillPlan& plan, Effort effort) {
    prepare(plan);
    double seconds = 0;
    for (std::size_t i = 0; i != effort.rounds; ++i) {
      make_ready(plan);
      std::optional<P> peer(std::in_place);
      fill(*peer, plan);
      seconds += timed([&] { peer.reset(); });
    }
    return {{"ns", seconds * 1e9 / static_cast<double>(effort.rounds)}};
  }

  static Figures tail(const FillPlan& plan, Effort effort) {
    prepare(plan);
    for (std::size_t i = 0; i != effort.warm_up; ++i) make_fill_drop(plan);
    have_at_hand(plan);
    CallTimes times(plan.allocations());
    for (std::size_t i = 0; i != effort.rounds; ++i) {
      times.start();
      make_fill_drop_timed(plan, times);
      times.finish();
    }
    return times.medians();
  }

  static Figures faults(const FillPlan& plan, Effort effort) {
    for (std::size_t i = 0; i != effort.warm_up; ++i) make_fill_drop(plan);
    const std::uint64_t before = minor_faults();
    for (std::size_t i = 0; i != effort.rounds; ++i) make_fill_drop(plan);
    const auto taken = static_cast<double>(minor_faults() - before);
    return {{"faults", taken / static_cast<double>(effort.rounds)}};
  }

  static Figures footprint(const FillPlan& plan, Effort) {
    return resident_growth([&] {
      auto peer = std::make_unique<P>();
      fill(*peer, plan);
      return peer;
    });
  }

  static Figures footprint_many(std::size_t arenas, std::size_t bytes) {
    return resident_growth([&] {
      auto all = std::make_unique<P[]>(arenas);
      for (std::size_t i = 0; i != arenas; ++i) {
        std::memset(hand_of(all[i]).allocate(bytes), 1, bytes);
      }
      return all;
    });
  }

  static Figures retention(const FillPlan& plan, Effort effort) {
    const std::size_t before = resident_bytes();
    {
      auto all = std::make_unique<P[]>(effort.rounds);
      for (std::size_t i = 0; i != effort.rounds; ++i) fill(all[i], plan);
    }
    Figures figures = {{"kept_bytes", difference(resident_bytes(), before)}};
    if constexpr (requires { P::trim(); }) {
      figures.emplace_back("held_bytes", P::held_bytes());
      figures.emplace_back(
          "over_bound_bytes",
          std::max(0.0, P::held_bytes() - P::held_bytes_max()));
      P::trim();
      figures.emplace_back("held_after_trim_bytes", P::held_bytes());
      figures.emplace_back("kept_after_trim_bytes",
                           difference(resident_bytes(), before));
    }
    return figures;
  }

 private:
  static decltype(auto) hand_of(P& peer) {
    if constexpr (requires { peer.hand(); }) {
      return peer.hand();
    } else {
      return (peer);
    }
  }

  static void touch(char* ptr) { *static_cast<volatile char*>(ptr) = 1; }

  template <class Work>
  static double timed(Work work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> taken =
        std::chrono::steady_clock::now() - start;
    return taken.count();
  }

  // Some peers must have the memory of a fill before it.
  static void prepare(const FillPlan& plan) {
    if constexpr (requires { P::prepare(plan.bytes); }) P::prepare(plan.bytes);
  }

  // After this the system has as much memory at hand as a fill needs.
  static void have_at_hand(const FillPlan& plan) {
    hold_and_release(2 * plan.bytes);
  }

  // And after this neither the peer nor malloc holds memory to fill again.
  static void make_ready(const FillPlan& plan) {
    if constexpr (requires { P::trim(); }) P::trim();
    trim_heap();
    have_at_hand(plan);
  }

  static void fill(P& peer, const FillPlan& plan) {
    auto&& hand = hand_of(peer);
    for (std::size_t i = 0; i != plan.entries; ++i) {
      const std::size_t bytes = plan.size(i);
      std::memset(hand.allocate(bytes), static_cast<int>(i), bytes);
      std::memset(hand.allocate_aligned(kNodeBytes), 1, kNodeBytes);
    }
  }

  static void make_fill_drop(const FillPlan& plan) {
    P peer;
    fill(peer, plan);
  }

  static void make_fill_drop_timed(const FillPlan& plan, CallTimes& times) {
    P peer;
    auto&& hand = hand_of(peer);
    for (std::size_t i = 0; i != plan.entries; ++i) {
      const std::size_t bytes = plan.size(i);
      std::uint64_t from = ticks();
      char* ptr = hand.allocate(bytes);
      times.add(from, ticks());
      std::memset(ptr, static_cast<int>(i), bytes);
      from = ticks();
      ptr = hand.allocate_aligned(kNodeBytes);
      times.add(from, ticks());
      std::memset(ptr, 1, kNodeBytes);
    }
  }

  static Figures per_round(const FillPlan& plan, Effort effort, double seconds,
                           std::uint64_t faults) {
    const auto rounds = static_cast<double>(effort.rounds);
    return {{"ns",
             seconds * 1e9 / rounds / static_cast<double>(plan.allocations())},
            {"fill_ms", seconds * 1e3 / rounds},
            {"faults", static_cast<double>(faults) / rounds}};
  }

  static double difference(std::size_t now, std::size_t before) {
    return static_cast<double>(now) - static_cast<double>(before);
  }

  // What is resident more while that which `make` returns is alive. An arena
  // only grows, so this is its peak.
  template <class Make>
  static Figures resident_growth(Make make) {
    const std::size_t before = resident_bytes();
    const auto alive = make();
    const double growth = difference(resident_bytes(), before);
    return {{"resident_bytes", growth},
            {"process_peak_bytes", static_cast<double>(peak_resident_bytes())}};
  }
};

template <class P>
Peer make_peer(std::string name, std::string meaning) {
  using B = Bodies<P>;
  return {std::move(name), std::move(meaning), B::small,    B::fresh,
          B::rotate,       B::teardown,        B::tail,     B::faults,
          B::footprint,    B::footprint_many,  B::retention};
}

}  // namespace bench

#endif  // BITCOINLEVELDB_BENCH_BODIES_H_
