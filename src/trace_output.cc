// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "trace_output.h"

#include <system_error>

#include "bitcoinleveldb/detail/failure.h"
#include "without_throwing.h"

namespace bitcoinleveldb::detail {

namespace {

std::string reason(int error) {
  if (error == port::OutputFile::kBusy) {
    return "another trace is being recorded to it";
  }
  return std::error_code(error, std::generic_category()).message();
}

}  // namespace

bool TraceOutput::open(const std::string& path,
                       const TraceWriterOptions& options) {
  if (options.group_bytes < kGroupBytesMin ||
      options.group_bytes > kGroupBytesMax) {
    fail_invalid_value("TraceWriterOptions::group_bytes", options.group_bytes,
                       "64 up to 1000000");
  }
  (void)close();
  path_ = path;
  error_.clear();
  written_ = 0;
  failed_ = false;
  group_nanoseconds_ = options.group_nanoseconds;
  encoder_.emplace(options.group_bytes);
  const int error = file_.open(path);
  if (error != 0) return fail("make", error);
  return put(encoder_->header());
}

bool TraceOutput::write(const TraceEvent& event) noexcept {
  if (!is_writing()) return false;
  const char* problem = "no memory is left for it";
  const bool added = without_throwing([&] {
    problem = encoder_->add(event);
    return true;
  });
  if (!added || problem != nullptr) return refuse(problem);
  const bool is_due =
      encoder_->is_full() || encoder_->age() >= group_nanoseconds_;
  return !is_due || flush();
}

bool TraceOutput::flush() noexcept {
  if (!is_writing()) return false;
  return encoder_->is_empty() || put(encoder_->take_group());
}

bool TraceOutput::close() noexcept {
  if (!file_.is_open()) return false;
  const bool is_whole = flush() && put(encoder_->end());
  const int error = file_.close();
  return is_whole && (error == 0 || fail("close", error));
}

void TraceOutput::give_up(const char* why) noexcept {
  failed_ = true;
  (void)file_.close();
  if (error_.empty()) (void)refuse(why);
}

TraceTotals TraceOutput::totals() const noexcept {
  return encoder_ ? encoder_->totals() : TraceTotals{};
}

bool TraceOutput::put(TraceBytes piece) noexcept {
  const int error = file_.write(piece.data, piece.bytes);
  if (error != 0) return fail("write", error);
  written_ += piece.bytes;
  return true;
}

bool TraceOutput::fail(const char* doing, int error) noexcept {
  failed_ = true;
  (void)without_throwing([&] {
    error_ = "cannot " + std::string(doing) + " the trace " + path_;
    if (written_ != 0) error_ += " at byte " + std::to_string(written_);
    error_ += ": " + reason(error);
    return true;
  });
  return false;
}

bool TraceOutput::refuse(const char* problem) noexcept {
  (void)without_throwing([&] {
    error_ = "the trace " + path_ + " cannot take event " +
             std::to_string(encoder_->totals().events) + ": " + problem;
    return true;
  });
  return false;
}

}  // namespace bitcoinleveldb::detail
