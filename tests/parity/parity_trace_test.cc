// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// An arena that is recorded goes on as LevelDB's, and what is recorded are the
// requests that it was given.

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "bitcoinleveldb/trace_recorder.h"
#include "oracle/parity.h"
#include "trace/trace_files.h"

namespace bitcoinleveldb {
namespace {

struct Asked {
  std::uint64_t bytes;
  bool aligned;

  friend bool operator==(const Asked&, const Asked&) = default;
};

class RecordedSubject final : public OurSubject {
 public:
  RecordedSubject(TraceRecorder& recorder, std::vector<Asked>& asked)
      : recorder_(recorder), asked_(asked) {
    attach_observer(arena(), recorder_);
  }
  ~RecordedSubject() override { detach_observer(arena(), recorder_); }
  RecordedSubject(const RecordedSubject&) = delete;
  RecordedSubject& operator=(const RecordedSubject&) = delete;

 private:
  char* serve(ArenaRequest request) override {
    asked_.push_back({request.bytes, request.aligned});
    return OurSubject::serve(request);
  }

  TraceRecorder& recorder_;
  std::vector<Asked>& asked_;
};

TEST(ParityOfTraces, HoldsWhileEveryCallIsRecordedAsItWasAsked) {
  for (const WorkloadInfo& info : Workload::all()) {
    const TemporaryPath path;
    TraceRecorder recorder;
    ASSERT_TRUE(recorder.start(path.str()));
    std::vector<Asked> asked;
    ParityOptions options;
    options.workload = info.name;
    options.operations = 50'000;
    const ParityResult result = run_parity(options, [&] {
      return std::make_unique<RecordedSubject>(recorder, asked);
    });
    ASSERT_FALSE(result.mismatch)
        << info.name << ", " << to_string(*result.mismatch);
    ASSERT_TRUE(recorder.stop());
    std::vector<Asked> recorded;
    for (const TraceEvent& event : events_in(path.str())) {
      if (event.op != TraceOp::kAllocated) continue;
      recorded.push_back({event.bytes, event.alignment != 1});
    }
    EXPECT_EQ(recorded, asked) << info.name;
    EXPECT_EQ(recorded.size(), options.operations);
  }
}

}  // namespace
}  // namespace bitcoinleveldb
