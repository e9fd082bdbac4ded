// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Tells from the files LevelDB makes and removes whether an immutable memtable
// may be waiting.

#ifndef ARENATEST_LIVE_LOG_WATCH_H_
#define ARENATEST_LIVE_LOG_WATCH_H_

#include <leveldb/env.h>
#include <leveldb/status.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>

namespace bitcoinleveldb {

// LevelDB 1.23 keeps a log file for each memtable that is not yet in a table.
// To rotate, the writing thread makes the new log file first and only then
// turns the memtable into the immutable one. When its flush is done, the
// background thread lets go of the immutable memtable first and only then
// removes the old log file, of which there are never two to a memtable. So for
// the thread that writes, and that alone can rotate, exactly one live log file
// means that no immutable memtable is waiting. The converse does not hold for
// the moment before the removal; that costs a sample, not the truth of one.
class LogWatch : public leveldb::EnvWrapper {
 public:
  LogWatch();

  leveldb::Status NewWritableFile(const std::string& name,
                                  leveldb::WritableFile** file) override;
  leveldb::Status RemoveFile(const std::string& name) override;

  // Returns how many log files were ever made: one when the database is
  // opened, and one for each rotation.
  [[nodiscard]] std::uint64_t logs_made() const;

  // Waits until exactly one log file is live, but no longer than `bound`;
  // returns whether it is.
  [[nodiscard]] bool wait_for_one_log(std::chrono::milliseconds bound);

 private:
  void change(std::int64_t logs);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::int64_t logs_live_ = 0;   // guarded by mutex_
  std::uint64_t logs_made_ = 0;  // guarded by mutex_
};

}  // namespace bitcoinleveldb

#endif  // ARENATEST_LIVE_LOG_WATCH_H_
