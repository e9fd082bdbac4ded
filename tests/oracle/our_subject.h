// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Where an arena puts each request: what can be compared with another arena, or
// with what another machine has recorded.

#ifndef BITCOINLEVELDB_TESTS_ORACLE_OUR_SUBJECT_H_
#define BITCOINLEVELDB_TESTS_ORACLE_OUR_SUBJECT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/workload.h"

namespace bitcoinleveldb {

// Where a request was placed and what the arena says afterwards. Blocks are
// numbered in the order they were taken.
struct Placement {
  static constexpr std::size_t kOutside = SIZE_MAX;
  // What malloc aligns to, and so the blocks of LevelDB: 16, or 8 with 32 bits.
  static constexpr std::size_t kResidues = 2 * sizeof(void*);

  std::size_t block = kOutside;  // kOutside: in no block of the arena
  std::size_t offset = 0;        // from the block's first byte
  std::size_t residue = 0;       // of the address modulo kResidues
  std::size_t usage = 0;

  friend bool operator==(const Placement&, const Placement&) = default;
};

std::string to_string(const Placement& placement);

// A fresh arena that tells where each request went. A subject of a comparison:
// ours, LevelDB's, or one with a fault that a test has planted.
class ParitySubject {
 public:
  ParitySubject() = default;
  ParitySubject(const ParitySubject&) = delete;
  ParitySubject& operator=(const ParitySubject&) = delete;
  virtual ~ParitySubject() = default;
  virtual Placement place(ArenaRequest request) = 0;
};

// Our arena, with any options.
class OurSubject : public ParitySubject {
 public:
  OurSubject() = default;
  explicit OurSubject(const ArenaOptions& options) : arena_(options) {}
  Placement place(ArenaRequest request) override;
  Arena& arena() { return arena_; }

 protected:
  // Makes the request, of the arena itself unless a subject has another way.
  virtual char* serve(ArenaRequest request);

 private:
  Arena arena_;
  std::size_t current_ = 0;  // the number of the current block
};

using SubjectFactory = std::function<std::unique_ptr<ParitySubject>()>;

// Returns the remainder of an address modulo Placement::kResidues.
std::size_t residue_of(const char* ptr);

// Returns the offset of [ptr, ptr + bytes) in a block, or kOutside.
std::size_t offset_in(const char* block, std::size_t block_bytes,
                      const char* ptr, std::size_t bytes);

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_ORACLE_OUR_SUBJECT_H_
