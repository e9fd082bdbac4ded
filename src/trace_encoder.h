// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_TRACE_ENCODER_H_
#define BITCOINLEVELDB_SRC_TRACE_ENCODER_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "bitcoinleveldb/trace.h"
#include "trace_format.h"
#include "trace_rules.h"

namespace bitcoinleveldb::detail {

// A piece of a trace that is to be written.
struct TraceBytes {
  const unsigned char* data;
  std::size_t bytes;
};

// Makes events into groups. All memory but that of the rules is taken at once.
class TraceEncoder {
 public:
  explicit TraceEncoder(std::size_t group_bytes);

  // Adds an event to the group, or returns what is wrong with it, as the rules
  // do. There must be room in the group.
  const char* add(const TraceEvent& event);

  bool is_empty() const noexcept { return group_.events == 0; }
  bool is_full() const noexcept { return used_ >= group_bytes_; }
  // How long after the group's first event the last time was known.
  std::uint64_t age() const noexcept { return now_ - group_.nanoseconds; }

  // Each returns what is to be written next, which is there until the next
  // call: the header of the file, the group, which begins anew, and the end.
  TraceBytes header() noexcept;
  TraceBytes take_group() noexcept;
  TraceBytes end() noexcept;

  const TraceRules& rules() const noexcept { return rules_; }
  TraceTotals totals() const noexcept;

 private:
  unsigned char* payload() noexcept {
    return memory_.get() + kGroupHeaderBytes;
  }
  void put_byte(unsigned value) noexcept {
    payload()[used_++] = static_cast<unsigned char>(value);
  }
  void put_code(TraceCode code) noexcept {
    put_byte(static_cast<unsigned>(code));
  }
  void put_number(std::uint64_t value) noexcept;
  void put_short(TraceCode code, std::uint64_t bytes) noexcept;
  void put_request(TraceCode code, const TraceEvent& event) noexcept;
  void put_context(const TraceEvent& event) noexcept;
  void put_allocation(const TraceEvent& event) noexcept;
  void put_event(const TraceEvent& event) noexcept;
  TraceBytes sealed(GroupHeader header) noexcept;

  const std::size_t group_bytes_;
  const std::unique_ptr<unsigned char[]> memory_;  // of a group
  TraceRules rules_;
  GroupHeader group_;  // without its checksum
  std::size_t used_ = 0;
  std::uint64_t now_ = 0;
  std::uint64_t arena_ = 0;   // of the last record; 0 at a group's beginning
  std::uint64_t thread_ = 0;  // likewise
  std::uint64_t allocations_ = 0;
  std::uint64_t handed_out_ = 0;  // bytes
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_TRACE_ENCODER_H_
