// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Reads pprof's format, written for the tests alone and from the other end:
// field by field, and with no word of the writer's.

#ifndef BITCOINLEVELDB_TESTS_PROFILE_PPROF_READER_H_
#define BITCOINLEVELDB_TESTS_PROFILE_PPROF_READER_H_

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bitcoinleveldb {

struct ReadProfile {
  struct Mapping {
    std::uint64_t start = 0;
    std::uint64_t limit = 0;
    std::uint64_t offset = 0;
    std::string file;
    std::string build_id;
  };
  struct Location {
    std::uint64_t mapping = 0;
    std::uint64_t address = 0;
    std::string function;
  };
  struct Sample {
    std::vector<std::uint64_t> locations;
    std::vector<std::uint64_t> values;
  };

  std::vector<std::pair<std::string, std::string>> types;  // and their units
  std::vector<Sample> samples;
  std::map<std::uint64_t, Mapping> mappings;
  std::map<std::uint64_t, Location> locations;
  std::vector<std::string> comments;
  std::string drop_frames;
  std::string default_type;
  std::pair<std::string, std::string> period_type;
  std::uint64_t period = 0;
  std::uint64_t time_ns = 0;
  std::uint64_t duration_ns = 0;

  // The sum of one value over the samples.
  std::uint64_t sum(std::size_t value) const {
    std::uint64_t all = 0;
    for (const Sample& sample : samples) all += sample.values.at(value);
    return all;
  }
};

// One field of a message: a number, or bytes.
struct ProtobufField {
  std::uint64_t number = 0;
  std::uint64_t value = 0;
  std::string_view bytes;
};

// Takes messages apart. A message that ends too early or has a field of another
// kind fails, and so does everything read from it later.
class ProtobufReader {
 public:
  explicit ProtobufReader(std::string_view rest) : rest_(rest) {}

  bool next(ProtobufField& field) {
    if (rest_.empty() || failed_) return false;
    const std::uint64_t key = varint();
    field = {key >> 3U, 0, {}};
    if ((key & 7U) == 0) {
      field.value = varint();
    } else if ((key & 7U) == 2) {
      const std::uint64_t length = varint();
      failed_ = failed_ || length > rest_.size();
      if (failed_) return false;
      field.bytes = rest_.substr(0, length);
      rest_.remove_prefix(length);
    } else {
      failed_ = true;
    }
    return !failed_;
  }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return value;
    }
    failed_ = true;
    return 0;
  }

  bool at_end() const { return rest_.empty() && !failed_; }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

// Returns false if the bytes are not a whole profile, or refer to what is not
// in it.
bool read_pprof(std::string_view bytes, ReadProfile& profile);

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_PROFILE_PPROF_READER_H_
