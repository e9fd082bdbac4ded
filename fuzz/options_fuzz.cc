// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Any options, any alignments, any sizes, from a source that fails in any way:
// what is not allowed is refused, what fails changes nothing, and what succeeds
// lies where the policy says for blocks of that size (docs/parity.md, P1-P5 and
// D1-D4). The policy is written here a second time, with addresses.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <optional>
#include <stdexcept>
#include <utility>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/arena_resource.h"
#include "bitcoinleveldb/block_depot.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/memory_budget.h"
#include "fuzz_input.h"
#include "fuzz_source.h"
#include "require.h"

namespace bitcoinleveldb {

namespace {
using detail::ArenaInsider;

enum class Outcome { kDone, kExhausted, kInvalid, kForeign };

// Runs `call`, and says how it ended.
template <class Call>
Outcome outcome_of(Call call) {
  try {
    call();
    return Outcome::kDone;
  } catch (const std::bad_alloc&) {
    return Outcome::kExhausted;
  } catch (const std::invalid_argument&) {
    return Outcome::kInvalid;
  } catch (const FuzzSource::Foreign&) {
    return Outcome::kForeign;
  }
}

bool is_power(std::size_t value) {
  for (std::size_t power = 1; power != 0; power *= 2) {
    if (power == value) return true;
  }
  return false;
}

// All of an arena that a failure must leave as it was.
struct Snapshot {
  explicit Snapshot(const Arena& arena)
      : position(ArenaInsider::position(arena)),
        granted(ArenaInsider::granted(arena)),
        newest(ArenaInsider::newest_block(arena)),
        blocks(ArenaInsider::blocks(arena)),
        reserved(ArenaInsider::reserved_bytes(arena)),
        usage(arena.memory_usage()) {}

  const char* position;
  std::size_t granted;
  const detail::Block* newest;
  std::size_t blocks;
  std::size_t reserved;
  std::size_t usage;
  friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

// The policy, by address.
class Policy {
 public:
  explicit Policy(std::size_t block_bytes) : block_bytes_(block_bytes) {}

  // Whether a block has to be taken.
  [[nodiscard]] bool needs_block(std::size_t bytes,
                                 std::size_t alignment) const {
    const std::uintptr_t gap = gap_at(position_, alignment);
    return end_ - position_ < gap || end_ - position_ - gap < bytes;
  }

  // Takes note of a request that was served at `ptr`.
  void served(const char* ptr, std::size_t bytes, std::size_t alignment) {
    const auto place = reinterpret_cast<std::uintptr_t>(ptr);
    require(place % alignment == 0, "not aligned");
    if (!needs_block(bytes, alignment)) {
      require(place == position_ + gap_at(position_, alignment),
              "not at the first multiple");
      position_ = place + bytes;
      return;
    }
    require(place % 16 == 0, "a block that is not aligned");
    const bool dedicated = bytes > block_bytes_ / 4;
    usage_ += (dedicated ? bytes : block_bytes_) + sizeof(char*);
    if (dedicated) return;
    position_ = place + bytes;
    end_ = place + block_bytes_;
  }

  void was_reset() { *this = Policy(block_bytes_); }
  [[nodiscard]] std::size_t usage() const { return usage_; }

 private:
  static std::uintptr_t gap_at(std::uintptr_t place, std::size_t alignment) {
    const std::uintptr_t over = place % alignment;
    return over == 0 ? 0 : alignment - over;
  }

  std::size_t block_bytes_;
  std::uintptr_t position_ = 0;
  std::uintptr_t end_ = 0;
  std::size_t usage_ = 0;
};

// One request in one of its forms; null where a form that does not throw
// failed.
struct Request {
  std::size_t bytes;
  std::size_t alignment;
  std::size_t form;

  [[nodiscard]] bool throws() const { return form % 2 == 0; }

  [[nodiscard]] char* make(Arena& arena) const {
    switch (form) {
      case 0:
        return arena.allocate_aligned(bytes, alignment);
      case 1:
        return arena.try_allocate_aligned(bytes, alignment);
      case 2:
        return arena.allocate(bytes);
      case 3:
        return arena.try_allocate(bytes);
      case 4:
        return arena.allocate_aligned(bytes);
      case 5:
        return arena.try_allocate_aligned(bytes);
      default: {
        // A resource is promised a power of two by its callers.
        ArenaResource resource(arena);
        return static_cast<char*>(resource.allocate(bytes, alignment));
      }
    }
  }
};

Request read_request(FuzzInput& input) {
  Request request{input.any_size(), input.alignment(), input.below(7)};
  if (request.form == 2 || request.form == 3) request.alignment = 1;
  if (request.form == 4 || request.form == 5) {
    request.alignment = Arena::kAlignment;
  }
  if (request.form == 6 && !is_power(request.alignment)) request.form = 0;
  return request;
}

class Trial {
 public:
  explicit Trial(FuzzInput& input)
      : input_(input), depot_(BlockDepotOptions{32768, 4, &source_}) {}

  void run() {
    try_budget();
    if (!open()) return;
    std::size_t bytes = 0;
    while (!input_.is_empty() && bytes < FuzzSource::kBytesMax) {
      switch (input_.below(16)) {
        case 13:
          arena_->reset(input_.keep_bytes());
          policy_->was_reset();
          break;
        case 14:
          plan_failure();
          break;
        case 15:
          source_.fail_no_more();
          break;
        default:
          bytes += request();
      }
      require(arena_->memory_usage() == policy_->usage(), "usage");
    }
  }

 private:
  void plan_failure() {
    const std::size_t how = input_.byte();
    source_.fail_after(how % 4,
                       FuzzSource::Failure{static_cast<int>(how / 4 % 3)},
                       how >= 128);
  }

  void try_budget() {
    if (input_.below(8) != 0) return;
    MemoryBudgetOptions options;
    options.limit_bytes = input_.any_size();
    options.threshold_bytes = input_.any_size();
    options.upstream = &source_;
    const std::size_t limit = options.limit_bytes;
    const std::size_t threshold = options.threshold_bytes;
    const bool allowed =
        limit != 0 && threshold != 0 &&
        (threshold == MemoryBudget::kNone || threshold <= limit);
    const Outcome outcome =
        outcome_of([&] { budget_.emplace(std::move(options)); });
    require(outcome == (allowed ? Outcome::kDone : Outcome::kInvalid),
            "options of a budget");
  }

  std::pmr::memory_resource* source() {
    if (budget_) return &*budget_;
    if (input_.below(2) == 0) return &source_;
    return &depot_;
  }

  // Makes the arena, or sees that it cannot be made.
  bool open() {
    ArenaOptions options;
    const std::size_t kind = input_.byte();
    options.block_bytes = kind < 192
                              ? 64 + 16 * (kind % 64) * (1 + kind / 64)
                              : static_cast<std::size_t>(input_.any_size());
    options.block_source = source();
    if (kind % 16 == 15) plan_failure();
    const bool allowed = options.block_bytes % 16 == 0 &&
                         options.block_bytes >= 64 &&
                         options.block_bytes <= std::size_t{1} << 30U;
    const Outcome outcome = outcome_of([&] { arena_.emplace(options); });
    require((outcome == Outcome::kInvalid) == !allowed, "options of an arena");
    require(allowed == ArenaInsider::allows(options), "what is allowed");
    if (!allowed) {
      require(outcome_of([&] { set_default_arena_options(options); }) ==
                  Outcome::kInvalid,
              "defaults that are not allowed");
    }
    if (outcome != Outcome::kDone) return false;
    policy_.emplace(options.block_bytes);
    return true;
  }

  // Makes a request, and returns the bytes it got.
  std::size_t request() {
    const Request request = read_request(input_);
    const Snapshot before(*arena_);
    const std::size_t calls = source_.calls();
    char* ptr = nullptr;
    const Outcome outcome = outcome_of([&] { ptr = request.make(*arena_); });
    require(request.throws() ? (ptr == nullptr) == (outcome != Outcome::kDone)
                             : outcome == Outcome::kDone,
            "the form of a failure");
    require(source_.calls() - calls <= 1, "more than one call of the source");
    const bool invalid = !is_power(request.alignment);
    if (request.throws()) {
      require((outcome == Outcome::kInvalid) == invalid, "an alignment");
    }
    const std::size_t bytes = request.bytes == 0 ? 1 : request.bytes;
    if (ptr == nullptr) {
      require(Snapshot(*arena_) == before, "a failure left a trace");
      require(invalid || policy_->needs_block(bytes, request.alignment),
              "a failure without need");
      return 0;
    }
    require(!invalid, "served at an alignment that is none");
    policy_->served(ptr, bytes, request.alignment);
    ptr[0] = 1;
    ptr[bytes - 1] = 1;
    return bytes;
  }

  FuzzInput& input_;
  FuzzSource source_;
  BlockDepot depot_;
  std::optional<MemoryBudget> budget_;
  std::optional<Arena> arena_;
  std::optional<Policy> policy_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  FuzzInput input(data, size);
  Trial(input).run();
  return 0;
}

}  // namespace bitcoinleveldb
