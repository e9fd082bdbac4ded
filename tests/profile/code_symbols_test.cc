// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The functions that a file with code tells of: those of this program, and none
// of a file that is no such file, or was cut anywhere.

#include "port/code_symbols.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "port/loaded_code.h"

#if __has_include(<link.h>)

namespace bitcoinleveldb {
namespace {

using port::CodeSymbols;

extern "C" [[gnu::noinline, gnu::used]] int code_symbols_test_function(int n) {
  return n + 1;
}

std::string path_of_program() { return port::loaded_code().front().path; }

// Where the function is in the file of the program.
std::uint64_t address_of_function() {
  return reinterpret_cast<std::uintptr_t>(&code_symbols_test_function) -
         port::loaded_code().front().moved_by;
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string name_in(const std::string& content) {
  const std::string test =
      testing::UnitTest::GetInstance()->current_test_info()->name();
  const std::string path = testing::TempDir() + test + ".elf";
  std::ofstream(path, std::ios::binary) << content;
  return CodeSymbols(path).name(address_of_function());
}

TEST(CodeSymbols, NameFunctionsOfThisProgramAndNothingBesideThem) {
  const CodeSymbols symbols(path_of_program());
  EXPECT_EQ(symbols.name(address_of_function()), "code_symbols_test_function");
  EXPECT_EQ(symbols.name(address_of_function() + 1),
            "code_symbols_test_function");
  EXPECT_EQ(symbols.name(0), "");
  EXPECT_EQ(symbols.name(UINT64_MAX), "");
}

TEST(CodeSymbols, FileThatIsNoneHasNone) {
  const std::string program = content_of(path_of_program());
  ASSERT_EQ(name_in(program), "code_symbols_test_function");
  EXPECT_EQ(CodeSymbols("/there/is/no/such/file").name(1), "");
  EXPECT_EQ(name_in(""), "");
  EXPECT_EQ(name_in("text, and not code at all: " + program), "");
  for (const std::size_t at : {0U, 1U, 2U, 3U, 4U}) {  // its mark
    std::string damaged = program;
    ++damaged[at];
    EXPECT_EQ(name_in(damaged), "") << at;
  }
}

TEST(CodeSymbols, FileThatWasCutHasNone) {
  const std::string program = content_of(path_of_program());
  for (const std::size_t bytes : {std::size_t{10}, std::size_t{63},
                                  std::size_t{64}, program.size() / 2}) {
    EXPECT_EQ(name_in(program.substr(0, bytes)), "") << bytes;
  }
}

}  // namespace
}  // namespace bitcoinleveldb

#endif
