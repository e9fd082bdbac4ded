// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "plan.h"

#include "bitcoinleveldb/lcg_random.h"

namespace bench {

namespace {

constexpr std::uint64_t kSeed = 301;

// LevelDB's usage after some requests, by its policy (docs/parity.md, P1-P5).
class Usage {
 public:
  void add(std::size_t bytes) {
    if (bytes <= remaining_) {
      remaining_ -= bytes;
    } else if (bytes > kBlockBytes / 4) {
      usage_ += bytes + sizeof(char*);
    } else {
      usage_ += kBlockBytes + sizeof(char*);
      remaining_ = kBlockBytes - bytes;
    }
  }
  void add_aligned(std::size_t bytes) {
    const std::size_t slop = remaining_ % 8;
    if (bytes + slop <= remaining_) remaining_ -= slop;
    add(bytes);
  }
  [[nodiscard]] std::size_t bytes() const { return usage_; }

 private:
  static constexpr std::size_t kBlockBytes = 4096;
  std::size_t usage_ = 0;
  std::size_t remaining_ = 0;
};

}  // namespace

FillPlan make_fill_plan(std::size_t usage, std::uint32_t smallest,
                        std::uint32_t largest) {
  FillPlan plan;
  bitcoinleveldb::LcgRandom random(kSeed);
  plan.sizes.resize(FillPlan::kSizes);
  for (std::uint16_t& size : plan.sizes) {
    size = static_cast<std::uint16_t>(smallest +
                                      random.uniform(largest - smallest + 1));
  }
  Usage counted;
  while (counted.bytes() < usage) {
    counted.add(plan.size(plan.entries));
    counted.add_aligned(kNodeBytes);
    ++plan.entries;
  }
  plan.bytes = counted.bytes();
  return plan;
}

std::vector<std::uint32_t> small_sizes(std::size_t count) {
  bitcoinleveldb::LcgRandom random(kSeed);
  std::vector<std::uint32_t> sizes(count);
  for (std::uint32_t& size : sizes) {
    size = static_cast<std::uint32_t>(8 + random.uniform(112));
  }
  return sizes;
}

}  // namespace bench
