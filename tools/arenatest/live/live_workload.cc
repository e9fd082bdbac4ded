// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "live_workload.h"

#include <leveldb/db.h>
#include <leveldb/options.h>
#include <leveldb/write_batch.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "log_watch.h"
#include "which_arena.h"

namespace bitcoinleveldb {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void check(const leveldb::Status& status) {
  if (!status.ok()) throw std::runtime_error("LevelDB: " + status.ToString());
}

// The first bytes are enough to find a record by.
std::string to_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr std::size_t kBytesTold = 64;
  std::string text;
  for (const char byte : bytes.substr(0, kBytesTold)) {
    const auto bits = static_cast<unsigned char>(byte);
    text.push_back(kDigits[bits >> 4U]);
    text.push_back(kDigits[bits & 0xfU]);
  }
  return bytes.size() > kBytesTold ? text + "..." : text;
}

// FNV-1a of 64 bits over byte strings, each after its length, so that no two
// sequences of strings have the same bytes.
class ContentHash {
 public:
  void add(const leveldb::Slice& bytes) {
    std::uint64_t length = bytes.size();
    for (int i = 0; i != 8; ++i) {
      add_byte(length & 0xffU);
      length >>= 8U;
    }
    for (std::size_t i = 0; i != bytes.size(); ++i) {
      add_byte(static_cast<unsigned char>(bytes[i]));
    }
  }

  [[nodiscard]] std::string text() const {
    char digits[17];
    std::snprintf(digits, sizeof(digits), "%016llx",
                  static_cast<unsigned long long>(hash_));
    return digits;
  }

 private:
  void add_byte(std::uint64_t byte) { hash_ = (hash_ ^ byte) * 0x100000001b3U; }

  std::uint64_t hash_ = 0xcbf29ce484222325U;
};

class Workload {
 public:
  Workload(RecordSource& source, const LiveWorkloadOptions& options)
      : source_(source), options_(options) {}

  LiveRun run() {
    run_.arena = arena_name();
    open(true);
    write_all();
    read_all();
    run_.hash = iterate("iterate");
    // What is still in the memtable comes back from the log.
    open(false);
    run_.hash_reopened = iterate("reopen");
    run_.arenas_made = arenas_made();
    return std::move(run_);
  }

 private:
  void open(bool fresh) {
    db_.reset();
    leveldb::Options options;
    options.env = &env_;
    options.create_if_missing = fresh;
    options.error_if_exists = fresh;
    options.write_buffer_size = options_.write_buffer_bytes;
    options.compression = leveldb::kNoCompression;
    leveldb::DB* db = nullptr;
    check(leveldb::DB::Open(options, options_.database.string(), &db));
    db_.reset(db);
  }

  void write_all() {
    const Clock::time_point start = Clock::now();
    leveldb::WriteBatch batch;
    std::uint64_t in_batch = 0;
    Operation operation;
    bool more = source_.next(operation);
    while (more) {
      if (operation.is_delete) {
        batch.Delete(operation.key);
      } else {
        batch.Put(operation.key, operation.value);
      }
      more = source_.next(operation);
      if (++in_batch != options_.batch && more) continue;
      check(db_->Write(leveldb::WriteOptions(), &batch));
      take_sample(!more);
      ++run_.batches;
      batch.Clear();
      in_batch = 0;
      options_.progress("write", source_.amount());
    }
    run_.write_seconds = seconds_since(start);
    run_.rotations = env_.logs_made() - 1;
    const OperationCounts counts = source_.counts();
    run_.operations = counts.operations;
    run_.overwrites = counts.overwrites;
    run_.deletes = counts.deletes;
    run_.records_live = counts.records_live;
  }

  // The figure is that of the memtables, an immutable one included, plus the
  // block cache, which is empty because nothing has been read yet. When the
  // flush of an immutable memtable ends is a matter of chance, so that a sample
  // is taken only when none is waiting.
  void take_sample(bool last) {
    const bool before_first_rotation = env_.logs_made() == 1;
    if (!before_first_rotation && !none_waiting(last)) return;
    std::string usage;
    if (!db_->GetProperty("leveldb.approximate-memory-usage", &usage)) {
      throw std::runtime_error("LevelDB does not tell its memory usage");
    }
    run_.samples.push_back(
        {run_.batches, std::stoull(usage), before_first_rotation});
  }

  // Every tenth batch and the last wait for a flush to end, or two runs might
  // have no samples in common. A flush that takes longer than the bound costs
  // its sample; where flushes are that slow, waiting is soon given up.
  bool none_waiting(bool last) {
    constexpr std::chrono::milliseconds kBound{2000};
    constexpr int kGivenUpAfter = 5;
    const bool waits =
        (last || run_.batches % 10 == 9) && waits_in_vain_ < kGivenUpAfter;
    const bool none = env_.wait_for_one_log(waits ? kBound : kBound.zero());
    if (waits && !none) ++waits_in_vain_;
    return none;
  }

  void read_all() {
    const Clock::time_point start = Clock::now();
    std::string found;
    source_.expect_all([&](const std::string& key, const std::string* value,
                           const Amount& amount) {
      const leveldb::Status status =
          db_->Get(leveldb::ReadOptions(), key, &found);
      if (!status.ok() && !status.IsNotFound()) check(status);
      if (status.ok() != (value != nullptr)) {
        mismatch("key " + to_hex(key) +
                 (status.ok() ? " is there though it was deleted"
                              : " is not there"));
      } else if (value != nullptr && found != *value) {
        mismatch("key " + to_hex(key) + " has the value " + to_hex(found) +
                 " instead of " + to_hex(*value));
      }
      options_.progress("read", amount);
    });
    run_.read_seconds = seconds_since(start);
  }

  std::string iterate(std::string_view phase) {
    ContentHash hash;
    Amount amount{0, run_.records_live};
    const std::unique_ptr<leveldb::Iterator> iterator(
        db_->NewIterator(leveldb::ReadOptions()));
    for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) {
      hash.add(iterator->key());
      hash.add(iterator->value());
      ++amount.done;
      options_.progress(phase, amount);
    }
    check(iterator->status());
    if (amount.done != amount.total) {
      mismatch("iterating meets " + std::to_string(amount.done) +
               " records instead of " + std::to_string(amount.total));
    }
    return hash.text();
  }

  void mismatch(std::string words) {
    if (run_.mismatches++ == 0) run_.first_mismatch = std::move(words);
  }

  RecordSource& source_;
  const LiveWorkloadOptions& options_;
  LogWatch env_;
  std::unique_ptr<leveldb::DB> db_;
  LiveRun run_;
  int waits_in_vain_ = 0;
};

}  // namespace

LiveRun run_live_workload(RecordSource& source,
                          const LiveWorkloadOptions& options) {
  return Workload(source, options).run();
}

}  // namespace bitcoinleveldb
