// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "dropin_store.h"

#include <leveldb/db.h>

#include <memory>

namespace {

constexpr int kRecords = 2000;

std::string key_of(int record) { return "record " + std::to_string(record); }

// Up to 1,999 bytes, so that some entries exceed a quarter block.
std::string value_of(int record) {
  return std::string(static_cast<std::size_t>(record), 'v') + key_of(record);
}

std::string write_and_read(leveldb::DB& db) {
  for (int i = 0; i < kRecords; ++i) {
    const leveldb::Status status =
        db.Put(leveldb::WriteOptions(), key_of(i), value_of(i));
    if (!status.ok()) return status.ToString();
  }
  for (int i = 0; i < kRecords; ++i) {
    std::string value;
    const leveldb::Status status =
        db.Get(leveldb::ReadOptions(), key_of(i), &value);
    if (!status.ok()) return status.ToString();
    if (value != value_of(i)) return key_of(i) + " was not read back intact";
  }
  return "";
}

}  // namespace

StoreReport fill_store(const std::string& path) {
  leveldb::Options options;
  options.create_if_missing = true;
  leveldb::DestroyDB(path, options);
  leveldb::DB* opened = nullptr;
  const leveldb::Status status = leveldb::DB::Open(options, path, &opened);
  if (!status.ok()) return {status.ToString(), ""};
  const std::unique_ptr<leveldb::DB> db(opened);
  StoreReport report;
  if (!db->GetProperty("leveldb.approximate-memory-usage",
                       &report.memory_usage)) {
    report.fault = "LevelDB does not tell its memory usage";
    return report;
  }
  report.fault = write_and_read(*db);
  return report;
}
