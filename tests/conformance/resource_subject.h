// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TESTS_CONFORMANCE_RESOURCE_SUBJECT_H_
#define BITCOINLEVELDB_TESTS_CONFORMANCE_RESOURCE_SUBJECT_H_

#include <cstddef>

#include "conformance/subject.h"

namespace bitcoinleveldb {

// Any foreign class with `allocate(bytes, alignment)`.
template <class Resource>
class ResourceSubjectOf : public SubjectTraits<Failure::kThrows> {
 public:
  char* allocate(std::size_t bytes, std::size_t alignment) {
    return static_cast<char*>(resource_.allocate(bytes, alignment));
  }

 private:
  Resource resource_;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_CONFORMANCE_RESOURCE_SUBJECT_H_
