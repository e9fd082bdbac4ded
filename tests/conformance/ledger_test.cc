// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The ledger finds what the conformance suite relies on it to find.

#include "conformance/ledger.h"

#include <gtest/gtest.h>

namespace bitcoinleveldb {
namespace {

TEST(ConformanceLedger, NeighboursDoNotOverlapAndAreIntact) {
  char memory[48];
  Ledger ledger;
  EXPECT_TRUE(ledger.enter(memory + 16, 16));
  EXPECT_TRUE(ledger.enter(memory, 16));
  EXPECT_TRUE(ledger.enter(memory + 32, 16));
  EXPECT_FALSE(ledger.has_overlap());
  EXPECT_TRUE(ledger.is_intact());
}

TEST(ConformanceLedger, OneSharedByteIsAnOverlap) {
  char memory[32];
  Ledger ledger;
  EXPECT_TRUE(ledger.enter(memory, 17));
  EXPECT_TRUE(ledger.enter(memory + 16, 16));
  EXPECT_TRUE(ledger.has_overlap());
  EXPECT_FALSE(ledger.is_intact());
}

TEST(ConformanceLedger, ZeroBytesAtAnAddressInUseAreAnOverlap) {
  char memory[16];
  Ledger ledger;
  EXPECT_TRUE(ledger.enter(memory, 0));
  EXPECT_TRUE(ledger.enter(memory, 16));
  EXPECT_TRUE(ledger.has_overlap());
}

TEST(ConformanceLedger, EveryChangedByteIsSeen) {
  char memory[64];
  Ledger ledger;
  EXPECT_TRUE(ledger.enter(memory, 64));
  for (char& byte : memory) {
    byte = static_cast<char>(byte ^ 1);
    EXPECT_FALSE(ledger.is_intact());
    byte = static_cast<char>(byte ^ 1);
  }
  EXPECT_TRUE(ledger.is_intact());
}

TEST(ConformanceLedger, NullIsNoAllocation) {
  Ledger ledger;
  EXPECT_FALSE(ledger.enter(nullptr, 8));
}

}  // namespace
}  // namespace bitcoinleveldb
