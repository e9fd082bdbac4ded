// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// All atomic operations are sequentially consistent: they are made once a slab,
// and the argument in `judge` needs one order of them all.

#include "bitcoinleveldb/memory_budget.h"

#include <algorithm>
#include <string>
#include <utility>

#include "bitcoinleveldb/detail/failure.h"
#include "bitcoinleveldb/detail/log_line.h"
#include "default_source.h"
#include "source_memory.h"

namespace bitcoinleveldb {

namespace {

// No object is larger than this, and neither is the sum of all, which so leaves
// a bit of the state.
constexpr std::size_t kBytesMax = PTRDIFF_MAX;

constexpr std::uint64_t kOver = 1;

constexpr std::size_t charged_of(std::uint64_t state) {
  return static_cast<std::size_t>(state >> 1U);
}
constexpr bool is_over(std::uint64_t state) { return (state & kOver) != 0; }
constexpr std::uint64_t state_of(std::size_t charged, bool over) {
  return (std::uint64_t{charged} << 1U) | (over ? kOver : 0);
}

std::string at_least(std::size_t threshold) {
  return "threshold_bytes, " + std::to_string(threshold) + ", or more";
}

std::string up_to(std::size_t limit) {
  return "1 to limit_bytes, " + std::to_string(limit) + ", and kNone";
}

void check_limit(std::size_t limit, std::size_t threshold) {
  if (limit == 0) {
    detail::fail_invalid_value("MemoryBudget: limit_bytes", limit, "1 or more");
  }
  if (threshold != MemoryBudget::kNone && limit < threshold) {
    detail::fail_invalid_value("MemoryBudget: limit_bytes", limit,
                               at_least(threshold).c_str());
  }
}

void check_threshold(std::size_t limit, std::size_t threshold) {
  if (threshold == 0 ||
      (threshold != MemoryBudget::kNone && threshold > limit)) {
    detail::fail_invalid_value("MemoryBudget: threshold_bytes", threshold,
                               up_to(limit).c_str());
  }
}

// Holds a charge until it is kept, also if upstream throws.
template <class Credit>
class Charge {
 public:
  explicit Charge(Credit credit) : credit_(credit) {}
  Charge(const Charge&) = delete;
  Charge& operator=(const Charge&) = delete;
  ~Charge() {
    if (!kept_) credit_();
  }
  void keep() { kept_ = true; }

 private:
  Credit credit_;
  bool kept_ = false;
};

}  // namespace

MemoryBudget::MemoryBudget(MemoryBudgetOptions options)
    : limit_(options.limit_bytes),
      threshold_(options.threshold_bytes),
      on_threshold_(std::move(options.on_threshold)),
      upstream_(options.upstream) {
  check_limit(options.limit_bytes, options.threshold_bytes);
  check_threshold(options.limit_bytes, options.threshold_bytes);
}

void MemoryBudget::set_limit(std::size_t bytes) {
  const std::lock_guard lock(settings_);
  check_limit(bytes, threshold_);
  limit_ = bytes;
}

void MemoryBudget::set_threshold(std::size_t bytes) {
  {
    const std::lock_guard lock(settings_);
    check_threshold(limit_, bytes);
    threshold_ = bytes;
  }
  judge();
}

bool MemoryBudget::is_over_threshold() const noexcept {
  return is_over(state_);
}

std::size_t MemoryBudget::charged_bytes() const noexcept {
  return charged_of(state_);
}

MemoryBudgetStats MemoryBudget::stats() const noexcept {
  MemoryBudgetStats stats;
  stats.charged_bytes = charged_bytes();
  // A thread may have charged and not yet noted the peak.
  stats.peak_bytes = std::max(peak_.load(), stats.charged_bytes);
  stats.limit_bytes = limit_;
  stats.threshold_bytes = threshold_;
  stats.refusals = refusals_;
  stats.crossings = crossings_;
  return stats;
}

void* MemoryBudget::do_allocate(std::size_t bytes, std::size_t alignment) {
  if (!charge(bytes)) return detail::no_memory(bytes);
  Charge charged([this, bytes] { credit(bytes); });
  void* const memory = upstream_ == nullptr
                           ? detail::DefaultSource::take(bytes, alignment)
                           : detail::take_from(*upstream_, bytes, alignment);
  if (memory != nullptr) charged.keep();
  return memory;
}

void MemoryBudget::do_deallocate(void* memory, std::size_t bytes,
                                 std::size_t alignment) {
  // Credited last: until upstream has it, the process holds it.
  if (upstream_ == nullptr) {
    detail::DefaultSource::give(memory, bytes, alignment);
  } else {
    upstream_->deallocate(memory, bytes, alignment);
  }
  credit(bytes);
}

bool MemoryBudget::do_is_equal(
    const std::pmr::memory_resource& other) const noexcept {
  return this == &other;
}

bool MemoryBudget::charge(std::size_t bytes) noexcept {
  std::uint64_t before = state_;
  std::uint64_t after = 0;
  std::size_t threshold = 0;
  do {
    const std::size_t limit = std::min(limit_.load(), kBytesMax);
    const std::size_t charged = charged_of(before);
    if (charged > limit || bytes > limit - charged) {
      ++refusals_;
      return false;
    }
    threshold = threshold_;
    after = state_of(charged + bytes,
                     is_over(before) || charged + bytes >= threshold);
  } while (!state_.compare_exchange_weak(before, after));
  std::size_t peak = peak_;
  while (peak < charged_of(after) &&
         !peak_.compare_exchange_weak(peak, charged_of(after))) {
  }
  if (is_over(after) && !is_over(before)) announce(charged_of(after));
  if (threshold != threshold_) judge();
  return true;
}

void MemoryBudget::credit(std::size_t bytes) noexcept {
  std::uint64_t before = state_;
  std::uint64_t after = 0;
  std::size_t threshold = 0;
  do {
    const std::size_t charged = charged_of(before) - bytes;
    threshold = threshold_;
    after = state_of(charged, is_over(before) && charged >= threshold);
  } while (!state_.compare_exchange_weak(before, after));
  if (threshold != threshold_) judge();
}

// Brings the bit in line with a threshold that was changed. Whoever changed the
// state by the threshold of before finds it changed afterwards and comes here
// too, so that the last one here sees both as they stay.
void MemoryBudget::judge() noexcept {
  std::size_t threshold = 0;
  do {
    threshold = threshold_;
    std::uint64_t before = state_;
    std::uint64_t after = 0;
    do {
      after = state_of(charged_of(before), charged_of(before) >= threshold);
    } while (!state_.compare_exchange_weak(before, after));
    if (is_over(after) && !is_over(before)) announce(charged_of(after));
  } while (threshold != threshold_);
}

void MemoryBudget::announce(std::size_t charged) noexcept {
  ++crossings_;
  detail::log_line(LogLevel::kWarn,
                   "memory budget at %p: %zu bytes charged, threshold of %zu "
                   "reached",
                   static_cast<const void*>(this), charged, threshold_.load());
  if (on_threshold_) on_threshold_(charged);
}

}  // namespace bitcoinleveldb
