// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The bytes of a fuzzer, read as choices and numbers.

#ifndef BITCOINLEVELDB_FUZZ_FUZZ_INPUT_H_
#define BITCOINLEVELDB_FUZZ_FUZZ_INPUT_H_

#include <climits>
#include <cstddef>
#include <cstdint>

namespace bitcoinleveldb {

// Where bytes have run out it reads zeros, so that every beginning of an input
// is one, too.
class FuzzInput {
 public:
  FuzzInput(const std::uint8_t* data, std::size_t size)
      : data_(data), left_(size) {}

  [[nodiscard]] bool is_empty() const { return left_ == 0; }

  std::uint8_t byte() {
    if (left_ == 0) return 0;
    --left_;
    return *data_++;
  }

  std::uint64_t word() {
    std::uint64_t value = 0;
    for (int i = 0; i != 8; ++i) value = value << 8U | byte();
    return value;
  }

  // A number below `end`, which is at most 256.
  std::size_t below(std::size_t end) { return byte() % end; }

  // What is asked for of an arena: mostly small, often round a quarter block,
  // at most 64 KiB.
  std::size_t size() {
    const std::size_t kind = byte();
    const std::size_t figure = byte();
    switch (kind % 8) {
      case 4:
        return figure;
      case 5:
        return 1016 + figure % 17;
      case 6:
        return 16 * figure + kind / 8;
      case 7:
        return 256 * figure + byte();
      default:
        return figure % 65;
    }
  }

  // As size(), and now and then one that no one can have.
  std::size_t any_size() {
    const std::size_t kind = byte();
    if (kind < 224) return size();
    const std::size_t figure = byte();
    switch (kind % 4) {
      case 0:
        return SIZE_MAX - figure;
      case 1:
        return static_cast<std::size_t>(PTRDIFF_MAX) + 128 - figure;
      case 2:
        return std::size_t{1} << (figure % (sizeof(std::size_t) * CHAR_BIT));
      default:
        return static_cast<std::size_t>(word());
    }
  }

  // Mostly a small power of two, now and then any, seldom none.
  std::size_t alignment() {
    const std::size_t kind = byte();
    if (kind < 192) return std::size_t{1} << (kind % 7);
    if (kind < 232) {
      return std::size_t{1} << (kind % (sizeof(std::size_t) * CHAR_BIT));
    }
    return any_size();
  }

  // How much a reset or a rewind may keep.
  std::size_t keep_bytes() {
    const std::size_t kind = byte();
    switch (kind % 4) {
      case 0:
        return 0;
      case 1:
        return SIZE_MAX;
      case 2:
        return 64 * kind;
      default:
        return 1024 * kind;
    }
  }

 private:
  const std::uint8_t* data_;
  std::size_t left_;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_FUZZ_FUZZ_INPUT_H_
