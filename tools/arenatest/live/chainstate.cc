// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "chainstate.h"

#include <cstddef>

#include "bitcoinleveldb/lcg_random.h"

namespace bitcoinleveldb {

namespace {

constexpr std::uint64_t kOutputsOfTransaction = 3;

// What a stream of draws is for.
enum class Stream : std::uint64_t { kObfuscation, kTransaction, kCoin };

// Neighbouring seeds of a linear generator give related streams, so that they
// are scattered first. Every step can be undone: no two inputs meet.
constexpr std::uint64_t scatter(std::uint64_t bits) {
  constexpr std::uint64_t kOdd = 6364136223846793005U;
  bits = (bits ^ (bits >> 32U)) * kOdd;
  bits = (bits ^ (bits >> 29U)) * kOdd;
  return bits ^ (bits >> 32U);
}

std::uint64_t scatter(std::uint64_t seed, Stream purpose,
                      std::uint64_t number) {
  const std::uint64_t bits =
      scatter(seed + static_cast<std::uint64_t>(purpose));
  return scatter(bits + number);
}

LcgRandom stream(std::uint64_t seed, Stream purpose, std::uint64_t number,
                 std::uint64_t version) {
  return LcgRandom(scatter(scatter(seed, purpose, number) + version));
}

void append_bits(std::string& bytes, std::uint64_t bits) {
  for (unsigned shift = 0; shift != 64; shift += 8) {
    bytes.push_back(static_cast<char>((bits >> shift) & 0xFFU));
  }
}

void append_random(std::string& bytes, LcgRandom& random, std::uint64_t count) {
  for (std::uint64_t i = 0; i != count; ++i) {
    bytes.push_back(static_cast<char>(random.uniform(256)));
  }
}

// Twice the height of the block, plus 1 for the reward of its miner.
void append_height(std::string& coin, LcgRandom& random) {
  const std::uint64_t height = random.uniform(850'000);
  append_varint(coin, 2 * height + (random.one_in(100) ? 1 : 0));
}

// Amounts of every length: each number of bits up to 50 as likely.
void append_amount(std::string& coin, LcgRandom& random) {
  const std::uint64_t bits = 1 + random.uniform(50);
  const std::uint64_t upper = random();
  const std::uint64_t wide = upper << 32U | random();
  append_varint(coin, wide >> (64U - bits));
}

// Scripts of the first six kinds are known and stored as a hash or a key; all
// others are stored whole, after their length plus 6.
void append_script(std::string& coin, LcgRandom& random) {
  constexpr std::uint64_t kKnownScripts = 6;
  if (random.one_in(50)) {
    const std::uint64_t length = 61 + random.uniform(240);
    append_varint(coin, length + kKnownScripts);
    append_random(coin, random, length);
    return;
  }
  switch (random.uniform(4)) {
    case 0:
      append_varint(coin, random.uniform(2));
      append_random(coin, random, 20);
      break;
    case 1:
      append_varint(coin, 2 + random.uniform(4));
      append_random(coin, random, 32);
      break;
    case 2:
      append_varint(coin, 22 + kKnownScripts);
      append_random(coin, random, 22);
      break;
    default:
      append_varint(coin, 34 + kKnownScripts);
      append_random(coin, random, 34);
  }
}

}  // namespace

void append_varint(std::string& bytes, std::uint64_t number) {
  std::array<char, 10> reversed{};
  std::size_t length = 0;
  reversed[length++] = static_cast<char>(number & 0x7fU);
  while (number > 0x7fU) {
    number = (number >> 7U) - 1;
    reversed[length++] = static_cast<char>((number & 0x7fU) | 0x80U);
  }
  while (length != 0) bytes.push_back(reversed[--length]);
}

Chainstate::Chainstate(std::uint64_t seed) : seed_(seed) {
  LcgRandom random = stream(seed_, Stream::kObfuscation, 0, 0);
  for (char& byte : obfuscation_) {
    byte = static_cast<char>(random.uniform(256));
  }
}

std::string Chainstate::key(std::uint64_t record) const {
  const std::uint64_t number = record / kOutputsOfTransaction;
  LcgRandom random = stream(seed_, Stream::kTransaction, number, 0);
  std::string bytes = "C";
  // Bytes that are drawn depend on 40 bits of the generator alone, so that
  // among a million transactions two may well be the same; these never are.
  append_bits(bytes, scatter(seed_, Stream::kTransaction, number));
  append_random(bytes, random, 24);
  // Most outputs are among the first of their transaction; some are far back.
  const std::uint64_t first = random.one_in(20) ? random.uniform(20'000) : 0;
  append_varint(bytes, first + record % kOutputsOfTransaction);
  return bytes;
}

std::string Chainstate::value(std::uint64_t record,
                              std::uint64_t version) const {
  LcgRandom random = stream(seed_, Stream::kCoin, record, version);
  std::string coin;
  append_height(coin, random);
  append_amount(coin, random);
  append_script(coin, random);
  for (std::size_t i = 0; i != coin.size(); ++i) {
    coin[i] = static_cast<char>(coin[i] ^ obfuscation_[i % 8]);
  }
  return coin;
}

}  // namespace bitcoinleveldb
