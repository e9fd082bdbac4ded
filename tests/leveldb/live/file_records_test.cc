// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "file_records.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <map>
#include <string>
#include <string_view>

#include "live_fixture.h"

namespace bitcoinleveldb {
namespace {

using Contents = std::map<std::string, std::string>;

class FileRecordsTest : public LiveFixture {
 protected:
  // Reads a file of this text to its end, and what it expects of a database.
  Contents read(std::string_view text) const {
    FileRecords source(write("records.tsv", text).string());
    Operation operation;
    while (source.next(operation)) EXPECT_FALSE(operation.is_delete);
    EXPECT_EQ(source.amount().done, source.amount().total);
    Contents contents;
    source.expect_all([&](const std::string& key, const std::string* value,
                          const Amount&) { contents[key] = *value; });
    EXPECT_EQ(source.counts().records_live, contents.size());
    return contents;
  }

  // Returns what reading a file of this text complains of, without the path.
  std::string complaint(std::string_view text) const {
    const std::string words = message_of([&] { (void)read(text); });
    const std::string file = path("records.tsv").string();
    EXPECT_TRUE(words.starts_with(file)) << words;
    return words.substr(file.size());
  }
};

TEST_F(FileRecordsTest, EachLineIsARecord) {
  EXPECT_EQ(read("a\t1\nb\t2\n"), (Contents{{"a", "1"}, {"b", "2"}}));
}

TEST_F(FileRecordsTest, LastLineNeedsNoNewline) {
  EXPECT_EQ(read("a\t1\nb\t2"), (Contents{{"a", "1"}, {"b", "2"}}));
}

TEST_F(FileRecordsTest, ALaterLineOverwritesAnEarlierOne) {
  EXPECT_EQ(read("a\t1\nb\t2\na\t3\n"), (Contents{{"a", "3"}, {"b", "2"}}));
}

TEST_F(FileRecordsTest, BytesAreTakenAsTheyAre) {
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(read("a\t1\r\n \tx\ty\nc\t\n\0\t\xff\n"sv),
            (Contents{{"a", "1\r"},
                      {" ", "x\ty"},
                      {"c", ""},
                      {std::string(1, '\0'), "\xff"}}));
}

TEST_F(FileRecordsTest, OverwritesAreCounted) {
  FileRecords source(write("records.tsv", "a\t1\na\t2\na\t3\nb\t1\n").string());
  Operation operation;
  while (source.next(operation)) {
  }
  EXPECT_EQ(source.counts().operations, 4U);
  EXPECT_EQ(source.counts().overwrites, 2U);
  EXPECT_EQ(source.counts().records_live, 2U);
}

TEST_F(FileRecordsTest, ALineWithoutATabIsNamedByItsNumber) {
  EXPECT_EQ(complaint("a\t1\nb\t2\nc 3\nd\t4\n"),
            ":3: no tab between key and value");
}

TEST_F(FileRecordsTest, AnEmptyLineHasNoTab) {
  EXPECT_EQ(complaint("a\t1\n\nb\t2\n"), ":2: no tab between key and value");
}

TEST_F(FileRecordsTest, ALineWithAnEmptyKeyIsNamedByItsNumber) {
  EXPECT_EQ(complaint("\tvalue\n"), ":1: empty key");
}

TEST_F(FileRecordsTest, AnEmptyFileIsRefused) {
  EXPECT_EQ(complaint(""), ": holds no records");
}

TEST_F(FileRecordsTest, AMissingFileIsNamed) {
  EXPECT_EQ(message_of([&] { FileRecords(path("none.tsv").string()); }),
            path("none.tsv").string() +
                ": cannot be opened: No such file or directory");
}

TEST_F(FileRecordsTest, ADirectoryOrAPipeIsRefused) {
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(message_of([&] { FileRecords(path("pipe").string()); }),
            path("pipe").string() + ": is not a regular file");
  EXPECT_EQ(message_of([&] { FileRecords(path("").string()); }),
            path("").string() + ": is not a regular file");
}

TEST_F(FileRecordsTest, AFileThatChangesDuringTheRunIsNoticed) {
  for (const std::string_view changed : {"a\t1\n", "a\t1\nc\t2\n"}) {
    FileRecords source(write("records.tsv", "a\t1\nb\t2\n").string());
    Operation operation;
    while (source.next(operation)) {
    }
    (void)write("records.tsv", changed);
    EXPECT_EQ(message_of([&] {
                source.expect_all([](const std::string&, const std::string*,
                                     const Amount&) {});
              }),
              path("records.tsv").string() + ": was changed during the run");
  }
}

}  // namespace
}  // namespace bitcoinleveldb
