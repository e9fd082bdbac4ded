// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TESTS_TRACE_TRACE_FILES_H_
#define BITCOINLEVELDB_TESTS_TRACE_TRACE_FILES_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include "bitcoinleveldb/trace.h"

namespace bitcoinleveldb {

// A path for one test, whose file goes with the object.
class TemporaryPath {
 public:
  TemporaryPath()
      : path_(testing::TempDir() + "trace_test." + std::to_string(getpid()) +
              "." + std::to_string(++number_)) {}
  TemporaryPath(const TemporaryPath&) = delete;
  TemporaryPath& operator=(const TemporaryPath&) = delete;
  ~TemporaryPath() { std::remove(path_.c_str()); }

  const std::string& str() const { return path_; }

  std::string bytes() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  static inline int number_ = 0;
  std::string path_;
};

inline auto all_of(const TraceEvent& event) {
  return std::tie(event.op, event.is_partial, event.arena, event.thread,
                  event.nanoseconds, event.bytes, event.old_bytes,
                  event.keep_bytes, event.alignment);
}

inline bool operator==(const TraceEvent& a, const TraceEvent& b) {
  return all_of(a) == all_of(b);
}

inline void PrintTo(const TraceEvent& event, std::ostream* out) {
  *out << "op " << static_cast<int>(event.op) << " arena " << event.arena
       << " thread " << event.thread << " at " << event.nanoseconds << " bytes "
       << event.bytes << " old " << event.old_bytes << " keep "
       << event.keep_bytes << " alignment " << event.alignment << " partial "
       << event.is_partial;
}

inline std::vector<TraceEvent> all_events(TraceReader& reader) {
  std::vector<TraceEvent> events;
  TraceEvent event;
  while (reader.next(event)) events.push_back(event);
  return events;
}

// What is in a file that is expected to be complete.
inline std::vector<TraceEvent> events_in(const std::string& path) {
  TraceReader reader;
  EXPECT_TRUE(reader.open(path)) << reader.end().message;
  std::vector<TraceEvent> events = all_events(reader);
  EXPECT_EQ(reader.end().kind, TraceEndKind::kComplete) << reader.end().message;
  return events;
}

inline void write_all(const std::vector<TraceEvent>& events,
                      const std::string& path,
                      const TraceWriterOptions& options = {}) {
  TraceWriter writer;
  ASSERT_TRUE(writer.open(path, options)) << writer.error();
  for (const TraceEvent& event : events) {
    ASSERT_TRUE(writer.write(event)) << writer.error();
  }
  ASSERT_TRUE(writer.close()) << writer.error();
}

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_TRACE_TRACE_FILES_H_
