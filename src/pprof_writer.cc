// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "pprof_writer.h"

#include <cmath>
#include <optional>
#include <unordered_map>

#include "port/code_symbols.h"
#include "protobuf_writer.h"

namespace bitcoinleveldb::detail {

namespace {

// Field numbers of pprof's profile.proto.
namespace field {
constexpr unsigned kSampleType = 1;
constexpr unsigned kSample = 2;
constexpr unsigned kMapping = 3;
constexpr unsigned kLocation = 4;
constexpr unsigned kFunction = 5;
constexpr unsigned kString = 6;
constexpr unsigned kDropFrames = 7;
constexpr unsigned kTime = 9;
constexpr unsigned kDuration = 10;
constexpr unsigned kPeriodType = 11;
constexpr unsigned kPeriod = 12;
constexpr unsigned kComment = 13;
constexpr unsigned kDefaultSampleType = 14;
}  // namespace field

// Frames of these functions are dropped by pprof, and those they called: the
// arena's own that compiled code may show between the caller and the cold path,
// and those of the drop-in.
constexpr std::string_view kDropFrames =
    "(bitcoinleveldb|leveldb)::Arena::.*|"
    "bitcoinleveldb::Arena(Cursor|Resource)::.*|"
    "bitcoinleveldb::detail::.*|"
    "bitcoinleveldb_arena_.*";

std::uint64_t rounded(double value) {
  return value < 0.5 ? 0 : static_cast<std::uint64_t>(std::llround(value));
}

class Encoder {
 public:
  explicit Encoder(const std::vector<port::LoadedCode>& code) {
    (void)string("");
    for (const port::LoadedCode& one : code) mappings_.push_back({&one});
  }

  void add_head(const PprofHead& head) {
    add_value_type(field::kSampleType, "alloc_objects", "count");
    add_value_type(field::kSampleType, "alloc_space", "bytes");
    add_value_type(field::kSampleType, "inuse_objects", "count");
    add_value_type(field::kSampleType, "inuse_space", "bytes");
    add_value_type(field::kPeriodType, "space", "bytes");
    profile_.add_number(field::kPeriod, head.sample_bytes);
    profile_.add_number(field::kTime, head.time_ns);
    profile_.add_number(field::kDuration, head.duration_ns);
    profile_.add_number(field::kDropFrames, string(kDropFrames));
    profile_.add_number(field::kDefaultSampleType, string("alloc_space"));
    for (const std::string& comment : head.comments) {
      profile_.add_number(field::kComment, string(comment));
    }
  }

  void add_sample(const ProfileStack& stack, const std::string& others) {
    ProtobufMessage locations;
    for (std::size_t i = 0; i != stack.frame_count; ++i) {
      locations.add_varint(location(stack.frames[i]));
    }
    if (stack.frame_count == 0) {
      locations.add_varint(location_of_others(others));
    }
    ProtobufMessage values;
    for (const double value :
         {stack.objects, stack.bytes, stack.live_objects, stack.live_bytes}) {
      values.add_varint(rounded(value));
    }
    ProtobufMessage sample;
    sample.add_message(1, locations);
    sample.add_message(2, values);
    profile_.add_message(field::kSample, sample);
  }

  // What the samples add to comes last: whether a mapping has names, and the
  // strings.
  std::string finish() {
    for (std::size_t i = 0; i != mappings_.size(); ++i) add_mapping(i);
    for (const std::string& text : strings_) {
      profile_.add_bytes(field::kString, text);
    }
    return profile_.bytes();
  }

 private:
  struct Mapping {
    const port::LoadedCode* code;
    std::optional<port::CodeSymbols> symbols = std::nullopt;
    bool has_names = false;
  };

  std::uint64_t string(std::string_view text) {
    const auto [found, is_new] =
        string_numbers_.emplace(std::string(text), strings_.size());
    if (is_new) strings_.push_back(found->first);
    return found->second;
  }

  void add_value_type(unsigned number, std::string_view type,
                      std::string_view unit) {
    ProtobufMessage value_type;
    value_type.add_number(1, string(type));
    value_type.add_number(2, string(unit));
    profile_.add_message(number, value_type);
  }

  // pprof does not look for the names of a mapping that has some.
  void add_mapping(std::size_t index) {
    const Mapping& mapping = mappings_[index];
    ProtobufMessage message;
    message.add_number(1, index + 1);
    message.add_number(2, mapping.code->start);
    message.add_number(3, mapping.code->end);
    message.add_number(4, mapping.code->file_offset);
    message.add_number(5, string(mapping.code->path));
    message.add_number(6, string(mapping.code->build_id));
    message.add_number(7, mapping.has_names ? 1 : 0);
    profile_.add_message(field::kMapping, message);
  }

  Mapping* mapping_of(std::uintptr_t address) {
    for (Mapping& mapping : mappings_) {
      if (address >= mapping.code->start && address < mapping.code->end) {
        return &mapping;
      }
    }
    return nullptr;
  }

  // A frame is a return address: the call is what lies before it.
  std::uint64_t location(std::uintptr_t frame) {
    const auto [found, is_new] =
        locations_.emplace(frame, locations_.size() + 1);
    if (!is_new) return found->second;
    const std::uintptr_t address = frame - 1;
    ProtobufMessage message;
    message.add_number(1, found->second);
    if (Mapping* const mapping = mapping_of(address)) {
      message.add_number(
          2, static_cast<std::uint64_t>(mapping - mappings_.data()) + 1);
      message.add_number(3, address);
      const std::string name =
          symbols_of(*mapping).name(address - mapping->code->moved_by);
      if (!name.empty()) {
        mapping->has_names = true;
        add_function(message, name);
      }
    } else {
      message.add_number(3, address);
    }
    profile_.add_message(field::kLocation, message);
    return found->second;
  }

  const port::CodeSymbols& symbols_of(Mapping& mapping) {
    if (!mapping.symbols) mapping.symbols.emplace(mapping.code->path);
    return *mapping.symbols;
  }

  // There is only one, and no frame has the address 0.
  std::uint64_t location_of_others(const std::string& name) {
    const auto [found, is_new] = locations_.emplace(0, locations_.size() + 1);
    if (is_new) {
      ProtobufMessage message;
      message.add_number(1, found->second);
      add_function(message, name);
      profile_.add_message(field::kLocation, message);
    }
    return found->second;
  }

  // Says which function a location is of. pprof makes a name readable if it is
  // the one that the linker knows.
  void add_function(ProtobufMessage& location, const std::string& name) {
    const auto [found, is_new] =
        functions_.emplace(name, functions_.size() + 1);
    if (is_new) {
      ProtobufMessage function;
      function.add_number(1, found->second);
      function.add_number(2, string(name));
      function.add_number(3, string(name));
      profile_.add_message(field::kFunction, function);
    }
    ProtobufMessage line;
    line.add_number(1, found->second);
    location.add_message(4, line);
  }

  ProtobufMessage profile_;
  std::vector<std::string> strings_;
  std::unordered_map<std::string, std::uint64_t> string_numbers_;
  std::unordered_map<std::string, std::uint64_t> functions_;
  std::unordered_map<std::uintptr_t, std::uint64_t> locations_;
  std::vector<Mapping> mappings_;  // numbered from 1 on
};

}  // namespace

std::string encode_pprof(const PprofHead& head,
                         const std::vector<ProfileStack>& stacks,
                         const std::vector<port::LoadedCode>& code) {
  Encoder encoder(code);
  encoder.add_head(head);
  for (const ProfileStack& stack : stacks) {
    if (stack.objects > 0) encoder.add_sample(stack, head.others);
  }
  return encoder.finish();
}

}  // namespace bitcoinleveldb::detail
