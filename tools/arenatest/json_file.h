// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_JSON_FILE_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_JSON_FILE_H_

#include <nlohmann/json.hpp>
#include <string>

#include "output_file.h"

namespace arenatest {

// Where the result for machines goes.
class JsonFile {
 public:
  // As OutputFile.
  explicit JsonFile(const std::string& path) : file_(path, "--json file") {}

  // As OutputFile::write.
  void write(const nlohmann::ordered_json& json) const {
    file_.write(json.dump(2) + '\n');
  }

 private:
  OutputFile file_;
};

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_JSON_FILE_H_
