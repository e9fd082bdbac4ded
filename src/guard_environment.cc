// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "bitcoinleveldb/arena_guard.h"
#include "whole_number.h"

namespace bitcoinleveldb {

namespace {

// Returns the number that a variable is; nothing if it is not set, or is said
// to have no effect.
std::optional<std::size_t> number_of(const char* variable, std::size_t least) {
  const char* const text = std::getenv(variable);
  if (text == nullptr) return std::nullopt;
  const std::optional<std::size_t> number = detail::whole_number(text);
  if (number && *number >= least) return number;
  std::fprintf(stderr,
               "bitcoinleveldb-arena: %s is \"%s\" and has no effect; allowed: "
               "whole numbers from %zu to %zu\n",
               variable, text, least, SIZE_MAX);
  return std::nullopt;
}

}  // namespace

bool guard_arenas_from_environment() noexcept {
  const std::optional<std::size_t> one_in = number_of(kGuardVariable, 1);
  if (!one_in) return false;
  GuardOptions options;
  options.sample_bytes = number_of(kGuardBytesVariable, 0).value_or(0);
  if (const auto bytes = number_of(kGuardQuarantineVariable, 0)) {
    set_guard_quarantine(*bytes);
  }
  install_guard_reporter();
  guard_new_arenas(*one_in, options);
  return true;
}

}  // namespace bitcoinleveldb
