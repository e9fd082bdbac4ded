// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TESTS_UNIT_RECORDING_DOOR_H_
#define BITCOINLEVELDB_TESTS_UNIT_RECORDING_DOOR_H_

#include <cstddef>
#include <vector>

#include "bitcoinleveldb/detail/arena_insider.h"

namespace bitcoinleveldb {

// Keeps what it is told of, and grants as many bytes each time.
class RecordingDoor : public detail::ArenaDoor {
 public:
  explicit RecordingDoor(std::size_t grant = 0) : grant_(grant) {}

  std::size_t passed(
      const Arena& /*arena*/,
      const detail::ColdAllocation& allocation) noexcept override {
    seen.push_back(allocation);
    return grant_;
  }

  std::vector<detail::ColdAllocation> seen;

 private:
  std::size_t grant_;
};

// The same, but told no more until a block reaches beyond so many bytes.
class SkippingDoor final : public RecordingDoor {
 public:
  SkippingDoor(std::size_t grant, std::size_t skipped)
      : RecordingDoor(grant), skipped_(skipped) {}

  std::size_t passed(
      const Arena& arena,
      const detail::ColdAllocation& allocation) noexcept override {
    skip_blocks(skipped_);
    return RecordingDoor::passed(arena, allocation);
  }

 private:
  std::size_t skipped_;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_UNIT_RECORDING_DOOR_H_
