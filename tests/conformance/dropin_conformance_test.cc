// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The conformance suite on the link-time drop-in, called as compiled LevelDB
// code calls its arena. What that has inlined does with zero bytes as it likes.

#include "conformance/conformance.h"
#include "oracle/leveldb_arena.h"

namespace bitcoinleveldb {
namespace {

class DropinSubject
    : public LevelDbSubjectOf<leveldb::Arena, Failure::kAborts> {
 public:
  static constexpr char kName[] = "LevelDbDropin";
};

using Dropin = testing::Types<DropinSubject>;

INSTANTIATE_TYPED_TEST_SUITE_P(Of, Conformance, Dropin, SubjectName);
INSTANTIATE_TYPED_TEST_SUITE_P(Of, ConformanceOfFailure, Dropin, SubjectName);
INSTANTIATE_TYPED_TEST_SUITE_P(Of, ConformanceOfUsage, Dropin, SubjectName);

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ConformanceOfAlignment);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ConformanceOfZero);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ConformanceOfMoving);

}  // namespace
}  // namespace bitcoinleveldb
