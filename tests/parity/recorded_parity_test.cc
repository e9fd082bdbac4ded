// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Parity where there is no LevelDB. recorded_parity.txt says where the real
// LevelDB arena, with 64 bits, has put each of many requests: a line for each
// arena, with the workload, its seed, the requests made, the usage at the end
// and a digest of block, offset, alignment and usage after every single call.
// Whoever has a LevelDB checks that the file is what it says.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "oracle/our_subject.h"
#ifdef TESTS_HAVE_LEVELDB
#include "oracle/parity.h"
#endif

namespace bitcoinleveldb {
namespace {

// FNV-1a, of the numbers' bytes from the lowest on, so that machines agree.
class Digest {
 public:
  void add(std::uint64_t number) {
    for (int byte = 0; byte != 8; ++byte) {
      value_ = (value_ ^ (number & 0xffU)) * 0x100000001b3U;
      number >>= 8U;
    }
  }
  void add(const Placement& placement) {
    add(placement.block);
    add(placement.offset);
    add(placement.residue);
    add(placement.usage);
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325U;
};

std::string line_of(std::string_view workload, std::uint64_t seed, int requests,
                    const SubjectFactory& make) {
  Workload draws(workload, seed);
  const std::unique_ptr<ParitySubject> subject = make();
  Digest digest;
  std::size_t usage = 0;
  for (int i = 0; i != requests; ++i) {
    const Placement placement = subject->place(draws.next());
    digest.add(placement);
    usage = placement.usage;
  }
  char text[64];
  std::snprintf(text, sizeof text, " %d %d %zu %016llx\n",
                static_cast<int>(seed), requests, usage,
                static_cast<unsigned long long>(digest.value()));
  return std::string(workload) + text;
}

// All lines of the file, as `make`'s arenas have them.
template <class Subject>
std::string record() {
  const auto make = [] { return std::make_unique<Subject>(); };
  std::string text;
  for (const WorkloadInfo& info : Workload::all()) {
    for (const std::uint64_t seed : {301U, 24301U, 777U}) {
      for (const int requests : {10, 300, 5'000, 20'000}) {
        text += line_of(info.name, seed, requests, make);
      }
    }
  }
  return text;
}

std::string recorded() {
  std::ifstream file(RECORDED_PARITY);
  return {std::istreambuf_iterator<char>(file), {}};
}

#define SKIP_UNLESS_64_BITS() \
  if (sizeof(void*) != 8) GTEST_SKIP() << "the file is of 64 bits"

TEST(RecordedParity, EveryCallIsWhereLevelDbsWasOnTheMachineThatRecorded) {
  SKIP_UNLESS_64_BITS();
  EXPECT_EQ(record<OurSubject>(), recorded());
}

TEST(RecordedParity, AnotherPlacementIsAnotherDigest) {
  Digest one;
  Digest other;
  one.add(Placement{0, 8, 8, 4104});
  other.add(Placement{0, 8, 9, 4104});
  EXPECT_NE(one.value(), other.value());
}

#ifdef TESTS_HAVE_LEVELDB

TEST(RecordedParity, TheRecordIsWhatTheRealLevelDbArenaDoes) {
  SKIP_UNLESS_64_BITS();
  EXPECT_EQ(record<LevelDbSubject>(), recorded()) << "to record it anew, put "
                                                     "the first text there";
}

#endif

}  // namespace
}  // namespace bitcoinleveldb
