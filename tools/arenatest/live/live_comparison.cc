// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "live_comparison.h"

#include <cstddef>
#include <sstream>

namespace bitcoinleveldb {

namespace {

constexpr std::uint64_t kSamplesTold = 5;

// Both figures of a kind, named if they differ.
class Differences {
 public:
  explicit Differences(LiveComparison& comparison) : comparison_(comparison) {}

  template <class T>
  bool same(const std::string& what, const T& first, const T& second) {
    if (first == second) return true;
    std::ostringstream words;
    words << what << ": " << comparison_.first << " has " << first << ", "
          << comparison_.second << " has " << second;
    comparison_.differences.push_back(words.str());
    return false;
  }

 private:
  LiveComparison& comparison_;
};

void compare_sample(LiveComparison& comparison, const UsageSample& first,
                    const UsageSample& second) {
  ++comparison.samples_compared;
  if (!first.before_first_rotation) {
    ++comparison.samples_compared_after_rotation;
  }
  if (first == second) return;
  Differences differences(comparison);
  const std::string after = " after batch " + std::to_string(first.batch);
  if (++comparison.samples_different <= kSamplesTold) {
    (void)differences.same("memory usage" + after, first.usage, second.usage);
    (void)differences.same("before the first rotation" + after,
                           first.before_first_rotation,
                           second.before_first_rotation);
  }
}

// Both are in the order of batches; a batch that only one has is skipped.
void compare_samples(LiveComparison& comparison,
                     const std::vector<UsageSample>& first,
                     const std::vector<UsageSample>& second) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i != first.size() && j != second.size()) {
    if (first[i].batch < second[j].batch) {
      ++i;
    } else if (first[i].batch > second[j].batch) {
      ++j;
    } else {
      compare_sample(comparison, first[i++], second[j++]);
    }
  }
  if (comparison.samples_different > kSamplesTold) {
    comparison.differences.push_back(
        "memory usage differs in " +
        std::to_string(comparison.samples_different) + " of " +
        std::to_string(comparison.samples_compared) + " samples in all");
  }
  if (comparison.samples_compared == 0) {
    comparison.differences.push_back("no sample of memory usage in " +
                                     comparison.first + " could be compared " +
                                     "with one in " + comparison.second);
  }
}

}  // namespace

LiveComparison compare_live_runs(const NamedRun& first,
                                 const NamedRun& second) {
  LiveComparison comparison;
  comparison.first = first.name;
  comparison.second = second.name;
  const LiveRun& a = first.run;
  const LiveRun& b = second.run;
  Differences differences(comparison);
  (void)differences.same("operations", a.operations, b.operations);
  (void)differences.same("batches", a.batches, b.batches);
  (void)differences.same("rotations", a.rotations, b.rotations);
  bool equal = differences.same("records", a.records_live, b.records_live);
  equal &= differences.same("hash of the contents", a.hash, b.hash);
  equal &= differences.same("hash of the contents after reopening",
                            a.hash_reopened, b.hash_reopened);
  comparison.contents_equal = equal;
  compare_samples(comparison, a.samples, b.samples);
  return comparison;
}

std::vector<std::string> find_faults(const NamedRun& named, bool on_our_arena) {
  const LiveRun& run = named.run;
  std::vector<std::string> faults;
  if (run.mismatches != 0) {
    faults.push_back(named.name + " read " + std::to_string(run.mismatches) +
                     " records back otherwise than written, the first: " +
                     run.first_mismatch);
  }
  if (run.hash != run.hash_reopened) {
    faults.push_back(named.name + " has other contents after reopening: hash " +
                     run.hash_reopened + " instead of " + run.hash);
  }
  const std::string expected = on_our_arena ? "bitcoinleveldb" : "leveldb";
  if (run.arena != expected) {
    faults.push_back(named.name + " ran on the arena of " + run.arena +
                     " instead of " + expected);
  } else if (on_our_arena && run.arenas_made == 0) {
    faults.push_back(named.name + " did not use the drop-in: LevelDB made no " +
                     "arena through it");
  } else if (!on_our_arena && run.arenas_made != 0) {
    faults.push_back(named.name + " used the drop-in though it should not");
  }
  return faults;
}

}  // namespace bitcoinleveldb
