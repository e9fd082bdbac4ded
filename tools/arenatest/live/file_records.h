// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The user's own records: a file of lines `key<TAB>value`.

#ifndef ARENATEST_LIVE_FILE_RECORDS_H_
#define ARENATEST_LIVE_FILE_RECORDS_H_

#include <cstdint>
#include <fstream>
#include <string>
#include <unordered_map>

#include "record_source.h"

namespace bitcoinleveldb {

// Each line puts one record; a later line overwrites an earlier one of the same
// key. The key ends at the first tab, the value at the newline; both are taken
// as they are, a carriage return included. A value may be empty, a key not. The
// file is read twice; the keys are kept in memory.
class FileRecords : public RecordSource {
 public:
  // Throws std::runtime_error if the file cannot be read, holds nothing, or, in
  // next(), has a malformed line; the message then begins `path:line:`.
  explicit FileRecords(std::string path);

  [[nodiscard]] bool next(Operation& operation) override;
  [[nodiscard]] Amount amount() const override;
  [[nodiscard]] OperationCounts counts() const override;
  void expect_all(const Expect& expect) const override;

 private:
  std::string path_;
  std::ifstream file_;
  std::string text_;  // the line
  std::uint64_t line_ = 0;
  std::uint64_t bytes_read_ = 0;
  std::uint64_t bytes_total_ = 0;
  std::unordered_map<std::string, std::uint64_t> last_lines_;  // by key
};

}  // namespace bitcoinleveldb

#endif  // ARENATEST_LIVE_FILE_RECORDS_H_
