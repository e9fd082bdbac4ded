// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The conformance suite on all of ours that share a program, on the real
// LevelDB arena, and on the standard's monotonic resource where it makes the
// same statement. LevelDB's makes none of zero bytes and of sizes that overflow
// (docs/parity.md, D1, D2); of these sizes the standard's makes none either.

#include "conformance/conformance.h"

#include <memory_resource>

#include "conformance/our_subjects.h"
#include "conformance/resource_subject.h"
#include "oracle/leveldb_arena.h"

namespace bitcoinleveldb {
namespace {

using LevelDbSubject = LevelDbSubjectOf<leveldb::Arena, Failure::kThrows>;

class StandardSubject
    : public ResourceSubjectOf<std::pmr::monotonic_buffer_resource> {
 public:
  static constexpr char kName[] = "StandardMonotonic";
};

using All =
    testing::Types<ArenaSubject, TrySubject, CursorSubject, ResourceSubject,
                   AllocatorSubject, CSubject, LevelDbSubject, StandardSubject>;
using WithAnyAlignment =
    testing::Types<ArenaSubject, TrySubject, ResourceSubject, AllocatorSubject,
                   CSubject, StandardSubject>;
using WithZero =
    testing::Types<ArenaSubject, TrySubject, CursorSubject, ResourceSubject,
                   AllocatorSubject, CSubject, StandardSubject>;
using WithFailure = testing::Types<ArenaSubject, TrySubject, CursorSubject,
                                   ResourceSubject, AllocatorSubject, CSubject>;
using WithUsage =
    testing::Types<ArenaSubject, TrySubject, CursorSubject, ResourceSubject,
                   AllocatorSubject, CSubject, LevelDbSubject>;
// A cursor would have to end before its arena moves.
using OnOneThatMoves =
    testing::Types<ArenaSubject, TrySubject, ResourceSubject, AllocatorSubject>;

INSTANTIATE_TYPED_TEST_SUITE_P(Of, Conformance, All, SubjectName);
INSTANTIATE_TYPED_TEST_SUITE_P(Of, ConformanceOfAlignment, WithAnyAlignment,
                               SubjectName);
INSTANTIATE_TYPED_TEST_SUITE_P(Of, ConformanceOfZero, WithZero, SubjectName);
INSTANTIATE_TYPED_TEST_SUITE_P(Of, ConformanceOfFailure, WithFailure,
                               SubjectName);
INSTANTIATE_TYPED_TEST_SUITE_P(Of, ConformanceOfUsage, WithUsage, SubjectName);
INSTANTIATE_TYPED_TEST_SUITE_P(Of, ConformanceOfMoving, OnOneThatMoves,
                               SubjectName);

}  // namespace
}  // namespace bitcoinleveldb
