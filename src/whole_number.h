// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_WHOLE_NUMBER_H_
#define BITCOINLEVELDB_SRC_WHOLE_NUMBER_H_

#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>
#include <system_error>

namespace bitcoinleveldb::detail {

// Returns the number that `text` is, decimal digits and nothing else.
inline std::optional<std::size_t> whole_number(std::string_view text) noexcept {
  std::size_t number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  if (error != std::errc() || end != last) return std::nullopt;
  return number;
}

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_WHOLE_NUMBER_H_
