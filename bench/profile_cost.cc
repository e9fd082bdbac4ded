// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// What sampling costs: fills of the benchmark without a default observer, with
// one that counts its samples, with a profile, which takes the stack of each,
// and without again, over and over, so that all meet the same weather. The
// ratio of the two without is the noise. Measured in the processor's time, so
// that other programs count for less.

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <functional>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/arena_profile.h"
#include "bitcoinleveldb/block_depot.h"
#include "plan.h"

namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20U;

// Returns what one round of a row took, in clock ticks.
using Round = std::function<double()>;

template <class Work>
double timed(Work work) {
  const std::clock_t start = std::clock();
  work();
  return static_cast<double>(std::clock() - start);
}

// Sampling alone: adds up the estimate, at the interval of the profile.
class SampleCount : public bitcoinleveldb::ArenaObserver {
 public:
  SampleCount()
      : ArenaObserver(bitcoinleveldb::ArenaInterest::sample(
            bitcoinleveldb::ArenaProfileOptions{}.sample_bytes)) {
    forgo_blocks();
    forgo_unsampled_arenas();
  }

  std::size_t samples() const { return samples_; }
  double bytes() const { return bytes_; }

  void allocated(
      const bitcoinleveldb::ObservedArena& /*arena*/,
      const bitcoinleveldb::ObservedAllocation& allocation) noexcept override {
    ++samples_;
    bytes_ += allocation.weight * static_cast<double>(allocation.bytes);
  }

 private:
  std::size_t samples_ = 0;
  double bytes_ = 0;
};

constexpr std::size_t kSmall = 2000;  // allocations of a small arena

// As the rows `warm` and `fresh` have it.
void fill_small(const std::uint32_t* sizes) {
  bitcoinleveldb::Arena arena;
  for (std::size_t i = 0; i != kSmall; i += 2) {
    *static_cast<volatile char*>(arena.allocate(sizes[i])) = 1;
    *static_cast<volatile char*>(arena.allocate_aligned(sizes[i + 1])) = 1;
  }
}

void fill(const bench::FillPlan& plan,
          const bitcoinleveldb::ArenaOptions& options) {
  bitcoinleveldb::Arena arena(options);
  for (std::size_t i = 0; i != plan.entries; ++i) {
    const std::size_t bytes = plan.size(i);
    std::memset(arena.allocate(bytes), static_cast<int>(i), bytes);
    std::memset(arena.allocate_aligned(bench::kNodeBytes), 1,
                bench::kNodeBytes);
  }
}

// Prints the median of ratios, and between what the middle half of them lies.
void print_ratios(const char* name, std::vector<double> ratios) {
  std::sort(ratios.begin(), ratios.end());
  const auto at = [&ratios](double share) {
    return ratios[static_cast<std::size_t>(
        share * static_cast<double>(ratios.size() - 1))];
  };
  std::printf("  %-9s %.4f  (%.4f - %.4f)\n", name, at(0.5), at(0.25),
              at(0.75));
}

void measure(const char* row, std::size_t rounds, SampleCount& count,
             bitcoinleveldb::ArenaProfile& profile, const Round& round) {
  const auto observed = [&round](bitcoinleveldb::ArenaObserver& observer) {
    bitcoinleveldb::add_default_observer(observer);
    const double time = round();
    bitcoinleveldb::remove_default_observer(observer);
    return time;
  };
  std::vector<double> sampled;
  std::vector<double> profiled;
  std::vector<double> without;
  (void)round();
  for (std::size_t i = 0; i != rounds; ++i) {
    const double before = round();
    const double with_count = observed(count);
    const double with_profile = observed(profile);
    const double after = round();
    sampled.push_back(with_count / ((before + after) / 2));
    profiled.push_back(with_profile / ((before + after) / 2));
    without.push_back(after / before);
  }
  std::printf("%s: %zu rounds, median (middle half)\n", row, rounds);
  print_ratios("sampled", sampled);
  print_ratios("profiled", profiled);
  print_ratios("noise", without);
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t rounds = 0;
  const char* const text = argc == 2 ? argv[1] : "100";
  const auto [end, error] =
      std::from_chars(text, text + std::strlen(text), rounds);
  if (argc > 2 || error != std::errc() || *end != '\0' || rounds == 0) {
    std::fprintf(stderr, "usage: arena_profile_cost [ROUNDS]; from 1 on\n");
    return 2;
  }
  SampleCount count;
  bitcoinleveldb::ArenaProfile profile;
  // Arenas that differ: one and the same over and over is learned by heart by
  // the processor, which any other branch then has it forget.
  constexpr std::size_t kDifferent = 32;
  const std::vector<std::uint32_t> sizes =
      bench::small_sizes(kDifferent * kSmall);
  measure("warm, arenas of 2,000 allocations", rounds, count, profile,
          [&sizes] {
            return timed([&sizes] {
              for (std::size_t i = 0; i != 3000; ++i) {
                fill_small(&sizes[i % kDifferent * kSmall]);
              }
            });
          });
  const bench::FillPlan plan = bench::make_fill_plan(64 * kMiB, 20, 219);
  bitcoinleveldb::BlockDepot depot({80 * kMiB});
  bitcoinleveldb::ArenaOptions options;
  options.block_source = &depot;
  const auto fill_plan = [&plan, &options] { fill(plan, options); };
  measure("warm 64 MiB, memory from a depot", rounds, count, profile,
          [&fill_plan] { return timed(fill_plan); });
  measure("fresh 64 MiB", rounds, count, profile, [&depot, &fill_plan] {
    depot.trim();
    return timed(fill_plan);
  });
  std::printf("samples: %zu counted, of %.0f bytes; %llu profiled\n",
              count.samples(), count.bytes(),
              static_cast<unsigned long long>(profile.stats().samples));
  return 0;
}
