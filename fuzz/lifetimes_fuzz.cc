// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Two arenas and everything that ends: scopes, resets, moves, resizes, objects
// with destructors, what was reserved ahead, budgets, sources that fail. Every
// byte handed out has a known content until it is given back, so that whatever
// overlaps or is lost is found; every slab is accounted for after every step.

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bitcoinleveldb/arena_forecast.h"
#include "bitcoinleveldb/arena_objects.h"
#include "bitcoinleveldb/arena_observer.h"
#include "bitcoinleveldb/arena_resize.h"
#include "bitcoinleveldb/block_depot.h"
#include "bitcoinleveldb/memory_budget.h"
#include "fuzz_input.h"
#include "fuzz_source.h"
#include "lifetime_world.h"
#include "require.h"

namespace bitcoinleveldb {

namespace {
using detail::ArenaInsider;

class Watcher : public ArenaObserver {
 public:
  void allocated(const ObservedArena& /*arena*/,
                 const ObservedAllocation& allocation) noexcept override {
    require(allocation.ptr != nullptr && allocation.weight >= 1,
            "an observer was told of nothing");
  }
};

class LateWatcher final : public Watcher {
 public:
  LateWatcher() {
    forgo_blocks();
    forgo_unsampled_arenas();
  }
};

class World {
 public:
  explicit World(FuzzInput& input)
      : input_(input), depot_(BlockDepotOptions{16384, 8, &source_}) {
    const std::size_t kind = input.byte();
    MemoryBudgetOptions options;
    options.limit_bytes = 4096 * (1 + kind / 4);
    options.threshold_bytes = 2048 * (1 + kind / 4);
    options.upstream = kind % 2 == 0
                           ? static_cast<std::pmr::memory_resource*>(&source_)
                           : &depot_;
    budget_.emplace(options);
    options_.block_source = kind % 4 < 2 ? options.upstream : &*budget_;
    if (input.below(4) == 3) options_.block_bytes = 64 + 16 * input.below(256);
  }

  ~World() { remove_default_observer(late_); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void step() {
    KnownArena& one = arenas_[input_.below(2)];
    try {
      play(one, input_.below(20));
    } catch (const std::bad_alloc&) {
    } catch (const FuzzSource::Foreign&) {
    } catch (const Owned::ConstructionFailed&) {
    }
    // A call that failed may have taken a block for what came before it.
    one.note_peak();
    account();
  }

  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  void play(KnownArena& one, std::size_t op) {
    switch (op) {
      case 0:
        return begin_scope(one);
      case 1:
        if (one.depth() != 0) one.end_scope();
        return;
      case 2:
        if (one.depth() != 0) one.rewind(input_.keep_bytes());
        return;
      case 3:
        if (one.depth() == 0) one.reset(input_.keep_bytes());
        return;
      case 4:
        if (one.depth() == 0) one.renew(options_);
        return;
      case 5:
        return move(one);
      case 6:
      case 7:
        return resize(one);
      case 8:
        return own(one);
      case 9:
        return own_many(one);
      case 10:
        return reserve_ahead(one);
      case 11:
        return plan_failure();
      case 12:
        return observe(one);
      case 13:
        return one.check_all();
      default:
        return allocate(one, op);
    }
  }

  char next_content() { return static_cast<char>(++content_); }

  void begin_scope(KnownArena& one) {
    if (one.depth() < 5) one.begin_scope();
  }

  void allocate(KnownArena& one, std::size_t form) {
    // The default source of a process would be asked for all it has.
    const bool bounded = !one.is_counted();
    const std::size_t bytes = bounded ? input_.size() : input_.any_size();
    char* ptr = nullptr;
    if (form == 14) {
      ptr = one.arena().allocate(bytes);
    } else if (form == 15) {
      ptr = one.arena().allocate_aligned(bytes);
    } else if (form == 16) {
      const std::string text(input_.byte(), next_content());
      const std::string_view copied = copy_string(one.arena(), text);
      require(copied == text, "a copy");
      bytes_ += text.size();
      if (!text.empty()) {
        one.served(const_cast<char*>(copied.data()), copied.size(),
                   text.front());
      }
      return;
    } else {
      const std::size_t alignment =
          bounded ? std::size_t{1} << input_.below(8) : input_.alignment();
      ptr = one.arena().try_allocate_aligned(bytes, alignment);
    }
    if (ptr == nullptr) return;
    bytes_ += bytes;
    one.served(ptr, bytes, next_content());
  }

  // The newest one mostly, and now and then any: it must be told no.
  void resize(KnownArena& one) {
    if (one.known().empty()) return;
    const std::size_t back = input_.byte();
    const std::size_t count = one.known().size();
    Known& known = one.known()[back < 192 ? count - 1 : back % count];
    const std::size_t old_bytes = known.bytes;
    const std::size_t new_bytes = input_.any_size();
    if (!try_resize_newest(one.arena(), known.ptr, old_bytes, new_bytes)) {
      check(known, old_bytes);
      return;
    }
    require(known.depth == one.depth(), "resized within a scope it was before");
    known.bytes = new_bytes == 0 ? 1 : new_bytes;
    bytes_ += known.bytes;
    check(known, std::min(old_bytes, known.bytes));
    write(known);
  }

  void own(KnownArena& one) {
    const bool fails = input_.below(8) == 0;
    (void)make_owned<Owned>(one.arena(), one.ledger(), ++number_, fails);
  }

  // Elements are made without arguments, so they find their ledger here.
  void own_many(KnownArena& one) {
    struct Element {
      Element() : owned(*ledger_in_use, ++*number_in_use, false) {}
      Owned owned;
    };
    ledger_in_use = &one.ledger();
    number_in_use = &number_;
    (void)make_owned_array<Element>(one.arena(), input_.below(9));
  }

  // What was reserved cannot fail, asks no source and is as forecast.
  void reserve_ahead(KnownArena& one) {
    std::vector<std::pair<std::size_t, std::size_t>> requests;
    ArenaForecast forecast(one.arena());
    for (std::size_t n = input_.below(6); n != 0; --n) {
      const std::size_t bytes = input_.size();
      const std::size_t alignment = std::size_t{1} << input_.below(5);
      const std::size_t count = 1 + input_.below(3);
      forecast.add_many(count, bytes, alignment);
      for (std::size_t i = 0; i != count; ++i) {
        requests.emplace_back(bytes, alignment);
      }
    }
    const std::size_t usage = one.arena().memory_usage();
    if (!try_reserve(one.arena(), forecast)) {
      require(one.arena().memory_usage() == usage, "a failure counted");
      return;
    }
    const std::size_t calls = source_.calls();
    for (const auto& [bytes, alignment] : requests) {
      char* const ptr = one.arena().try_allocate_aligned(bytes, alignment);
      require(ptr != nullptr, "what was reserved failed");
      bytes_ += bytes;
      one.served(ptr, bytes, next_content());
    }
    require(source_.calls() == calls, "what was reserved asked the source");
    require(one.arena().memory_usage() == forecast.usage() &&
                ArenaInsider::remaining(one.arena()) == forecast.remaining(),
            "not as forecast");
  }

  void move(KnownArena& one) {
    KnownArena& other = arenas_[&one == arenas_.data() ? 1 : 0];
    if (one.depth() == 0 && other.depth() == 0) one.take_over(other);
  }

  void plan_failure() {
    const std::size_t how = input_.byte();
    if (how % 8 == 7) return source_.fail_no_more();
    source_.fail_after(how % 4,
                       FuzzSource::Failure{static_cast<int>(how / 4 % 3)},
                       how >= 128);
  }

  void observe(KnownArena& one) {
    const std::size_t how = input_.byte();
    const bool by_default = input_.byte() % 2 == 1;
    Watcher& watcher = by_default ? late_ : watcher_;
    watcher.set_interest(how % 3 == 0   ? ArenaInterest::all()
                         : how % 3 == 1 ? ArenaInterest::none()
                                        : ArenaInterest::sample(8 * how));
    if (by_default && how % 2 == 0) return add_default_observer(late_);
    if (by_default && how % 4 == 1) return remove_default_observer(late_);
    if (how < 128) {
      attach_observer(one.arena(), watcher);
    } else {
      detach_observer(one.arena(), watcher);
    }
    refresh_observers(one.arena());
  }

  // Each byte of the source is in an arena, or in the depot.
  void account() {
    std::size_t reserved = 0;
    for (const KnownArena& one : arenas_) {
      if (one.is_counted())
        reserved += ArenaInsider::reserved_bytes(one.arena());
    }
    const BlockDepotStats depot = depot_.stats();
    require(source_.live_bytes() == reserved + depot.retained_bytes,
            "the source has given what no one holds");
    require(depot.retained_bytes <= 16384, "the depot holds too much");
    if (options_.block_source != &*budget_) return;
    require(budget_->charged_bytes() == reserved, "charged otherwise");
    require(reserved <= budget_->stats().limit_bytes, "over the limit");
    require(budget_->is_over_threshold() ==
                (reserved >= budget_->stats().threshold_bytes),
            "the threshold");
  }

  static inline Ledger* ledger_in_use = nullptr;
  static inline std::uint32_t* number_in_use = nullptr;

  FuzzInput& input_;
  FuzzSource source_;
  BlockDepot depot_;
  std::optional<MemoryBudget> budget_;
  ArenaOptions options_;
  Watcher watcher_;
  LateWatcher late_;
  std::array<KnownArena, 2> arenas_;
  std::size_t bytes_ = 0;
  std::uint32_t number_ = 0;
  std::uint8_t content_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  constexpr std::size_t kBytesMax = 1U << 20U;
  FuzzInput input(data, size);
  World world(input);
  while (!input.is_empty() && world.bytes() < kBytesMax) world.step();
  return 0;
}

}  // namespace bitcoinleveldb
