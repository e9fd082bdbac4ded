// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The default input: records of a made-up chainstate, with overwrites and
// deletes among them.

#ifndef ARENATEST_LIVE_GENERATED_RECORDS_H_
#define ARENATEST_LIVE_GENERATED_RECORDS_H_

#include <cstdint>
#include <vector>

#include "bitcoinleveldb/lcg_random.h"
#include "chainstate.h"
#include "record_source.h"

namespace bitcoinleveldb {

// Of every 20 operations 17 write a new record, 2 an earlier one, deleted ones
// included, and 1 deletes an earlier one. It ends with the last new record.
class GeneratedRecords : public RecordSource {
 public:
  GeneratedRecords(std::uint64_t records, std::uint64_t seed);

  [[nodiscard]] bool next(Operation& operation) override;
  [[nodiscard]] Amount amount() const override;
  [[nodiscard]] OperationCounts counts() const override;
  void expect_all(const Expect& expect) const override;

 private:
  void put(Operation& operation, std::uint64_t record);

  std::uint64_t records_;
  Chainstate chainstate_;
  LcgRandom random_;  // picks earlier records
  OperationCounts counts_;

  // For each record so far the number of the operation that wrote it last,
  // from 1; 0 if it is deleted.
  std::vector<std::uint64_t> written_by_;
};

}  // namespace bitcoinleveldb

#endif  // ARENATEST_LIVE_GENERATED_RECORDS_H_
