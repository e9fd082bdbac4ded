// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "log_watch.h"

#include <string_view>

namespace bitcoinleveldb {

namespace {

// The file of LevelDB's own messages is called LOG and is no log in this sense.
bool is_log(std::string_view name) { return name.ends_with(".log"); }

}  // namespace

LogWatch::LogWatch() : EnvWrapper(leveldb::Env::Default()) {}

leveldb::Status LogWatch::NewWritableFile(const std::string& name,
                                          leveldb::WritableFile** file) {
  leveldb::Status status = EnvWrapper::NewWritableFile(name, file);
  if (status.ok() && is_log(name)) change(1);
  return status;
}

// A log that could not be removed still counts: LevelDB will try again.
leveldb::Status LogWatch::RemoveFile(const std::string& name) {
  leveldb::Status status = EnvWrapper::RemoveFile(name);
  if (status.ok() && is_log(name)) change(-1);
  return status;
}

void LogWatch::change(std::int64_t logs) {
  const std::lock_guard<std::mutex> lock(mutex_);
  logs_live_ += logs;
  if (logs > 0) ++logs_made_;
  changed_.notify_all();
}

std::uint64_t LogWatch::logs_made() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return logs_made_;
}

bool LogWatch::wait_for_one_log(std::chrono::milliseconds bound) {
  std::unique_lock<std::mutex> lock(mutex_);
  return changed_.wait_for(lock, bound, [&] { return logs_live_ == 1; });
}

}  // namespace bitcoinleveldb
