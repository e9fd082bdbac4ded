// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "generated_records.h"

#include <algorithm>
#include <cstddef>

namespace bitcoinleveldb {

GeneratedRecords::GeneratedRecords(std::uint64_t records, std::uint64_t seed)
    : records_(records), chainstate_(seed), random_(seed) {}

bool GeneratedRecords::next(Operation& operation) {
  if (written_by_.size() == records_) return false;
  const std::uint64_t place = counts_.operations++ % 20;
  if (place == 19) {
    const std::uint64_t record = random_.uniform(written_by_.size());
    written_by_[static_cast<std::size_t>(record)] = 0;
    ++counts_.deletes;
    operation.is_delete = true;
    operation.key = chainstate_.key(record);
  } else if (place == 6 || place == 13) {
    ++counts_.overwrites;
    put(operation, random_.uniform(written_by_.size()));
  } else {
    written_by_.push_back(0);
    put(operation, written_by_.size() - 1);
  }
  return true;
}

void GeneratedRecords::put(Operation& operation, std::uint64_t record) {
  written_by_[static_cast<std::size_t>(record)] = counts_.operations;
  operation.is_delete = false;
  operation.key = chainstate_.key(record);
  operation.value = chainstate_.value(record, counts_.operations);
}

Amount GeneratedRecords::amount() const {
  return {written_by_.size(), records_};
}

OperationCounts GeneratedRecords::counts() const {
  OperationCounts counts = counts_;
  counts.records_live =
      written_by_.size() - static_cast<std::uint64_t>(std::count(
                               written_by_.begin(), written_by_.end(), 0U));
  return counts;
}

void GeneratedRecords::expect_all(const Expect& expect) const {
  for (std::size_t record = 0; record != written_by_.size(); ++record) {
    const Amount amount{record + 1, written_by_.size()};
    const std::string key = chainstate_.key(record);
    if (written_by_[record] == 0) {
      expect(key, nullptr, amount);
      continue;
    }
    const std::string value = chainstate_.value(record, written_by_[record]);
    expect(key, &value, amount);
  }
}

}  // namespace bitcoinleveldb
