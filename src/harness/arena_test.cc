// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/arena_test.h"

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/detail/failure.h"
#include "bitcoinleveldb/detail/log_line.h"
#include "bitcoinleveldb/lcg_random.h"
#include "logged_draws.h"
#include "size_mix.h"

namespace bitcoinleveldb {

namespace {

constexpr std::size_t kFaultsKeptOfAKind = 20;
constexpr std::size_t kLevelDbBlockUsage = 4096 + sizeof(char*);

// One run. Allocations are kept by address, so that an overlap is found before
// anything is written, and an overlapping allocation is never written to: what
// is found corrupted later was corrupted by the arena.
class Run {
 public:
  Run(const ArenaTestOptions& options, ArenaFace& arena)
      : options_(options), arena_(arena), random_(options.seed) {}

  ArenaTestResult run() {
    const std::size_t step =
        std::max<std::size_t>(options_.allocations / 100, 1);
    for (number_ = 0; number_ != options_.allocations; ++number_) {
      allocate();
      check_usage();
      if (options_.progress && (number_ + 1) % step == 0) {
        options_.progress(number_ + 1, options_.allocations);
      }
    }
    check_patterns();
    return std::move(result_);
  }

 private:
  struct Allocation {
    std::size_t bytes;
    std::size_t number;
  };

  static char pattern(std::size_t number, std::size_t offset) {
    return static_cast<char>((number * 197 + offset * 7 + 1) & 0xffU);
  }

  std::size_t next_bytes() {
    return options_.sizes == SizeMix::kSpecification
               ? detail::specification_bytes(draws())
               : detail::leveldb_mix_bytes(draws(), number_,
                                           options_.allocations);
  }

  detail::LoggedDraws draws() { return detail::LoggedDraws(random_); }

  void allocate() {
    const std::size_t bytes = next_bytes();
    const bool aligned =
        options_.aligned_one_in != 0 && draws().one_in(options_.aligned_one_in);
    char* const ptr =
        aligned ? arena_.allocate_aligned(bytes) : arena_.allocate(bytes);
    ++result_.allocations;
    if (aligned) ++result_.aligned;
    if (ptr == nullptr) {
      report(ArenaFault::kNull, number_, describe(bytes, ptr) + " is null");
      return;
    }
    result_.bytes += bytes;
    const auto address = reinterpret_cast<std::uintptr_t>(ptr);
    if (aligned && address % Arena::kAlignment != 0) {
      report(ArenaFault::kMisaligned, number_,
             describe(bytes, ptr) + " is not at a multiple of " +
                 std::to_string(Arena::kAlignment));
    }
    if (!overlaps(ptr, bytes)) {
      for (std::size_t i = 0; i != bytes; ++i) ptr[i] = pattern(number_, i);
      live_.emplace(ptr, Allocation{bytes, number_});
    }
  }

  bool overlaps(char* ptr, std::size_t bytes) {
    const auto after = live_.lower_bound(ptr);
    auto other = live_.end();
    if (after != live_.end() && after->first < ptr + bytes) other = after;
    if (after != live_.begin()) {
      const auto before = std::prev(after);
      if (before->first + before->second.bytes > ptr) other = before;
    }
    if (other == live_.end()) return false;
    report(ArenaFault::kOverlap, number_,
           describe(bytes, ptr) + " overlaps allocation " +
               std::to_string(other->second.number) + " of " +
               std::to_string(other->second.bytes) + " bytes");
    return true;
  }

  void check_usage() {
    const std::optional<std::size_t> usage = arena_.memory_usage();
    result_.usage_known = usage.has_value();
    if (!usage) return;
    result_.usage = *usage;
    if (*usage < result_.bytes) {
      report(ArenaFault::kUsageLow, number_,
             describe_usage(*usage) + "is below the bytes handed out");
    }
    const std::size_t slack = result_.bytes <= options_.usage_slack_up_to_bytes
                                  ? kLevelDbBlockUsage
                                  : 0;
    if (number_ > options_.allocations / 10 &&
        *usage > result_.bytes + result_.bytes / 10 + slack) {
      report(ArenaFault::kUsageHigh, number_,
             describe_usage(*usage) + "is above 110 % of the bytes handed out");
    }
  }

  void check_patterns() {
    for (const auto& [ptr, allocation] : live_) {
      for (std::size_t i = 0; i != allocation.bytes; ++i) {
        if (ptr[i] == pattern(allocation.number, i)) continue;
        report(ArenaFault::kCorrupted, allocation.number,
               "allocation " + std::to_string(allocation.number) + " of " +
                   std::to_string(allocation.bytes) +
                   " bytes was changed at offset " + std::to_string(i));
        break;
      }
    }
  }

  std::string describe(std::size_t bytes, const char* ptr) const {
    std::ostringstream text;
    text << "allocation " << number_ << " of " << bytes << " bytes at "
         << static_cast<const void*>(ptr);
    return text.str();
  }

  std::string describe_usage(std::size_t usage) const {
    return "after allocation " + std::to_string(number_) + " usage is " +
           std::to_string(usage) + ", which for " +
           std::to_string(result_.bytes) + " bytes ";
  }

  void report(ArenaFault fault, std::size_t allocation, std::string message) {
    ++result_.faults_total;
    const auto kept =
        std::ranges::count(result_.faults, fault, &ArenaTestFault::fault);
    if (static_cast<std::size_t>(kept) < kFaultsKeptOfAKind) {
      result_.faults.push_back({fault, allocation, std::move(message)});
    }
  }

  const ArenaTestOptions& options_;
  ArenaFace& arena_;
  LcgRandom random_;
  std::size_t number_ = 0;
  std::map<char*, Allocation> live_;
  ArenaTestResult result_;
};

}  // namespace

ArenaFace::~ArenaFace() = default;

ArenaTestOptions ArenaTestOptions::specification() {
  ArenaTestOptions options;
  options.allocations = 10'000;
  options.sizes = SizeMix::kSpecification;
  options.aligned_one_in = 4;
  return options;
}

const char* to_string(ArenaFault fault) {
  switch (fault) {
    case ArenaFault::kNull:
      return "null";
    case ArenaFault::kOverlap:
      return "overlap";
    case ArenaFault::kMisaligned:
      return "misaligned";
    case ArenaFault::kUsageLow:
      return "usage too low";
    case ArenaFault::kUsageHigh:
      return "usage too high";
    case ArenaFault::kCorrupted:
      return "corrupted";
  }
  return "unknown";
}

ArenaTest::ArenaTest(ArenaTestOptions options) : options_(std::move(options)) {
  if (options_.allocations == 0) {
    detail::fail_invalid(
        "ArenaTest: the number of allocations is 0; it must be at least 1");
  }
  detail::log_line(
      LogLevel::kInfo,
      "ArenaTest: seed %llu, %zu allocations, sizes of %s, one in %llu aligned",
      static_cast<unsigned long long>(options_.seed), options_.allocations,
      options_.sizes == SizeMix::kSpecification ? "the specification"
                                                : "LevelDB's test",
      static_cast<unsigned long long>(options_.aligned_one_in));
}

ArenaTestResult ArenaTest::run_on(ArenaFace& arena) const {
  return Run(options_, arena).run();
}

}  // namespace bitcoinleveldb
