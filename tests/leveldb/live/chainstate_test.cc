// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "chainstate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "generated_records.h"

namespace bitcoinleveldb {
namespace {

std::string varint(std::uint64_t number) {
  std::string bytes;
  append_varint(bytes, number);
  return bytes;
}

// The examples of Bitcoin Core's own description of the format.
TEST(Chainstate, VarintsHaveBitcoinsForm) {
  using std::string_literals::operator""s;
  EXPECT_EQ(varint(0), "\x00"s);
  EXPECT_EQ(varint(1), "\x01"s);
  EXPECT_EQ(varint(127), "\x7f"s);
  EXPECT_EQ(varint(128), "\x80\x00"s);
  EXPECT_EQ(varint(255), "\x80\x7f"s);
  EXPECT_EQ(varint(256), "\x81\x00"s);
  EXPECT_EQ(varint(16383), "\xfe\x7f"s);
  EXPECT_EQ(varint(16384), "\xff\x00"s);
  EXPECT_EQ(varint(16511), "\xff\x7f"s);
  EXPECT_EQ(varint(65535), "\x82\xfe\x7f"s);
  EXPECT_EQ(varint(std::uint64_t{1} << 32U), "\x8e\xfe\xfe\xff\x00"s);
  EXPECT_EQ(varint(UINT64_MAX).size(), 10U);
}

TEST(Chainstate, KeysAreDistinctAndHaveTheShapeOfChainstateKeys) {
  const Chainstate chainstate(301);
  std::set<std::string> keys;
  std::map<std::size_t, int> sizes;
  for (std::uint64_t record = 0; record != 30'000; ++record) {
    const std::string key = chainstate.key(record);
    EXPECT_EQ(key[0], 'C');
    ++sizes[key.size()];
    EXPECT_TRUE(keys.insert(key).second);
  }
  EXPECT_EQ(sizes.begin()->first, 34U);
  EXPECT_EQ(sizes.rbegin()->first, 36U);
  EXPECT_NEAR(sizes[34], 28'500, 500);
}

TEST(Chainstate, ThreeRecordsAreOutputsOfOneTransaction) {
  const Chainstate chainstate(301);
  EXPECT_EQ(chainstate.key(0).substr(0, 33), chainstate.key(2).substr(0, 33));
  EXPECT_NE(chainstate.key(2).substr(0, 33), chainstate.key(3).substr(0, 33));
}

// With the seed 301 and 32 bytes that were all drawn, two of these were the
// same.
TEST(Chainstate, MillionTransactionsAreDistinct) {
  const Chainstate chainstate(301);
  std::vector<std::string> transactions;
  for (std::uint64_t record = 0; record < 3'500'000; record += 3) {
    transactions.push_back(chainstate.key(record).substr(1, 32));
  }
  std::sort(transactions.begin(), transactions.end());
  EXPECT_EQ(std::adjacent_find(transactions.begin(), transactions.end()),
            transactions.end());
}

TEST(Chainstate, CoinsAre22To60BytesAndOneIn50Longer) {
  const Chainstate chainstate(301);
  int longer = 0;
  for (std::uint64_t record = 0; record != 30'000; ++record) {
    const std::size_t size = chainstate.value(record, 1).size();
    EXPECT_GE(size, 22U);
    EXPECT_LE(size, 350U);
    if (size > 60) ++longer;
  }
  EXPECT_NEAR(longer, 600, 100);
}

// Without obfuscation coins would have zero bits in common places.
TEST(Chainstate, CoinsAreObfuscatedByAKeyThatDependsOnTheSeed) {
  std::set<char> first_bits;
  for (std::uint64_t seed = 0; seed != 20; ++seed) {
    const std::string value = Chainstate(seed).value(0, 1);
    first_bits.insert(static_cast<char>(value.front() & 0x40));
  }
  EXPECT_EQ(first_bits.size(), 2U);
}

TEST(Chainstate, ARecordCanBeMadeAgainAndItsVersionsAndSeedsDiffer) {
  const Chainstate chainstate(301);
  const Chainstate same(301);
  const Chainstate other(302);
  EXPECT_EQ(chainstate.key(7), same.key(7));
  EXPECT_EQ(chainstate.value(7, 1), same.value(7, 1));
  EXPECT_NE(chainstate.value(7, 1), same.value(7, 2));
  EXPECT_NE(chainstate.key(7), other.key(7));
  EXPECT_NE(chainstate.value(7, 1), other.value(7, 1));
}

// Replays the operations on a map and compares with what the source expects of
// a database.
TEST(GeneratedRecords, ExpectationsAreWhatTheOperationsComeTo) {
  GeneratedRecords source(20'000, 301);
  std::map<std::string, std::optional<std::string>> model;
  std::uint64_t operations = 0;
  std::uint64_t deletes = 0;
  Operation operation;
  while (source.next(operation)) {
    ++operations;
    if (operation.is_delete) ++deletes;
    model[operation.key] = operation.is_delete
                               ? std::nullopt
                               : std::optional<std::string>(operation.value);
  }
  ASSERT_EQ(model.size(), 20'000U);
  std::uint64_t live = 0;
  std::uint64_t told = 0;
  source.expect_all([&](const std::string& key, const std::string* value,
                        const Amount& amount) {
    EXPECT_EQ(amount.done, ++told);
    const auto& expected = model.at(key);
    ASSERT_EQ(value != nullptr, expected.has_value());
    if (value == nullptr) return;
    ++live;
    EXPECT_EQ(*value, *expected);
  });
  EXPECT_EQ(told, 20'000U);
  EXPECT_EQ(source.counts().operations, operations);
  EXPECT_EQ(source.counts().deletes, deletes);
  EXPECT_EQ(source.counts().records_live, live);
  EXPECT_LT(live, 20'000U);
}

TEST(GeneratedRecords, Of20Operations17AreNew2OverwriteAnd1Deletes) {
  GeneratedRecords source(17'000, 301);
  Operation operation;
  while (source.next(operation)) {
  }
  const OperationCounts counts = source.counts();
  // The delete that would close the last 20 comes after the last new record.
  EXPECT_EQ(counts.operations, 19'999U);
  EXPECT_EQ(counts.overwrites, 2'000U);
  EXPECT_EQ(counts.deletes, 999U);
  EXPECT_EQ(source.amount().done, source.amount().total);
}

TEST(GeneratedRecords, OneRecordIsOneOperation) {
  GeneratedRecords source(1, 301);
  Operation operation;
  EXPECT_TRUE(source.next(operation));
  EXPECT_FALSE(source.next(operation));
  EXPECT_EQ(source.counts().records_live, 1U);
}

}  // namespace
}  // namespace bitcoinleveldb
