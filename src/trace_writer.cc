// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <mutex>

#include "bitcoinleveldb/trace.h"
#include "of_one_process.h"
#include "trace_output.h"

namespace bitcoinleveldb {

class TraceWriter::State {
 public:
  // Calls `call` with the output under its lock; returns what it returns, or
  // `otherwise` in the child of a fork.
  template <class Result, class Call>
  Result locked(Result otherwise, Call call) const {
    Guarded* const guarded = guarded_.get();
    if (guarded == nullptr) return otherwise;
    const std::lock_guard lock(guarded->mutex);
    return call(guarded->output);
  }

  bool open(const std::string& path, const TraceWriterOptions& options) {
    Guarded& guarded = guarded_.here();
    const std::lock_guard lock(guarded.mutex);
    return guarded.output.open(path, options);
  }

 private:
  struct Guarded {
    std::mutex mutex;
    detail::TraceOutput output;
  };

  detail::OfOneProcess<Guarded> guarded_;
};

TraceWriter::TraceWriter() : state_(std::make_unique<State>()) {}

TraceWriter::~TraceWriter() { (void)close(); }

bool TraceWriter::open(const std::string& path,
                       const TraceWriterOptions& options) {
  return state_->open(path, options);
}

bool TraceWriter::write(const TraceEvent& event) noexcept {
  return state_->locked(false, [&event](detail::TraceOutput& output) {
    return output.write(event);
  });
}

bool TraceWriter::flush() noexcept {
  return state_->locked(
      false, [](detail::TraceOutput& output) { return output.flush(); });
}

bool TraceWriter::close() noexcept {
  return state_->locked(
      false, [](detail::TraceOutput& output) { return output.close(); });
}

TraceTotals TraceWriter::totals() const noexcept {
  return state_->locked(TraceTotals{}, [](detail::TraceOutput& output) {
    return output.totals();
  });
}

std::string TraceWriter::error() const {
  return state_->locked(
      std::string("the process is the child of a fork"),
      [](detail::TraceOutput& output) { return output.error(); });
}

}  // namespace bitcoinleveldb
