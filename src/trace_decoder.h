// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_TRACE_DECODER_H_
#define BITCOINLEVELDB_SRC_TRACE_DECODER_H_

#include <cstddef>
#include <cstdint>

#include "bitcoinleveldb/trace.h"
#include "trace_format.h"

namespace bitcoinleveldb::detail {

// Makes the payload of one group into events. It knows how records lie in
// bytes; whether an event may come then is for the rules to say.
class TraceDecoder {
 public:
  // Begins with a payload, which must stay there meanwhile.
  void begin(const unsigned char* data, std::size_t bytes,
             std::uint64_t nanoseconds) noexcept;

  // Reads the next event. Returns false at the payload's end, or where a record
  // is not sound: then there is a problem.
  bool next(TraceEvent& event) noexcept;
  const char* problem() const noexcept { return problem_; }

  // Where the record read last begins in the payload.
  std::size_t record() const noexcept { return record_; }
  std::uint64_t nanoseconds() const noexcept { return now_; }

 private:
  bool fail(const char* problem) noexcept {
    problem_ = problem;
    return false;
  }
  bool get_byte(unsigned& value) noexcept;
  bool get_number(std::uint64_t& value) noexcept;
  bool get_request(TraceEvent& event) noexcept;
  bool get_short(unsigned code, TraceEvent& event) noexcept;
  bool get_made(TraceEvent& event) noexcept;
  bool get_time() noexcept;
  bool skip_extension() noexcept;

  // Each reads what stands behind the code: of a record that says what the
  // following ones are of, and of one that is an event.
  bool get_context(TraceCode code) noexcept;
  bool get_event(unsigned code, TraceEvent& event) noexcept;

  const unsigned char* data_ = nullptr;
  std::size_t bytes_ = 0;
  std::size_t used_ = 0;
  std::size_t record_ = 0;
  std::uint64_t arena_ = 0;
  std::uint64_t thread_ = 0;
  std::uint64_t now_ = 0;
  const char* problem_ = nullptr;
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_TRACE_DECODER_H_
