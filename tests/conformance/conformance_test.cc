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
#ifdef TESTS_HAVE_LEVELDB
#include "oracle/leveldb_arena.h"
#endif

namespace bitcoinleveldb {
namespace {

class StandardSubject
    : public ResourceSubjectOf<std::pmr::monotonic_buffer_resource> {
 public:
  static constexpr char kName[] = "StandardMonotonic";
};

// What LevelDB's arena has to hold as well.
#ifdef TESTS_HAVE_LEVELDB
using LevelDbSubject = LevelDbSubjectOf<leveldb::Arena, Failure::kThrows>;
using All =
    testing::Types<ArenaSubject, TrySubject, CursorSubject, ResourceSubject,
                   AllocatorSubject, CSubject, StandardSubject, LevelDbSubject>;
using WithUsage =
    testing::Types<ArenaSubject, TrySubject, CursorSubject, ResourceSubject,
                   AllocatorSubject, CSubject, LevelDbSubject>;
#else
using All =
    testing::Types<ArenaSubject, TrySubject, CursorSubject, ResourceSubject,
                   AllocatorSubject, CSubject, StandardSubject>;
using WithUsage = testing::Types<ArenaSubject, TrySubject, CursorSubject,
                                 ResourceSubject, AllocatorSubject, CSubject>;
#endif
using WithAnyAlignment =
    testing::Types<ArenaSubject, TrySubject, ResourceSubject, AllocatorSubject,
                   CSubject, StandardSubject>;
using WithZero =
    testing::Types<ArenaSubject, TrySubject, CursorSubject, ResourceSubject,
                   AllocatorSubject, CSubject, StandardSubject>;
using WithFailure = testing::Types<ArenaSubject, TrySubject, CursorSubject,
                                   ResourceSubject, AllocatorSubject, CSubject>;
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
