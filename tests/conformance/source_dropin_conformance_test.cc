// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The conformance suite on the source drop-in, which is compiled into LevelDB's
// tree as util/arena.h.

#include "conformance/conformance.h"
#include "util/arena.h"

namespace bitcoinleveldb {
namespace {

class DropinSubject
    : public LevelDbSubjectOf<leveldb::Arena, Failure::kAborts> {
 public:
  static constexpr char kName[] = "LevelDbSourceDropin";
};

using Dropin = testing::Types<DropinSubject>;

INSTANTIATE_TYPED_TEST_SUITE_P(Of, Conformance, Dropin, SubjectName);
INSTANTIATE_TYPED_TEST_SUITE_P(Of, ConformanceOfZero, Dropin, SubjectName);
INSTANTIATE_TYPED_TEST_SUITE_P(Of, ConformanceOfFailure, Dropin, SubjectName);
INSTANTIATE_TYPED_TEST_SUITE_P(Of, ConformanceOfUsage, Dropin, SubjectName);

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ConformanceOfAlignment);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ConformanceOfMoving);

}  // namespace
}  // namespace bitcoinleveldb
