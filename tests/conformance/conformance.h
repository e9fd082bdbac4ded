// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The conformance suite: what can be relied on whichever way an arena is
// reached, said once and checked of every one. The statements that not all can
// make stand in suites of their own, so that each program lists whom it holds
// for, and none passes by being left out unseen.

#ifndef BITCOINLEVELDB_TESTS_CONFORMANCE_CONFORMANCE_H_
#define BITCOINLEVELDB_TESTS_CONFORMANCE_CONFORMANCE_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>

#include "bitcoinleveldb/lcg_random.h"
#include "conformance/ledger.h"
#include "conformance/subject.h"

namespace bitcoinleveldb {

inline constexpr std::size_t kAligned = 8;
inline constexpr std::size_t kAlignmentMax = 4096;

inline bool is_multiple(const char* ptr, std::size_t alignment) {
  return reinterpret_cast<std::uintptr_t>(ptr) % alignment == 0;
}

// Small sizes mostly, some around a quarter block, few large ones.
inline std::size_t any_size(LcgRandom& random) {
  if (random.one_in(200)) return 1 + random.uniform(100'000);
  if (random.one_in(10)) return 1 + random.uniform(5000);
  return 1 + random.uniform(200);
}

// Makes `count` requests, packed and aligned, and enters them.
template <class Subject>
void fill(Subject& subject, Ledger& ledger, LcgRandom& random, int count) {
  for (int i = 0; i != count; ++i) {
    const std::size_t alignment = random.one_in(3) ? kAligned : 1;
    const std::size_t bytes = any_size(random);
    char* const ptr = subject.allocate(bytes, alignment);
    ASSERT_TRUE(is_multiple(ptr, alignment));
    ASSERT_TRUE(ledger.enter(ptr, bytes)) << "request " << i << " got null";
  }
}

// ---------------------------------------------------------------- all of them

template <class Subject>
class Conformance : public testing::Test {
 protected:
  Subject subject_;
  Ledger ledger_;
  LcgRandom random_{301};
};
TYPED_TEST_SUITE_P(Conformance);

TYPED_TEST_P(Conformance, NoAllocationIsNullOrSharesAByteWithAnother) {
  fill(this->subject_, this->ledger_, this->random_, 20'000);
  EXPECT_FALSE(this->ledger_.has_overlap());
}

TYPED_TEST_P(Conformance, ContentSurvivesLaterAllocations) {
  for (int round = 0; round != 20; ++round) {
    fill(this->subject_, this->ledger_, this->random_, 300);
    ASSERT_TRUE(this->ledger_.is_intact()) << "in round " << round;
  }
}

TYPED_TEST_P(Conformance, EverySizeUpToTwoBlocksIsServedInFull) {
  for (std::size_t bytes = 1; bytes <= 8200; bytes += bytes < 128 ? 1 : 61) {
    for (const std::size_t alignment : {std::size_t{1}, kAligned}) {
      char* const ptr = this->subject_.allocate(bytes, alignment);
      ASSERT_TRUE(is_multiple(ptr, alignment));
      ASSERT_TRUE(this->ledger_.enter(ptr, bytes));
    }
  }
  EXPECT_FALSE(this->ledger_.has_overlap());
  EXPECT_TRUE(this->ledger_.is_intact());
}

TYPED_TEST_P(Conformance, TwoOfThemHaveNothingInCommon) {
  TypeParam other;
  for (int round = 0; round != 50; ++round) {
    fill(this->subject_, this->ledger_, this->random_, 20);
    fill(other, this->ledger_, this->random_, 20);
  }
  EXPECT_FALSE(this->ledger_.has_overlap());
  EXPECT_TRUE(this->ledger_.is_intact());
}

REGISTER_TYPED_TEST_SUITE_P(Conformance,
                            NoAllocationIsNullOrSharesAByteWithAnother,
                            ContentSurvivesLaterAllocations,
                            EverySizeUpToTwoBlocksIsServedInFull,
                            TwoOfThemHaveNothingInCommon);

// ---------------------------------------------------- those with any alignment

template <class Subject>
class ConformanceOfAlignment : public Conformance<Subject> {};
TYPED_TEST_SUITE_P(ConformanceOfAlignment);

TYPED_TEST_P(ConformanceOfAlignment, EveryPowerOfTwoIsKeptFromEveryPosition) {
  for (std::size_t past = 1; past <= 40; ++past) {
    for (std::size_t at = 1; at <= kAlignmentMax; at *= 2) {
      ASSERT_TRUE(this->ledger_.enter(this->subject_.allocate(past, 1), past));
      const std::size_t bytes = 1 + this->random_.uniform(300);
      char* const ptr = this->subject_.allocate(bytes, at);
      ASSERT_TRUE(is_multiple(ptr, at)) << at;
      ASSERT_TRUE(this->ledger_.enter(ptr, bytes));
    }
  }
  EXPECT_FALSE(this->ledger_.has_overlap());
  EXPECT_TRUE(this->ledger_.is_intact());
}

TYPED_TEST_P(ConformanceOfAlignment, LargeRequestsAreAlignedToo) {
  for (std::size_t at = 1; at <= kAlignmentMax; at *= 2) {
    for (const std::size_t bytes : {1025U, 4096U, 70'001U}) {
      char* const ptr = this->subject_.allocate(bytes, at);
      ASSERT_TRUE(is_multiple(ptr, at)) << bytes << " at " << at;
      ASSERT_TRUE(this->ledger_.enter(ptr, bytes));
    }
  }
  EXPECT_FALSE(this->ledger_.has_overlap());
}

REGISTER_TYPED_TEST_SUITE_P(ConformanceOfAlignment,
                            EveryPowerOfTwoIsKeptFromEveryPosition,
                            LargeRequestsAreAlignedToo);

// ------------------------------------------------------ those with zero bytes

template <class Subject>
class ConformanceOfZero : public Conformance<Subject> {};
TYPED_TEST_SUITE_P(ConformanceOfZero);

TYPED_TEST_P(ConformanceOfZero, ZeroBytesHaveAnAddressThatNothingElseHas) {
  for (int i = 0; i != 3000; ++i) {
    const std::size_t bytes = this->random_.uniform(3);
    const std::size_t alignment = this->random_.one_in(3) ? kAligned : 1;
    char* const ptr = this->subject_.allocate(bytes, alignment);
    ASSERT_TRUE(is_multiple(ptr, alignment));
    ASSERT_TRUE(this->ledger_.enter(ptr, bytes));
  }
  EXPECT_FALSE(this->ledger_.has_overlap());
  EXPECT_TRUE(this->ledger_.is_intact());
}

TYPED_TEST_P(ConformanceOfZero, ZeroBytesAsFirstRequestAreServed) {
  EXPECT_NE(this->subject_.allocate(0, 1), nullptr);
  TypeParam other;
  EXPECT_NE(other.allocate(0, kAligned), nullptr);
}

REGISTER_TYPED_TEST_SUITE_P(ConformanceOfZero,
                            ZeroBytesHaveAnAddressThatNothingElseHas,
                            ZeroBytesAsFirstRequestAreServed);

// --------------------------------------------------------- those that can fail

template <class Subject>
void expect_failure(Subject& subject, std::size_t bytes,
                    std::size_t alignment) {
  [[maybe_unused]] const auto call = [&] {
    return subject.allocate(bytes, alignment);
  };
  if constexpr (Subject::kFailure == Failure::kReturnsNull) {
    EXPECT_EQ(call(), nullptr) << bytes << " at " << alignment;
  } else if constexpr (Subject::kFailure == Failure::kAborts) {
    EXPECT_DEATH((void)call(), "bitcoinleveldb-arena: ");
  } else {
#ifdef __cpp_exceptions
    EXPECT_THROW((void)call(), std::bad_alloc) << bytes << " at " << alignment;
#else
    EXPECT_DEATH((void)call(), "bitcoinleveldb-arena: ");
#endif
  }
}

template <class Subject>
class ConformanceOfFailure : public Conformance<Subject> {};
TYPED_TEST_SUITE_P(ConformanceOfFailure);

TYPED_TEST_P(ConformanceOfFailure, SizeThatCannotBeHadLeavesItUsable) {
  for (const int made : {0, 5, 100}) {
    fill(this->subject_, this->ledger_, this->random_, made);
    const std::size_t usage = this->subject_.usage();
    for (const std::size_t bytes :
         {SIZE_MAX, SIZE_MAX - 6, SIZE_MAX - 4096, SIZE_MAX / 2}) {
      expect_failure(this->subject_, bytes, 1);
      expect_failure(this->subject_, bytes, kAligned);
    }
    EXPECT_EQ(this->subject_.usage(), usage);
  }
  fill(this->subject_, this->ledger_, this->random_, 100);
  EXPECT_FALSE(this->ledger_.has_overlap());
  EXPECT_TRUE(this->ledger_.is_intact());
}

REGISTER_TYPED_TEST_SUITE_P(ConformanceOfFailure,
                            SizeThatCannotBeHadLeavesItUsable);

// -------------------------------------------------------- those that can count

// LevelDB's usage by the text of the contract: P1 to P5, on a block whose end
// is aligned, so that what remains says how far the address is from a multiple.
class UsageFormula {
 public:
  void request(std::size_t bytes, std::size_t alignment) {
    bytes = std::max<std::size_t>(bytes, 1);
    const std::size_t slop = remaining_ % alignment;
    if (slop + bytes <= remaining_) {
      remaining_ -= slop + bytes;
    } else if (bytes > kBlockBytes / 4) {
      usage_ += bytes + sizeof(char*);
    } else {
      usage_ += kBlockBytes + sizeof(char*);
      remaining_ = kBlockBytes - bytes;
    }
  }
  std::size_t usage() const { return usage_; }

 private:
  static constexpr std::size_t kBlockBytes = 4096;
  std::size_t remaining_ = 0;
  std::size_t usage_ = 0;
};

template <class Subject>
class ConformanceOfUsage : public Conformance<Subject> {};
TYPED_TEST_SUITE_P(ConformanceOfUsage);

TYPED_TEST_P(ConformanceOfUsage, UsageIsLevelDbsAfterEveryCall) {
  UsageFormula formula;
  ASSERT_EQ(this->subject_.usage(), 0U);
  std::size_t before = 0;
  for (int i = 0; i != 20'000; ++i) {
    const std::size_t alignment = this->random_.one_in(3) ? kAligned : 1;
    const std::size_t bytes = any_size(this->random_);
    ASSERT_NE(this->subject_.allocate(bytes, alignment), nullptr);
    formula.request(TypeParam::requested(bytes, alignment), alignment);
    ASSERT_EQ(this->subject_.usage(), formula.usage()) << "after call " << i;
    ASSERT_GE(this->subject_.usage(), before);
    before = this->subject_.usage();
  }
}

REGISTER_TYPED_TEST_SUITE_P(ConformanceOfUsage, UsageIsLevelDbsAfterEveryCall);

// ------------------------------------------------ those on an arena that moves

template <class Subject>
class ConformanceOfMoving : public Conformance<Subject> {};
TYPED_TEST_SUITE_P(ConformanceOfMoving);

TYPED_TEST_P(ConformanceOfMoving, ContentStaysWhereItIsWhenTheArenaMoves) {
  fill(this->subject_, this->ledger_, this->random_, 500);
  const std::size_t usage = this->subject_.usage();
  const auto arena = this->subject_.take_arena();
  EXPECT_EQ(arena.memory_usage(), usage);
  EXPECT_TRUE(this->ledger_.is_intact());
  EXPECT_EQ(this->subject_.usage(), 0U);
  fill(this->subject_, this->ledger_, this->random_, 500);
  EXPECT_FALSE(this->ledger_.has_overlap());
  EXPECT_TRUE(this->ledger_.is_intact());
}

REGISTER_TYPED_TEST_SUITE_P(ConformanceOfMoving,
                            ContentStaysWhereItIsWhenTheArenaMoves);

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_CONFORMANCE_CONFORMANCE_H_
