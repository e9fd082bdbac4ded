// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// BITCOINLEVELDB_ARENA_TRACE makes a program that is linked with the drop-in,
// and knows nothing of it, record what its LevelDB does.

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "bitcoinleveldb/trace.h"
#include "trace_files.h"

namespace bitcoinleveldb {
namespace {

constexpr char kVariable[] = "BITCOINLEVELDB_ARENA_TRACE";
constexpr std::uint64_t kRecords = 2000;  // of dropin_store.cc

struct Said {
  int status = -1;
  std::string on_stderr;
};

// Runs a program with a database of its own and the variable set.
Said run(const std::string& program, const std::string& trace) {
  const TemporaryPath database;
  const TemporaryPath said;
  setenv(kVariable, trace.c_str(), 1);
  const std::string command = EMULATOR " '" + program + "' '" + database.str() +
                              "' > /dev/null 2> '" + said.str() + "'";
  Said result;
  result.status = std::system(command.c_str());
  unsetenv(kVariable);
  result.on_stderr = said.bytes();
  std::filesystem::remove_all(database.str());
  return result;
}

TEST(LevelDbDropin, RecordsAllOfAnUnmodifiedLevelDb) {
  const TemporaryPath path;
  const Said said = run(DROPIN_PROGRAM, path.str());
  ASSERT_EQ(said.status, 0) << said.on_stderr;
  EXPECT_EQ(said.on_stderr, "");
  std::uint64_t packed = 0;
  std::uint64_t aligned = 0;
  std::map<std::uint64_t, int> lives;
  for (const TraceEvent& event : events_in(path.str())) {
    if (event.op == TraceOp::kArenaMade) {
      EXPECT_FALSE(event.is_partial);
      EXPECT_EQ(event.bytes, 4096U);
      lives[event.arena] = 1;
    } else if (event.op == TraceOp::kArenaEnded) {
      lives[event.arena] = 2;
    } else {
      ASSERT_EQ(event.op, TraceOp::kAllocated);
      (event.alignment == 1 ? packed : aligned) += 1;
    }
  }
  ASSERT_FALSE(lives.empty());
  for (const auto& [arena, life] : lives) {
    EXPECT_EQ(life, 2) << "arena " << arena << " has no end";
  }
  // Each record has an entry and a node, each memtable one node more, and the
  // database writes some records of its own.
  EXPECT_GE(packed, kRecords);
  EXPECT_LT(packed, kRecords + 100);
  EXPECT_EQ(aligned, packed + lives.size());
}

TEST(LevelDbDropin, TraceThatCannotBeMadeIsSaidAndLevelDbRuns) {
  const Said said = run(DROPIN_PROGRAM, "/no_such_folder/x.trace");
  EXPECT_EQ(said.status, 0);
  EXPECT_EQ(said.on_stderr,
            "bitcoinleveldb-arena: BITCOINLEVELDB_ARENA_TRACE: cannot make the "
            "trace /no_such_folder/x.trace: No such file or directory; "
            "allowed: the path of a file that can be written\n");
}

TEST(LevelDbDropin, EmptyPathOfATraceIsSaid) {
  const Said said = run(DROPIN_PROGRAM, "");
  EXPECT_EQ(said.status, 0);
  EXPECT_NE(said.on_stderr.find("BITCOINLEVELDB_ARENA_TRACE"),
            std::string::npos);
}

TEST(LevelDbDropin, NumberOfTheProcessInThePathKeepsTracesApart) {
  const TemporaryPath folder;
  std::filesystem::create_directory(folder.str());
  for (int i = 0; i != 2; ++i) {
    EXPECT_EQ(run(DROPIN_WITHOUT_LEVELDB, folder.str() + "/%p.trace").status,
              0);
  }
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.str())) {
    EXPECT_TRUE(events_in(entry.path()).empty());
    EXPECT_EQ(entry.path().stem().string().find('%'), std::string::npos);
    ++files;
  }
  EXPECT_EQ(files, 2U);
  std::filesystem::remove_all(folder.str());
}

}  // namespace
}  // namespace bitcoinleveldb
