// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The live proof end to end, on the real programs, and on shell scripts that
// take their place where a program has to misbehave.

#include "live_proof.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

#include "live_fixture.h"

namespace bitcoinleveldb {
namespace {

namespace fs = std::filesystem;

class LiveProofTest : public LiveFixture {
 protected:
  LiveProofTest() {
    fs::create_directory(path("databases"));
    fs::create_directory(path("programs"));
    options_.records = 8'000;
    options_.batch = 100;
    options_.write_buffer_bytes = 128 * 1024;
    options_.dir = path("databases");
    options_.program_dir = LIVE_PROGRAM_DIR;
  }

  ~LiveProofTest() override {
    EXPECT_TRUE(fs::is_empty(path("databases"))) << "something was left behind";
  }

  // Uses scripts in place of the programs; `$result` is the path of the result
  // and `$dir` the directory for the database.
  void use_script(std::string_view body) {
    constexpr std::string_view kOptions =
        "for o; do case $o in --result=*) result=${o#*=};; "
        "--dir=*) dir=${o#*=};; esac; done\n";
    options_.program_dir = path("programs");
    for (const char* name : {"arenatest-live-stock", "arenatest-live-arena"}) {
      const fs::path program = write(
          std::string("programs/") + name,
          "#!/bin/sh\n" + std::string(kOptions) + std::string(body) + "\n");
      fs::permissions(program, fs::perms::owner_all);
    }
  }

  std::string message() const {
    return message_of([&] { (void)run_live_proof(options_); });
  }

  LiveProofOptions options_;
};

using LiveProofDeathTest = LiveProofTest;

std::string words_of(const LiveProofResult& result) {
  std::string words;
  for (const std::string& difference : result.differences()) {
    words += difference + "\n";
  }
  return words;
}

TEST_F(LiveProofTest, OurArenaUnderLevelDbIsEqualToStock) {
  options_.records = 30'000;
  options_.batch = 200;
  options_.write_buffer_bytes = 256 * 1024;
  const LiveProofResult result = run_live_proof(options_);
  EXPECT_TRUE(result.passed()) << words_of(result);
  EXPECT_GT(result.arena.run.arenas_made, result.arena.run.rotations);
  EXPECT_GE(result.stock.run.rotations, 5U);
  EXPECT_GT(result.stock.run.deletes, 1'000U);
  EXPECT_LT(result.stock.run.records_live, 30'000U);
  for (const LiveComparison* comparison :
       {&result.stock_with_stock, &result.stock_with_arena}) {
    EXPECT_TRUE(comparison->contents_equal);
    EXPECT_GT(comparison->samples_compared,
              comparison->samples_compared_after_rotation);
    EXPECT_GT(comparison->samples_compared_after_rotation, 0U);
    EXPECT_EQ(comparison->samples_different, 0U);
  }
}

TEST_F(LiveProofTest, AnotherSeedHasOtherContents) {
  const LiveProofResult a = run_live_proof(options_);
  options_.seed = 302;
  const LiveProofResult b = run_live_proof(options_);
  EXPECT_TRUE(b.passed()) << words_of(b);
  EXPECT_FALSE(judge_live_runs(a.stock.run, a.stock_again.run, b.arena.run)
                   .stock_with_arena.contents_equal);
}

// Other blocks than LevelDB's are an arena that accounts otherwise.
TEST_F(LiveProofTest, AnArenaThatAccountsOtherwiseIsFound) {
  setenv("BITCOINLEVELDB_ARENA_BLOCK_BYTES", "8192", 1);
  const LiveProofResult result = run_live_proof(options_);
  unsetenv("BITCOINLEVELDB_ARENA_BLOCK_BYTES");
  EXPECT_FALSE(result.passed());
  EXPECT_GT(result.stock_with_arena.samples_different, 0U);
  EXPECT_TRUE(result.stock_with_arena.contents_equal);
  EXPECT_EQ(result.stock_with_stock.samples_different, 0U);
}

TEST_F(LiveProofTest, AProgramWithoutTheDropInIsFound) {
  const fs::path stock = options_.program_dir / "arenatest-live-stock";
  options_.program_dir = path("programs");
  fs::create_symlink(stock, path("programs/arenatest-live-stock"));
  fs::create_symlink(stock, path("programs/arenatest-live-arena"));
  const LiveProofResult result = run_live_proof(options_);
  EXPECT_EQ(words_of(result),
            "arena ran on the arena of leveldb instead of bitcoinleveldb\n");
}

TEST_F(LiveProofTest, AFewRecordsThatNeverRotateAreEnough) {
  options_.records = 1;
  const LiveProofResult result = run_live_proof(options_);
  EXPECT_TRUE(result.passed()) << words_of(result);
  EXPECT_EQ(result.stock.run.rotations, 0U);
  EXPECT_EQ(result.stock_with_arena.samples_compared, 1U);
}

TEST_F(LiveProofTest, RecordsOfAFileAreWrittenAndReadBack) {
  std::string text;
  for (int line = 0; line != 20'000; ++line) {
    text += "key " + std::to_string(line % 15'000) + "\tvalue " +
            std::to_string(line) + "\n";
  }
  options_.input = write("records.tsv", text);
  const LiveProofResult result = run_live_proof(options_);
  EXPECT_TRUE(result.passed()) << words_of(result);
  EXPECT_EQ(result.arena.run.operations, 20'000U);
  EXPECT_EQ(result.arena.run.overwrites, 5'000U);
  EXPECT_EQ(result.arena.run.records_live, 15'000U);
  EXPECT_GT(result.stock_with_arena.samples_compared_after_rotation, 0U);
}

TEST_F(LiveProofTest, AMalformedLineIsNamedByItsNumber) {
  options_.input = write("records.tsv", "a\t1\nb\t2\nc\n");
  EXPECT_EQ(message(),
            options_.input.string() + ":3: no tab between key and value");
}

TEST_F(LiveProofTest, ProgressTellsEveryPhaseOfEveryRun) {
  std::set<std::string> told;
  options_.progress = [&](const LiveProofProgress& progress) {
    EXPECT_LE(progress.done, progress.total);
    told.insert(progress.run + ": " + progress.phase);
  };
  (void)run_live_proof(options_);
  EXPECT_EQ(told.size(), 12U);
  EXPECT_TRUE(told.contains("stock again: reopen"));
}

TEST_F(LiveProofTest, AProgressCallbackMayThrow) {
  options_.progress = [](const LiveProofProgress&) {
    throw std::runtime_error("enough");
  };
  EXPECT_EQ(message(), "enough");
}

TEST_F(LiveProofTest, AMissingProgramIsNamed) {
  options_.program_dir = path("programs");
  EXPECT_EQ(message(), "the program arenatest-live-stock is not in " +
                           path("programs").string() +
                           "; it is built together with arenatest");
}

TEST_F(LiveProofTest, ProgramsAreLookedForBesideTheRunningOne) {
  options_.program_dir.clear();
  EXPECT_EQ(message(),
            "the program arenatest-live-stock is not in " +
                fs::read_symlink("/proc/self/exe").parent_path().string() +
                "; it is built together with arenatest");
}

TEST_F(LiveProofTest, AProgramThatCrashesIsNamedWithItsSignal) {
  use_script("mkdir $dir/left; echo it was too much >&2; kill -SEGV $$");
  EXPECT_EQ(message(),
            "arenatest-live-stock was ended by signal 11 (Segmentation fault); "
            "it last said: it was too much");
}

TEST_F(LiveProofTest, AProgramThatFailsIsNamedWithItsStatus) {
  use_script("exit 3");
  EXPECT_EQ(message(), "arenatest-live-stock ended with exit status 3");
}

TEST_F(LiveProofTest, AnUnreadableResultIsAnError) {
  for (const char* script :
       {"exit 0", "echo '{\"arena\"' > $result", "echo '{}' > $result"}) {
    use_script(script);
    EXPECT_TRUE(message().starts_with(
        "arenatest-live-stock wrote a result that cannot be read"))
        << script;
  }
}

TEST_F(LiveProofTest, AProgramThatCannotBeStartedIsNamed) {
  use_script("");
  fs::permissions(path("programs/arenatest-live-stock"), fs::perms::none);
  EXPECT_EQ(message(), "cannot start " +
                           path("programs/arenatest-live-stock").string() +
                           ": Permission denied");
}

TEST_F(LiveProofTest, ADirectoryThatIsNotThereIsNamed) {
  options_.dir = path("nowhere");
  EXPECT_EQ(message(), "cannot make a directory below " +
                           path("nowhere").string() +
                           ": No such file or directory");
}

TEST_F(LiveProofTest, SenselessOptionsAreRefused) {
  LiveProofOptions options = options_;
  options.records = 0;
  EXPECT_THROW((void)run_live_proof(options), std::invalid_argument);
  options = options_;
  options.batch = 0;
  EXPECT_THROW((void)run_live_proof(options), std::invalid_argument);
  options = options_;
  options.write_buffer_bytes = 65'535;
  EXPECT_THROW((void)run_live_proof(options), std::invalid_argument);
  options.write_buffer_bytes = (std::size_t{1} << 30U) + 1;
  EXPECT_THROW((void)run_live_proof(options), std::invalid_argument);
}

// The signal comes while a program writes; the fixture looks for what is left.
TEST_F(LiveProofDeathTest, AnInterruptedProofEndsByTheSignalAndLeavesNothing) {
  for (const int signal : {SIGINT, SIGTERM}) {
    options_.progress = [&](const LiveProofProgress&) { raise(signal); };
    EXPECT_EXIT((void)run_live_proof(options_), testing::KilledBySignal(signal),
                "");
  }
}

// The program's output ends in a reader that leaves after the first line, so
// that the next line it writes interrupts it.
TEST_F(LiveProofTest, AProgramThatIsInterruptedRemovesItsDatabase) {
  const std::string command = std::string(LIVE_PROGRAM_DIR) +
                              "/arenatest-live-stock --records=30000" +
                              " --dir=" + path("databases").string() +
                              " --result=" + path("result.json").string() +
                              " 2>&1 | head -n 1 > " + path("output").string();
  EXPECT_EQ(std::system(command.c_str()), 0);
  EXPECT_FALSE(fs::exists(path("result.json")));
}

}  // namespace
}  // namespace bitcoinleveldb
