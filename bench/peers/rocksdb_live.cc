// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <rocksdb/db.h>
#include <rocksdb/memtablerep.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "bodies.h"

namespace bench {

// The virtual members of rocksdb::Allocator, whose header is not installed, in
// their order. Not of this file alone, or the compiler would take it that no
// class derives from it.
class RocksDbAllocator {
 public:
  RocksDbAllocator() = default;
  RocksDbAllocator(const RocksDbAllocator&) = delete;
  RocksDbAllocator& operator=(const RocksDbAllocator&) = delete;
  virtual ~RocksDbAllocator() = default;
  virtual char* Allocate(std::size_t bytes) = 0;
  virtual char* AllocateAligned(std::size_t bytes, std::size_t huge_page_bytes,
                                void* logger) = 0;
  virtual std::size_t BlockSize() const = 0;
};

namespace {

// Makes RocksDB's skip list, and notes the allocator that the newest one got.
class NotingFactory final : public rocksdb::MemTableRepFactory {
 public:
  using MemTableRepFactory::CreateMemTableRep;
  rocksdb::MemTableRep* CreateMemTableRep(
      const rocksdb::MemTableRep::KeyComparator& comparator,
      rocksdb::Allocator* allocator, const rocksdb::SliceTransform* transform,
      rocksdb::Logger* logger) override {
    allocator_ = reinterpret_cast<RocksDbAllocator*>(allocator);
    return lists_.CreateMemTableRep(comparator, allocator, transform, logger);
  }
  const char* Name() const override { return "NotingFactory"; }
  bool IsInsertConcurrentlySupported() const override { return true; }

  RocksDbAllocator* allocator() const { return allocator_; }

 private:
  rocksdb::SkipListFactory lists_;
  RocksDbAllocator* allocator_ = nullptr;
};

// A database in memory-backed storage, with a memtable that is never full.
class Database {
 public:
  Database() {
    rocksdb::Options options;
    options.create_if_missing = true;
    options.write_buffer_size = std::size_t{1} << 30U;
    options.memtable_factory = factory_;
    rocksdb::DB* db = nullptr;
    const rocksdb::Status status = rocksdb::DB::Open(options, folder_, &db);
    if (!status.ok()) throw std::runtime_error(status.ToString());
    db_.reset(db);
  }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database() {
    db_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  RocksDbAllocator* memtable_allocator() const { return factory_->allocator(); }

 private:
  static std::string make_folder() {
    std::string name = "/dev/shm/arena-bench-rocksdb-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) {
      throw std::runtime_error("no folder can be made in /dev/shm");
    }
    return name;
  }

  std::string folder_ = make_folder();
  std::shared_ptr<NotingFactory> factory_ = std::make_shared<NotingFactory>();
  std::unique_ptr<rocksdb::DB> db_;
};

// The arena of a live memtable, which its database makes and drops: neither is
// in the time. Good for one fill in a process.
class RocksDbLivePeer {
 public:
  RocksDbLivePeer& hand() { return *this; }
  char* allocate(std::size_t bytes) { return allocator_->Allocate(bytes); }
  char* allocate_aligned(std::size_t bytes) {
    return allocator_->AllocateAligned(bytes, 0, nullptr);
  }

  static void prepare(std::size_t) { database(); }

 private:
  static Database& database() {
    static Database instance;
    return instance;
  }

  RocksDbAllocator* allocator_ = database().memtable_allocator();
};

}  // namespace

Peer rocksdb_live_peer() {
  return make_peer<RocksDbLivePeer>("rocksdb-live",
                                    "the arena of a live RocksDB memtable");
}

}  // namespace bench
