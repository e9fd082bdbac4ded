// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/arena_options.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <optional>

#include "bitcoinleveldb/detail/attributes.h"
#include "bitcoinleveldb/detail/failure.h"
#include "default_source.h"
#include "immortal.h"
#include "options_check.h"
#include "port/fork.h"
#include "whole_number.h"

namespace bitcoinleveldb {

namespace {

constexpr std::size_t kBlockBytesMin = 64;
constexpr std::size_t kBlockBytesMax = std::size_t{1} << 30U;
constexpr std::size_t kBlockBytesStep = 16;
constexpr char kBlockBytesAllowed[] = "multiples of 16 from 64 to 1073741824";

constexpr bool is_allowed_block_bytes(std::size_t bytes) {
  return bytes >= kBlockBytesMin && bytes <= kBlockBytesMax &&
         bytes % kBlockBytesStep == 0;
}

// Out of line: it runs once, and what calls it does so for every arena.
BITCOINLEVELDB_COLD ArenaOptions options_from_environment() {
  ArenaOptions options;
  const char* const text = std::getenv(kBlockBytesVariable);
  if (text == nullptr) return options;
  const std::optional<std::size_t> bytes = detail::whole_number(text);
  if (bytes && is_allowed_block_bytes(*bytes)) {
    options.block_bytes = *bytes;
  } else {
    std::fprintf(stderr,
                 "bitcoinleveldb-arena: %s is \"%s\" and has no effect; "
                 "allowed: %s\n",
                 kBlockBytesVariable, text, kBlockBytesAllowed);
  }
  return options;
}

// The defaults in force are immutable and live for ever, so that a reader in
// another thread needs no lock; a list keeps the earlier ones reachable.
struct Defaults {
  ArenaOptions options;
  const Defaults* replaced;
};

std::atomic<const Defaults*> g_defaults{nullptr};

// Before a fork the environment has been read, or no one is reading it: a child
// would wait for ever for another thread of its parent that was.
[[maybe_unused]] const bool g_read_before_forks = [] {
  static constexpr port::ForkCalls kCalls{[] { (void)default_arena_options(); },
                                          nullptr, nullptr};
  port::at_fork(port::ForkOrder::kDefaultOptions, kCalls);
  return true;
}();

}  // namespace

namespace detail {

bool is_allowed(const ArenaOptions& options) noexcept {
  return is_allowed_block_bytes(options.block_bytes);
}

void check_options(const ArenaOptions& options) {
  if (!is_allowed(options)) {
    fail_invalid_value("ArenaOptions: block_bytes", options.block_bytes,
                       kBlockBytesAllowed);
  }
}

}  // namespace detail

std::pmr::memory_resource* default_block_source() noexcept {
  return &detail::immortal<detail::DefaultSource>();
}

std::size_t trim_default_block_source(std::size_t keep_bytes) noexcept {
  return detail::DefaultSource::trim(keep_bytes);
}

ArenaOptions default_arena_options() noexcept {
  // Acquire pairs with the release in set_default_arena_options.
  const Defaults* const defaults = g_defaults.load(std::memory_order_acquire);
  if (defaults != nullptr) return defaults->options;
  static const ArenaOptions from_environment = options_from_environment();
  return from_environment;
}

void set_default_arena_options(const ArenaOptions& options) {
  detail::check_options(options);
  Defaults* const defaults = new (std::nothrow) Defaults{options, nullptr};
  if (defaults == nullptr) detail::fail_exhausted(sizeof(Defaults));
  // Release pairs with the acquire in default_arena_options; the load of the
  // loop needs no order, since `replaced` is never followed. In the first round
  // it is a guess.
  while (!g_defaults.compare_exchange_weak(defaults->replaced, defaults,
                                           std::memory_order_release,
                                           std::memory_order_relaxed)) {
  }
}

}  // namespace bitcoinleveldb
