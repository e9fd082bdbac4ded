// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_TRACE_INPUT_H_
#define BITCOINLEVELDB_SRC_TRACE_INPUT_H_

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

namespace bitcoinleveldb::detail {

// The bytes of a trace, from a file or from memory, one after the other.
class TraceInput {
 public:
  bool open(const std::string& path) noexcept;
  void open(const void* data, std::size_t bytes) noexcept;

  // Reads up to `bytes` bytes; fewer only at the end, or if reading failed.
  std::size_t read(unsigned char* to, std::size_t bytes) noexcept;
  bool has_failed() const noexcept { return failed_; }

  // How many bytes were read.
  std::uint64_t offset() const noexcept { return offset_; }

 private:
  struct Closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };

  std::unique_ptr<std::FILE, Closer> file_;
  const unsigned char* data_ = nullptr;
  std::size_t bytes_ = 0;
  std::uint64_t offset_ = 0;
  bool failed_ = false;
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_TRACE_INPUT_H_
