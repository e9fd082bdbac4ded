// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Where the operations of the live workload come from.

#ifndef ARENATEST_LIVE_RECORD_SOURCE_H_
#define ARENATEST_LIVE_RECORD_SOURCE_H_

#include <cstdint>
#include <functional>
#include <string>

namespace bitcoinleveldb {

// One change to the database.
struct Operation {
  bool is_delete = false;
  std::string key;
  std::string value;  // of no meaning in a delete
};

// How much of something is done, in a unit of the source's choosing.
struct Amount {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
};

// What all operations came to.
struct OperationCounts {
  std::uint64_t operations = 0;
  std::uint64_t overwrites = 0;
  std::uint64_t deletes = 0;
  std::uint64_t records_live = 0;
};

class RecordSource {
 public:
  // Is told each key that was ever written: its last value, or nullptr if its
  // last operation was a delete.
  using Expect = std::function<void(
      const std::string& key, const std::string* value, const Amount& amount)>;

  RecordSource() = default;
  virtual ~RecordSource() = default;
  RecordSource(const RecordSource&) = delete;
  RecordSource& operator=(const RecordSource&) = delete;

  // Sets `operation` to the next one; returns false if there is none.
  [[nodiscard]] virtual bool next(Operation& operation) = 0;

  // Returns how far next() has come.
  [[nodiscard]] virtual Amount amount() const = 0;

  // To be called when next() has returned false.
  [[nodiscard]] virtual OperationCounts counts() const = 0;
  virtual void expect_all(const Expect& expect) const = 0;
};

}  // namespace bitcoinleveldb

#endif  // ARENATEST_LIVE_RECORD_SOURCE_H_
