// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A directory of one test's own, and the message of what a call throws.

#ifndef BITCOINLEVELDB_TESTS_LEVELDB_LIVE_LIVE_FIXTURE_H_
#define BITCOINLEVELDB_TESTS_LEVELDB_LIVE_LIVE_FIXTURE_H_

#include <gtest/gtest.h>

#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "scratch_directory.h"

namespace bitcoinleveldb {

class LiveFixture : public testing::Test {
 protected:
  LiveFixture() : scratch_({}) {}

  [[nodiscard]] std::filesystem::path path(std::string_view name) const {
    return scratch_.path() / name;
  }

  // Writes a file and returns its path.
  std::filesystem::path write(std::string_view name,
                              std::string_view text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }

 private:
  ScratchDirectory scratch_;
};

// Returns the message of the exception that `call` throws, or says that there
// was none.
template <class Call>
std::string message_of(Call call) {
  try {
    call();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "(nothing was thrown)";
}

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_LEVELDB_LIVE_LIVE_FIXTURE_H_
