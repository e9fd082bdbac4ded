// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Drives our arena and the real LevelDB arena with the same requests and
// compares where each one ended up, after every single call.

#ifndef BITCOINLEVELDB_TESTS_ORACLE_PARITY_H_
#define BITCOINLEVELDB_TESTS_ORACLE_PARITY_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bitcoinleveldb/workload.h"
#include "oracle/leveldb_arena.h"
#include "oracle/our_subject.h"

namespace bitcoinleveldb {

// The real one.
class LevelDbSubject final : public ParitySubject {
 public:
  Placement place(ArenaRequest request) override;

 private:
  leveldb::Arena arena_;
  std::size_t current_ = 0;
};

// Where the two differed first.
struct ParityMismatch {
  // What led there from a fresh arena; the last request is the one in
  // question.
  std::vector<ArenaRequest> requests;
  Placement ours;
  Placement theirs;
};

// Says the mismatch in words, with up to the last 20 requests.
std::string to_string(const ParityMismatch& mismatch);

// Plays `requests` on a fresh arena of each kind until they differ.
std::optional<ParityMismatch> compare(const std::vector<ArenaRequest>& requests,
                                      const SubjectFactory& ours);

// Leaves requests out as long as the two still differ, and returns the
// shortest sequence found.
ParityMismatch shorten(ParityMismatch mismatch, const SubjectFactory& ours);

struct ParityOptions {
  std::string_view workload;
  std::uint64_t seed = 301;
  std::uint64_t operations = 1'000'000;
  // Called now and then with how many operations were made since the last
  // call.
  std::function<void(std::uint64_t operations)> progress;
};

struct ParityResult {
  std::uint64_t operations = 0;            // compared
  std::uint64_t arenas = 0;                // pairs of arenas made
  std::optional<ParityMismatch> mismatch;  // the first one, shortened
};

// Compares on arenas of a few bytes up to some 16 MiB, one after the other,
// and ends at the first mismatch.
ParityResult run_parity(const ParityOptions& options,
                        const SubjectFactory& ours);

// As above, on our arena with the default options.
ParityResult run_parity(const ParityOptions& options);

// Compares every size from 1 to 8,200 bytes, aligned and not, from a fresh
// arena and from blocks that are nearly empty, nearly full or at the quarter,
// at every remainder of the bump pointer modulo 8.
ParityResult run_every_size(const SubjectFactory& ours,
                            const std::function<void(std::uint64_t)>& progress);

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_ORACLE_PARITY_H_
