// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The conformance suite on Boost's monotonic resource, which makes the general
// statements alone: it refuses alignments above that of max_align_t, and
// answers zero bytes with null or with an address that it hands out again.

#include <boost/container/pmr/monotonic_buffer_resource.hpp>

#include "conformance/conformance.h"
#include "conformance/resource_subject.h"

namespace bitcoinleveldb {
namespace {

class BoostSubject : public ResourceSubjectOf<
                         boost::container::pmr::monotonic_buffer_resource> {
 public:
  static constexpr char kName[] = "BoostMonotonic";
};

using Boost = testing::Types<BoostSubject>;

INSTANTIATE_TYPED_TEST_SUITE_P(Of, Conformance, Boost, SubjectName);

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ConformanceOfAlignment);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ConformanceOfZero);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ConformanceOfFailure);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ConformanceOfUsage);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ConformanceOfMoving);

}  // namespace
}  // namespace bitcoinleveldb
