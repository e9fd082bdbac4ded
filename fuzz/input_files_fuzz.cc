// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What the command line reads besides its arguments: traces, which `replay`,
// `inspect` and `tune` take, results as JSON, which `report` takes, and records
// as text, which `leveldb` takes. The first byte says which. Whatever a file
// holds, it is read and the figures agree, or it is refused with a message.

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "bitcoinleveldb/decoded_trace.h"
#include "bitcoinleveldb/trace_replay.h"
#include "fuzz_source.h"
#include "live/file_records.h"
#include "mend_trace.h"
#include "report/results.h"
#include "require.h"
#include "traces/block_figures.h"
#include "traces/trace_summary.h"

namespace bitcoinleveldb {

namespace {

// A file that is written anew for each input and goes with the program.
class InputFile {
 public:
  InputFile()
      : path_((std::filesystem::temp_directory_path() /
               ("input_files_fuzz." + std::to_string(getpid())))
                  .string()) {
    const std::ofstream made(path_, std::ios::binary);
  }
  ~InputFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  const std::string& hold(const std::string& text) const {
    // File systems make a file safe that is cut to nothing and written again.
    std::fstream(path_, std::ios::in | std::ios::out | std::ios::binary)
        << text;
    std::filesystem::resize_file(path_, text.size());
    return path_;
  }

 private:
  std::string path_;
};

const InputFile& input_file() {
  static const InputFile file;
  return file;
}

// Arenas on a source that has little, so that what a trace asks for fails in
// time, as it would on any machine.
struct MakeSmall {
  FuzzSource* source;
  void operator()(std::optional<Arena>& arena, std::size_t block_bytes) const {
    ArenaOptions options;
    options.block_bytes = block_bytes;
    options.block_source = source;
    arena.emplace(options);
  }
};

void check_summary(const DecodedTrace& trace,
                   const arenatest::TraceSummary& summary) {
  const TraceCounts& counts = trace.counts();
  require(summary.events(TraceOp::kAllocated) == counts.allocations &&
              summary.events(TraceOp::kArenaMade) == counts.arenas &&
              summary.events(TraceOp::kOutOfMemory) == counts.failures,
          "the summary counts otherwise");
  std::uint64_t allocations = 0;
  std::uint64_t bytes = 0;
  for (const auto& sizes : summary.sizes()) {
    allocations += sizes.allocations;
    bytes += sizes.bytes;
  }
  require(allocations == counts.allocations && bytes == counts.bytes,
          "the sizes are not all");
  std::uint64_t events = 0;
  for (const auto& [thread, number] : summary.threads()) events += number;
  require(events == counts.events, "the threads are not all");
  require(summary.allocations_of_arenas().has_value() == (counts.arenas != 0),
          "arenas");
  (void)summary.bytes_of_arenas();
  (void)summary.lifetimes();
}

void check_replay(const DecodedTrace& trace) {
  FuzzSource source;
  std::uint64_t steps = 0;
  bool whole = false;
  try {
    TraceReplay<Arena, MakeSmall> replay(trace, {&source});
    replay.run([&](const TraceStep&, const Arena*) { ++steps; });
    whole = true;
    require(replay.counts().allocations == trace.counts().allocations,
            "allocations were left out");
    require(steps == trace.counts().events - trace.counts().scopes_cut,
            "steps were left out");
  } catch (const std::bad_alloc&) {
  }
  require(source.live_bytes() == 0, "a replay kept memory");
  // What fits the source fits the default one.
  if (!whole) return;
  const arenatest::BlockFigures figures = arenatest::block_figures_of(trace);
  if (trace.counts().scopes != 0 || trace.counts().resizes != 0) return;
  require(figures.asked_bytes == trace.counts().bytes, "bytes asked for");
  require(figures.asked_bytes + figures.waste_bytes() ==
              figures.standard_bytes + figures.dedicated_bytes,
          "the blocks are not what is in them");
}

void read_trace(const std::vector<unsigned char>& bytes) {
  TraceReader reader;
  if (!reader.open(bytes.data(), bytes.size())) return;
  arenatest::TraceSummary summary;
  std::optional<DecodedTrace> trace;
  try {
    trace.emplace(reader,
                  [&summary](const TraceEvent& event) { summary.add(event); });
  } catch (const std::invalid_argument&) {
    return;
  }
  check_summary(*trace, summary);
  check_replay(*trace);
}

void read_result(const std::string& text) {
  nlohmann::ordered_json result;
  try {
    result = arenatest::read_result(input_file().hold(text));
  } catch (const std::invalid_argument& error) {
    require(std::string(error.what()).find("is no JSON") != std::string::npos,
            "refused without a reason");
    return;
  }
  try {
    const nlohmann::ordered_json speed = arenatest::speed_of(result, "file");
    require(!speed.dump().empty(), "nothing to show");
  } catch (const std::invalid_argument& error) {
    require(std::string(error.what()).starts_with("file is no result"),
            "refused without a name");
  }
}

void read_records(const std::string& text) {
  std::optional<FileRecords> records;
  std::map<std::string, std::string> last;
  Operation operation;
  std::uint64_t lines = 0;
  try {
    records.emplace(input_file().hold(text));
    while (records->next(operation)) {
      require(!operation.is_delete && !operation.key.empty() &&
                  operation.key.find('\t') == std::string::npos,
              "a key that is none");
      last[operation.key] = operation.value;
      ++lines;
    }
  } catch (const std::runtime_error& error) {
    require(std::string(error.what()).find(": ") != std::string::npos,
            "refused without a reason");
    return;
  }
  const OperationCounts counts = records->counts();
  require(counts.operations == lines && counts.records_live == last.size() &&
              counts.overwrites == lines - last.size(),
          "counts of records");
  require(records->amount().done == records->amount().total, "not all read");
  std::size_t expected = 0;
  records->expect_all(
      [&](const std::string& key, const std::string* value, const Amount&) {
        require(value != nullptr && last.at(key) == *value, "another value");
        ++expected;
      });
  require(expected == last.size(), "keys were left out");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0) return 0;
  const std::uint8_t kind = *data;
  const std::string text(data + 1, data + size);
  if (kind == 'j') {
    read_result(text);
  } else if (kind == 'r') {
    read_records(text);
  } else {
    std::vector<unsigned char> bytes(data + 1, data + size);
    mend_trace(bytes);
    read_trace(bytes);
  }
  return 0;
}

}  // namespace bitcoinleveldb
