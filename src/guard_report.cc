// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "guard_report.h"

#include <array>
#include <cstdint>

#include "bitcoinleveldb/arena_guard.h"
#include "port/fault_handler.h"

namespace bitcoinleveldb {

namespace detail {

namespace {

// A line that is put together without memory or locks. What does not fit is
// left out.
class Line {
 public:
  Line& operator<<(const char* text) noexcept {
    while (*text != '\0') put(*text++);
    return *this;
  }
  Line& operator<<(std::uint64_t number) noexcept {
    return put_number(number, 10);
  }
  Line& operator<<(const void* address) noexcept {
    *this << "0x";
    return put_number(reinterpret_cast<std::uintptr_t>(address), 16);
  }
  void write() noexcept {
    text_[used_++] = '\n';
    port::write_error(text_.data(), used_);
  }

 private:
  void put(char one) noexcept {
    if (used_ + 1 < text_.size()) text_[used_++] = one;
  }
  Line& put_number(std::uint64_t number, unsigned base) noexcept {
    char digits[20];
    std::size_t count = 0;
    do {
      digits[count++] = "0123456789abcdef"[number % base];
      number /= base;
    } while (number != 0);
    while (count != 0) put(digits[--count]);
    return *this;
  }

  std::array<char, 400> text_;
  std::size_t used_ = 0;
};

// Within a live one nothing traps unless its arena is sealed.
const char* fate(const void* address, const GuardedAllocation& one) {
  const std::uintptr_t offset = reinterpret_cast<std::uintptr_t>(address) -
                                reinterpret_cast<std::uintptr_t>(one.ptr);
  switch (one.state) {
    case GuardedState::kLive:
      return offset < one.bytes ? ", which is sealed" : "";
    case GuardedState::kReset:
      return ", which went when the arena was reset";
    case GuardedState::kRewound:
      return ", which went with a scope";
    case GuardedState::kEnded:
      return ", which went with the arena";
    default:
      return "";
  }
}

// "1 past the end of" is the first byte that is not the allocation's.
void say_where(Line& line, const void* address, const GuardedAllocation& one) {
  const auto hit = reinterpret_cast<std::uintptr_t>(address);
  const auto start = reinterpret_cast<std::uintptr_t>(one.ptr);
  if (hit < start) {
    line << std::uint64_t{start - hit} << " before the start of ";
  } else if (hit - start >= one.bytes) {
    line << std::uint64_t{hit - start - one.bytes + 1} << " past the end of ";
  } else {
    line << "at offset " << std::uint64_t{hit - start} << " of ";
  }
}

void report_fault(const void* address) {
  GuardRecord record;
  if (GuardTable::find_in_handler(address, record)) {
    report_guard("access to", address, record);
  }
}

}  // namespace

void report_guard(const char* what, const void* address,
                  const GuardRecord& record) noexcept {
  const GuardedAllocation& one = record.allocation;
  const bool sealed = one.state == GuardedState::kSealed;
  Line line;
  line << "bitcoinleveldb-arena: " << what << " " << address << ", ";
  say_where(line, address, one);
  if (sealed) {
    line << "a slab (" << std::uint64_t{one.bytes} << " bytes at ";
  } else {
    line << "allocation " << one.number << " (" << std::uint64_t{one.bytes}
         << " bytes at ";
  }
  line << static_cast<const void*>(one.ptr) << ") of ";
  if (sealed) {
    line << "a sealed arena (at ";
  } else {
    line << "guarded arena " << one.arena_number << " (at ";
  }
  line << static_cast<const void*>(one.arena);
  if (one.name[0] != '\0') line << ", \"" << one.name << "\"";
  line << ")" << fate(address, one);
  line.write();
}

}  // namespace detail

bool install_guard_reporter() noexcept {
  return port::install_fault_handler(detail::report_fault);
}

}  // namespace bitcoinleveldb
