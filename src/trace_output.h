// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_TRACE_OUTPUT_H_
#define BITCOINLEVELDB_SRC_TRACE_OUTPUT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "bitcoinleveldb/trace.h"
#include "port/output_file.h"
#include "trace_encoder.h"

namespace bitcoinleveldb::detail {

// A trace on its way into a file, for one thread at a time: what the writer and
// the recorder do under their locks.
class TraceOutput {
 public:
  bool open(const std::string& path, const TraceWriterOptions& options);
  bool write(const TraceEvent& event) noexcept;
  bool flush() noexcept;
  bool close() noexcept;

  // Closes the file as it is, for the error that there was, or for `why`.
  void give_up(const char* why) noexcept;

  // A trace is open and nothing has failed.
  bool is_writing() const noexcept { return file_.is_open() && !failed_; }
  TraceTotals totals() const noexcept;
  const std::string& error() const noexcept { return error_; }

 private:
  bool put(TraceBytes piece) noexcept;
  bool fail(const char* doing, int error) noexcept;
  bool refuse(const char* problem) noexcept;

  std::optional<TraceEncoder> encoder_;
  port::OutputFile file_;
  std::string path_;
  std::string error_;
  std::uint64_t written_ = 0;  // bytes
  std::uint64_t group_nanoseconds_ = 0;
  bool failed_ = false;
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_TRACE_OUTPUT_H_
