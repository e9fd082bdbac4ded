// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "port/memory_map.h"

#if defined(__linux__)

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <string_view>

namespace bitcoinleveldb::port {

namespace {

// Reads a number off the front of `text`; false if there is none.
template <typename Number>
bool take_number(std::string_view& text, Number& value, int base) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

// Returns the bytes of a line such as "Rss:      12 kB" if it has that label,
// and 0 if it has not.
std::size_t bytes_of(std::string_view line, std::string_view label) {
  if (line.substr(0, label.size()) != label) return 0;
  line.remove_prefix(label.size());
  std::size_t kib = 0;
  return take_number(line, kib, 10) ? kib * 1024 : 0;
}

// Reads a line that begins a range, such as "7f00-7f10 rw-p".
bool take_range(std::string_view line, std::uintptr_t& start,
                std::uintptr_t& end) {
  if (!take_number(line, start, 16) || line.empty() || line.front() != '-') {
    return false;
  }
  line.remove_prefix(1);
  return take_number(line, end, 16);
}

}  // namespace

std::optional<MemoryMap> read_memory_map(
    std::size_t (*chosen)(std::uintptr_t, std::uintptr_t)) noexcept {
  std::FILE* const file = std::fopen("/proc/self/smaps", "r");
  if (file == nullptr) return std::nullopt;
  MemoryMap map;
  std::size_t of_interest = 0;
  char buffer[512];  // of longer lines, which end in a path, the rest says
                     // nothing
  while (std::fgets(buffer, sizeof buffer, file) != nullptr) {
    const std::string_view line(buffer);
    std::uintptr_t start = 0;
    std::uintptr_t end = 0;
    if (take_range(line, start, end)) {
      of_interest = chosen(start, end);
      continue;
    }
    const std::size_t resident = bytes_of(line, "Rss:");
    map.resident_bytes += resident;
    map.chosen_resident_bytes += std::min(resident, of_interest);
    map.chosen_huge_bytes +=
        std::min(bytes_of(line, "AnonHugePages:"), of_interest);
  }
  std::fclose(file);
  return map;
}

}  // namespace bitcoinleveldb::port

#else

namespace bitcoinleveldb::port {

std::optional<MemoryMap> read_memory_map(
    std::size_t (*)(std::uintptr_t, std::uintptr_t)) noexcept {
  return std::nullopt;
}

}  // namespace bitcoinleveldb::port

#endif
