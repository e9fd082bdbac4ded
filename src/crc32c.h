// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_CRC32C_H_
#define BITCOINLEVELDB_SRC_CRC32C_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace bitcoinleveldb::detail {

// Of every byte, the checksum that it alone makes, so many bytes further on.
using Crc32cTable = std::array<std::uint32_t, 256>;

constexpr std::array<Crc32cTable, 4> crc32c_tables() noexcept {
  constexpr std::uint32_t kReversedPolynomial = 0x82F63B78U;
  std::array<Crc32cTable, 4> tables{};
  for (std::uint32_t byte = 0; byte != 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit != 8; ++bit) {
      value = (value >> 1U) ^ ((value & 1U) != 0 ? kReversedPolynomial : 0U);
    }
    tables[0][byte] = value;
  }
  for (std::size_t step = 1; step != tables.size(); ++step) {
    for (std::size_t byte = 0; byte != 256; ++byte) {
      const std::uint32_t before = tables[step - 1][byte];
      tables[step][byte] = (before >> 8U) ^ tables[0][before & 0xFFU];
    }
  }
  return tables;
}

// Returns the CRC-32C (Castagnoli) of the bytes, as iSCSI and LevelDB's log
// have it. Four bytes at a step, because it is taken of all that is recorded.
inline std::uint32_t crc32c(const unsigned char* data,
                            std::size_t bytes) noexcept {
  static constexpr std::array<Crc32cTable, 4> kTables = crc32c_tables();
  std::uint32_t crc = 0xFFFFFFFFU;
  for (; bytes >= 4; bytes -= 4, data += 4) {
    crc = kTables[3][(crc & 0xFFU) ^ data[0]] ^
          kTables[2][((crc >> 8U) & 0xFFU) ^ data[1]] ^
          kTables[1][((crc >> 16U) & 0xFFU) ^ data[2]] ^
          kTables[0][(crc >> 24U) ^ data[3]];
  }
  for (; bytes != 0; --bytes, ++data) {
    crc = (crc >> 8U) ^ kTables[0][(crc & 0xFFU) ^ *data];
  }
  return crc ^ 0xFFFFFFFFU;
}

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_CRC32C_H_
