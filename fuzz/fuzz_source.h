// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_FUZZ_FUZZ_SOURCE_H_
#define BITCOINLEVELDB_FUZZ_FUZZ_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory_resource>
#include <new>
#include <stdexcept>

#include "require.h"
#include "unit/block_sources.h"
#include "unit/slab_memory.h"

namespace bitcoinleveldb {

// A block source that has a few megabytes and no more, fails as it is told, and
// requires that all it hands out comes back as it went.
class FuzzSource final : public std::pmr::memory_resource {
 public:
  static constexpr std::size_t kBytesMax = std::size_t{4} << 20U;

  enum class Failure { kBadAlloc, kForeign, kMisaligned };

  // What the source throws when it fails in a way that is not its own.
  class Foreign : public std::runtime_error {
   public:
    Foreign() : std::runtime_error("a failure of the source's own") {}
  };

  FuzzSource() = default;
  FuzzSource(const FuzzSource&) = delete;
  FuzzSource& operator=(const FuzzSource&) = delete;
  ~FuzzSource() override {
    require(live_.empty(), "memory did not come back to its source");
  }

  // Has calls fail: the one after `calls` more and, with `for_ever`, all that
  // come after it.
  void fail_after(std::size_t calls, Failure failure, bool for_ever) {
    calls_left_ = calls;
    failure_ = failure;
    for_ever_ = for_ever;
    fails_ = true;
  }
  void fail_no_more() { fails_ = false; }

  [[nodiscard]] std::size_t calls() const { return calls_; }
  [[nodiscard]] std::size_t live_bytes() const { return live_bytes_; }

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    require(alignment <= 16 && bytes != 0, "a slab without need");
    ++calls_;
    if (is_to_fail()) {
      if (failure_ == Failure::kBadAlloc) throw std::bad_alloc();
      if (failure_ == Failure::kForeign) throw Foreign();
      // A sanitizer that sees to it ends the program before the arena can.
      if (kNullIsChecked) throw std::bad_alloc();
    }
    const std::size_t shift = misaligned_ ? 8 : 0;
    if (bytes > kBytesMax - live_bytes_) throw std::bad_alloc();
    char* const memory = static_cast<char*>(take_slab_memory(bytes + shift));
    live_[memory + shift] = {bytes, shift};
    live_bytes_ += bytes;
    return memory + shift;
  }

  void do_deallocate(void* memory, std::size_t bytes,
                     std::size_t /*alignment*/) override {
    const auto found = live_.find(static_cast<char*>(memory));
    require(found != live_.end(), "memory came back that was not out");
    require(found->second.bytes == bytes, "memory came back in another size");
    live_bytes_ -= bytes;
    give_slab_memory(found->first - found->second.shift);
    live_.erase(found);
  }

  bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }

  bool is_to_fail() {
    misaligned_ = false;
    if (!fails_) return false;
    if (calls_left_ != 0) {
      --calls_left_;
      return false;
    }
    fails_ = for_ever_;
    misaligned_ = failure_ == Failure::kMisaligned;
    return true;
  }

  struct Piece {
    std::size_t bytes;
    std::size_t shift;
  };

  std::map<char*, Piece> live_;
  std::size_t live_bytes_ = 0;
  std::size_t calls_ = 0;
  std::size_t calls_left_ = 0;
  Failure failure_ = Failure::kBadAlloc;
  bool for_ever_ = false;
  bool fails_ = false;
  bool misaligned_ = false;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_FUZZ_FUZZ_SOURCE_H_
