// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// Fills and reads a LevelDB database and prints the nanoseconds an operation.
// Linked twice: with stock LevelDB, and with the drop-in under it.
//
//   arena-bench-db-stock BUFFER_MIB RECORDS

#include <leveldb/db.h>
#include <leveldb/options.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "bitcoinleveldb/lcg_random.h"
#include "process_figures.h"
#include "which_arena.h"

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKeyBytes = 16;
constexpr std::size_t kValueBytes = 100;
constexpr std::uint64_t kFillSeed = 301;
constexpr std::uint64_t kReadSeed = 302;

void check(const leveldb::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

// A folder in memory, so that no disk is measured, that goes with the object.
class Folder {
 public:
  Folder() {
    const fs::path memory = "/dev/shm";
    const fs::path parent =
        fs::is_directory(memory) ? memory : fs::temp_directory_path();
    path_ = parent / ("arena-bench-" + std::to_string(getpid()));
    fs::create_directory(path_);
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string file(const char* name) const {
    return path_ / name;
  }

 private:
  fs::path path_;
};

std::unique_ptr<leveldb::DB> open(const std::string& path,
                                  std::size_t buffer_bytes) {
  leveldb::Options options;
  options.create_if_missing = true;
  options.compression = leveldb::kNoCompression;
  options.write_buffer_size = buffer_bytes;
  leveldb::DB* db = nullptr;
  check(leveldb::DB::Open(options, path, &db));
  return std::unique_ptr<leveldb::DB>(db);
}

// A key of digits, in a buffer that is there already.
void write_key(std::string& key, std::uint64_t number) {
  for (std::size_t i = key.size(); i-- != 0; number /= 10) {
    key[i] = static_cast<char>('0' + number % 10);
  }
}

// Prints what one of `records` calls of `work` takes.
template <class Work>
void time(const char* figure, std::uint64_t records, Work work) {
  std::string key(kKeyBytes, '0');
  const auto start = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i != records; ++i) work(key, i);
  const std::chrono::duration<double, std::nano> taken =
      std::chrono::steady_clock::now() - start;
  std::printf("%s %.17g\n", figure,
              taken.count() / static_cast<double>(records));
}

// More than records take in memtables, in the log and, over again, in tables.
void warm_memory(std::uint64_t records) {
  constexpr std::size_t kCopies = 8;
  arenatest::hold_and_release(kCopies * records * (kKeyBytes + kValueBytes));
}

void run(std::size_t buffer_bytes, std::uint64_t records) {
  warm_memory(records);
  const Folder folder;
  const std::string value(kValueBytes, 'v');
  const auto put = [&](leveldb::DB& db, std::string& key,
                       std::uint64_t number) {
    write_key(key, number);
    check(db.Put(leveldb::WriteOptions(), key, value));
  };
  {
    const auto db = open(folder.file("sequential"), buffer_bytes);
    time("fillseq_ns", records,
         [&](std::string& key, std::uint64_t i) { put(*db, key, i); });
  }
  const auto db = open(folder.file("random"), buffer_bytes);
  bitcoinleveldb::LcgRandom fill(kFillSeed);
  const auto below = static_cast<std::uint32_t>(records);
  time("fillrandom_ns", records, [&](std::string& key, std::uint64_t) {
    put(*db, key, fill.uniform(below));
  });
  bitcoinleveldb::LcgRandom read(kReadSeed);
  std::string found;
  time("readrandom_ns", records, [&](std::string& key, std::uint64_t) {
    write_key(key, read.uniform(below));
    const leveldb::Status status = db->Get(leveldb::ReadOptions(), key, &found);
    if (!status.IsNotFound()) check(status);
  });
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 3) throw std::runtime_error("BUFFER_MIB and RECORDS, please");
    run(std::stoull(argv[1]) << 20U, std::stoull(argv[2]));
    const bool ours = bitcoinleveldb::arena_name() == "bitcoinleveldb";
    if (ours && bitcoinleveldb::arenas_made() == 0) {
      throw std::runtime_error("LevelDB did not use the drop-in");
    }
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "arena-bench-db: %s\n", error.what());
    return 1;
  }
}
