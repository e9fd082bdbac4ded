// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <vector>

#include "bitcoinleveldb/trace.h"
#include "trace_decoder.h"
#include "trace_format.h"
#include "trace_input.h"
#include "trace_rules.h"

namespace bitcoinleveldb {

using detail::get_little;
using detail::GroupHeader;
using detail::kGroupHeaderBytes;
using detail::kTraceHeaderBytes;

class TraceReader::State {
 public:
  bool open(const std::string& path);
  bool open(const void* data, std::size_t bytes);
  bool next(TraceEvent& event);
  const TraceEnd& end() const noexcept { return end_; }

 private:
  // Each returns false after it has ended the trace.
  bool begin();
  bool read_header();
  bool read_payload();
  bool begin_group();
  bool end_group();

  bool stop(TraceEndKind kind, std::uint64_t offset, const std::string& what);
  bool stop_corrupt(std::uint64_t offset, const std::string& what) {
    return stop(TraceEndKind::kCorrupt, offset, "corrupt: " + what);
  }
  // Where fewer bytes came than are needed, of what began at `offset`.
  bool stop_short(std::uint64_t offset, const std::string& what);
  std::uint64_t record() const noexcept {
    return payload_offset_ + decoder_.record();
  }

  detail::TraceInput input_;
  detail::TraceDecoder decoder_;
  detail::TraceRules rules_;
  TraceEnd end_;
  GroupHeader group_;
  std::vector<unsigned char> payload_;
  std::uint64_t group_offset_ = 0;
  std::uint64_t payload_offset_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t now_ = 0;
};

bool TraceReader::State::stop(TraceEndKind kind, std::uint64_t offset,
                              const std::string& what) {
  end_.kind = kind;
  end_.offset = offset;
  end_.message = "trace " + what + ", at byte " + std::to_string(offset) +
                 "; whole before it: " + std::to_string(events_) + " events";
  return false;
}

bool TraceReader::State::stop_short(std::uint64_t offset,
                                    const std::string& what) {
  if (input_.has_failed()) {
    return stop(TraceEndKind::kUnreadable, input_.offset(),
                "cannot be read any further");
  }
  return stop(TraceEndKind::kTruncated, offset, "truncated: " + what);
}

bool TraceReader::State::open(const std::string& path) {
  *this = State();
  errno = 0;
  if (input_.open(path)) return begin();
  const std::error_code reason(errno, std::generic_category());
  end_.kind = TraceEndKind::kUnreadable;
  end_.message = "cannot open the trace " + path + ": " + reason.message();
  return false;
}

bool TraceReader::State::open(const void* data, std::size_t bytes) {
  *this = State();
  input_.open(data, bytes);
  return begin();
}

bool TraceReader::State::begin() {
  std::array<unsigned char, kTraceHeaderBytes> bytes{};
  const std::size_t count = input_.read(bytes.data(), bytes.size());
  const auto& magic = detail::kTraceMagic;
  const std::size_t known = std::min(count, magic.size());
  if (!std::equal(magic.begin(), magic.begin() + known, bytes.begin())) {
    return stop_corrupt(0, "this is no trace, it begins with other bytes");
  }
  if (count != bytes.size()) return stop_short(0, "its header is cut off");
  if (get_little<std::uint32_t>(&bytes[12]) != detail::crc32c(&bytes[0], 12)) {
    return stop_corrupt(0, "the checksum of its header is wrong");
  }
  const auto major = get_little<std::uint16_t>(&bytes[8]);
  if (major == detail::kTraceMajor) return true;
  return stop_corrupt(8, "its format has version " + std::to_string(major) +
                             ", and this reader knows version " +
                             std::to_string(detail::kTraceMajor));
}

bool TraceReader::State::next(TraceEvent& event) {
  while (end_.kind == TraceEndKind::kNotYet) {
    TraceEvent one;
    if (decoder_.next(one)) {
      if (const char* const problem = rules_.take(one)) {
        return stop_corrupt(record(), std::string("here is ") + problem);
      }
      ++events_;
      event = one;
      return true;
    }
    if (decoder_.problem() != nullptr) {
      return stop_corrupt(record(),
                          std::string("here is ") + decoder_.problem());
    }
    if (!end_group() || !begin_group()) return false;
  }
  return false;
}

bool TraceReader::State::end_group() {
  now_ = std::max(now_, decoder_.nanoseconds());
  if (events_ == group_.first_event + group_.events) return true;
  return stop_corrupt(group_offset_,
                      "a group has another number of events "
                      "than its header says");
}

bool TraceReader::State::read_header() {
  std::array<unsigned char, kGroupHeaderBytes> bytes{};
  group_offset_ = input_.offset();
  const std::size_t count = input_.read(bytes.data(), bytes.size());
  if (count == 0) {
    return stop_short(group_offset_,
                      "the mark that the recording was ended is missing");
  }
  if (count != bytes.size()) {
    return stop_short(group_offset_, "the header of a group is cut off");
  }
  if (!group_.get(bytes.data())) {
    return stop_corrupt(group_offset_,
                        "the checksum of a group's header is wrong");
  }
  if (group_.payload_bytes > detail::kGroupPayloadMax) {
    return stop_corrupt(group_offset_, "a group is longer than is allowed");
  }
  if (group_.first_event != events_) {
    return stop_corrupt(group_offset_, "groups are missing or out of order");
  }
  if (group_.nanoseconds < now_) {
    return stop_corrupt(group_offset_, "a group is earlier than the last");
  }
  return true;
}

bool TraceReader::State::read_payload() {
  payload_offset_ = input_.offset();
  payload_.resize(group_.payload_bytes);
  if (input_.read(payload_.data(), payload_.size()) != payload_.size()) {
    return stop_short(group_offset_, "a group is cut off");
  }
  if (detail::crc32c(payload_.data(), payload_.size()) == group_.payload_crc) {
    return true;
  }
  return stop_corrupt(group_offset_, "the checksum of a group is wrong");
}

// A group of a kind that is not known is one that a later minor version has
// added and that may be left out.
bool TraceReader::State::begin_group() {
  if (!read_header() || !read_payload()) return false;
  if (group_.kind == detail::kEventGroup) {
    decoder_.begin(payload_.data(), payload_.size(), group_.nanoseconds);
    return true;
  }
  decoder_.begin(nullptr, 0, group_.nanoseconds);
  if (group_.events != 0) {
    return stop_corrupt(group_offset_, "a group without events counts some");
  }
  if (group_.kind != detail::kEndGroup) return true;
  unsigned char more = 0;
  if (input_.read(&more, 1) != 0) {
    return stop_corrupt(input_.offset() - 1, "bytes follow its end");
  }
  end_.kind = TraceEndKind::kComplete;
  end_.offset = input_.offset();
  return false;
}

TraceReader::TraceReader() : state_(std::make_unique<State>()) {}

TraceReader::~TraceReader() = default;

bool TraceReader::open(const std::string& path) { return state_->open(path); }

bool TraceReader::open(const void* data, std::size_t bytes) {
  return state_->open(data, bytes);
}

bool TraceReader::next(TraceEvent& event) { return state_->next(event); }

const TraceEnd& TraceReader::end() const noexcept { return state_->end(); }

}  // namespace bitcoinleveldb
