// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "pprof_reader.h"

namespace bitcoinleveldb {

namespace {

class Reading {
 public:
  explicit Reading(ReadProfile& profile) : profile_(profile) {}

  // Strings and functions come anywhere, so they are collected first.
  bool read(std::string_view bytes) {
    for (int pass = 0; pass != 2; ++pass) {
      ProtobufReader reader(bytes);
      ProtobufField field;
      while (reader.next(field)) {
        if (pass == 0) {
          collect(field);
        } else {
          use(field);
        }
      }
      good_ = good_ && reader.at_end();
    }
    return good_ && !strings_.empty() && strings_.front().empty() &&
           refers_to_what_is_there();
  }

 private:
  using Numbers = std::map<std::uint64_t, std::uint64_t>;

  void collect(const ProtobufField& field) {
    if (field.number == 6) strings_.emplace_back(field.bytes);
    if (field.number == 5) {
      const Numbers function = numbers(field.bytes);
      functions_[at(function, 1)] = at(function, 2);
    }
  }

  void use(const ProtobufField& field) {
    switch (field.number) {
      case 1:
        profile_.types.push_back(value_type(field.bytes));
        break;
      case 2:
        sample(field.bytes);
        break;
      case 3:
        mapping(field.bytes);
        break;
      case 4:
        location(field.bytes);
        break;
      case 5:
      case 6:
        break;
      case 7:
        profile_.drop_frames = string(field.value);
        break;
      case 9:
        profile_.time_ns = field.value;
        break;
      case 10:
        profile_.duration_ns = field.value;
        break;
      case 11:
        profile_.period_type = value_type(field.bytes);
        break;
      case 12:
        profile_.period = field.value;
        break;
      case 13:
        profile_.comments.push_back(string(field.value));
        break;
      case 14:
        profile_.default_type = string(field.value);
        break;
      default:
        good_ = false;
    }
  }

  // Reads a message of numbers.
  Numbers numbers(std::string_view bytes) {
    Numbers all;
    ProtobufReader reader(bytes);
    ProtobufField field;
    while (reader.next(field)) {
      good_ = good_ && all.emplace(field.number, field.value).second;
    }
    good_ = good_ && reader.at_end();
    return all;
  }

  static std::uint64_t at(const Numbers& all, std::uint64_t number) {
    const auto found = all.find(number);
    return found == all.end() ? 0 : found->second;
  }

  std::string string(std::uint64_t number) {
    if (number < strings_.size()) return strings_[number];
    good_ = false;
    return {};
  }

  std::pair<std::string, std::string> value_type(std::string_view bytes) {
    const Numbers all = numbers(bytes);
    return {string(at(all, 1)), string(at(all, 2))};
  }

  void sample(std::string_view bytes) {
    ReadProfile::Sample sample;
    ProtobufReader reader(bytes);
    ProtobufField field;
    while (reader.next(field)) {
      auto& list = field.number == 1 ? sample.locations : sample.values;
      good_ = good_ && (field.number == 1 || field.number == 2);
      ProtobufReader packed(field.bytes);
      while (!packed.at_end() && good_) list.push_back(packed.varint());
    }
    good_ = good_ && reader.at_end() && sample.values.size() == 4;
    profile_.samples.push_back(sample);
  }

  void mapping(std::string_view bytes) {
    const Numbers all = numbers(bytes);
    good_ = good_ && at(all, 1) != 0;
    profile_.mappings[at(all, 1)] = {at(all, 2), at(all, 3), at(all, 4),
                                     string(at(all, 5)), string(at(all, 6))};
  }

  void location(std::string_view bytes) {
    ReadProfile::Location location;
    std::uint64_t number = 0;
    ProtobufReader reader(bytes);
    ProtobufField field;
    while (reader.next(field)) {
      if (field.number == 1) number = field.value;
      if (field.number == 2) location.mapping = field.value;
      if (field.number == 3) location.address = field.value;
      if (field.number == 4) {
        const std::uint64_t function = at(numbers(field.bytes), 1);
        good_ = good_ && functions_.count(function) != 0;
        location.function = string(functions_[function]);
      }
    }
    good_ = good_ && reader.at_end() && number != 0;
    profile_.locations[number] = location;
  }

  bool refers_to_what_is_there() const {
    for (const auto& [number, location] : profile_.locations) {
      if (location.mapping == 0) continue;
      const auto found = profile_.mappings.find(location.mapping);
      if (found == profile_.mappings.end() ||
          location.address < found->second.start ||
          location.address >= found->second.limit) {
        return false;
      }
    }
    for (const ReadProfile::Sample& sample : profile_.samples) {
      for (const std::uint64_t number : sample.locations) {
        if (profile_.locations.count(number) == 0) return false;
      }
    }
    return true;
  }

  ReadProfile& profile_;
  std::vector<std::string> strings_;
  std::map<std::uint64_t, std::uint64_t> functions_;  // to their names
  bool good_ = true;
};

}  // namespace

bool read_pprof(std::string_view bytes, ReadProfile& profile) {
  return Reading(profile).read(bytes);
}

}  // namespace bitcoinleveldb
