// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The wire format of Protocol Buffers, as far as a writer needs it: numbers as
// varints, and everything else with its length before it.

#ifndef BITCOINLEVELDB_SRC_PROTOBUF_WRITER_H_
#define BITCOINLEVELDB_SRC_PROTOBUF_WRITER_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace bitcoinleveldb::detail {

// One message, field by field.
class ProtobufMessage {
 public:
  // Appends a field with a number; 0 is what a missing one stands for.
  void add_number(unsigned field, std::uint64_t value) {
    if (value == 0) return;
    add_varint(field * std::uint64_t{8});
    add_varint(value);
  }

  // Appends a field with text or with a message.
  void add_bytes(unsigned field, std::string_view bytes) {
    add_varint(field * std::uint64_t{8} + kLengthDelimited);
    add_varint(bytes.size());
    bytes_ += bytes;
  }
  void add_message(unsigned field, const ProtobufMessage& message) {
    add_bytes(field, message.bytes_);
  }

  // Appends a number as an element of a packed field.
  void add_varint(std::uint64_t value) {
    constexpr std::uint64_t kMore = 0x80;
    for (; value >= kMore; value >>= 7U) {
      bytes_ += static_cast<char>(static_cast<unsigned char>(value | kMore));
    }
    bytes_ += static_cast<char>(value);
  }

  const std::string& bytes() const noexcept { return bytes_; }

 private:
  static constexpr std::uint64_t kLengthDelimited = 2;

  std::string bytes_;
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_PROTOBUF_WRITER_H_
