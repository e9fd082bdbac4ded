// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What the conformance suite asks of a subject: a fresh arena, however it is
// called, behind one face.
//
//   kName                       for the names of tests
//   kFailure                    what becomes of a size that cannot be had
//   allocate(bytes, alignment)  1 is any address
//   usage()                     if it tells
//   requested(bytes, alignment) the bytes it asks its arena for, if it is not
//                               what it is asked for itself

#ifndef BITCOINLEVELDB_TESTS_CONFORMANCE_SUBJECT_H_
#define BITCOINLEVELDB_TESTS_CONFORMANCE_SUBJECT_H_

#include <cstddef>
#include <string>

namespace bitcoinleveldb {

enum class Failure {
  kThrows,  // std::bad_alloc; without exceptions it ends the program
  kReturnsNull,
  kAborts,
};

struct SubjectName {
  template <class Subject>
  static std::string GetName(int /*index*/) {
    return Subject::kName;
  }
};

// What most subjects have in common.
template <Failure failure>
struct SubjectTraits {
  static constexpr Failure kFailure = failure;
  static std::size_t requested(std::size_t bytes, std::size_t /*alignment*/) {
    return bytes;
  }
};

// Any class with the names of LevelDB's arena.
template <class A, Failure failure>
class LevelDbSubjectOf : public SubjectTraits<failure> {
 public:
  static constexpr char kName[] = "LevelDb";

  char* allocate(std::size_t bytes, std::size_t alignment) {
    return alignment == 1 ? arena_.Allocate(bytes)
                          : arena_.AllocateAligned(bytes);
  }
  std::size_t usage() const { return arena_.MemoryUsage(); }

 private:
  A arena_;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_CONFORMANCE_SUBJECT_H_
