// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Records shaped like those of Bitcoin's chainstate, the database of unspent
// outputs. Each can be made again from the seed and its number, so that none
// has to be kept.

#ifndef ARENATEST_LIVE_CHAINSTATE_H_
#define ARENATEST_LIVE_CHAINSTATE_H_

#include <array>
#include <cstdint>
#include <string>

namespace bitcoinleveldb {

// Appends `number` in Bitcoin's VARINT: seven bits to a byte, the most
// significant first, one subtracted from every byte but the last, so that each
// number has one form only.
void append_varint(std::string& bytes, std::uint64_t number);

class Chainstate {
 public:
  explicit Chainstate(std::uint64_t seed);

  // 'C', a transaction id of 32 bytes, the output's index as a VARINT. Three
  // records in a row are outputs of one transaction.
  [[nodiscard]] std::string key(std::uint64_t record) const;

  // A coin: height, amount and compressed script, 22 to 60 bytes and one in 50
  // longer, all obfuscated with the database's key of 8 bytes. `version` tells
  // the values of one record apart.
  [[nodiscard]] std::string value(std::uint64_t record,
                                  std::uint64_t version) const;

 private:
  std::uint64_t seed_;
  std::array<char, 8> obfuscation_{};
};

}  // namespace bitcoinleveldb

#endif  // ARENATEST_LIVE_CHAINSTATE_H_
