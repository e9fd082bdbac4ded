// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_JSON_FILE_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_JSON_FILE_H_

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace arenatest {

// A result file. It is opened before the work is done, so that a path that
// cannot be written costs no run, and takes its name only when it is complete,
// so that a failed run leaves an earlier result alone.
class JsonFile {
 public:
  // Does nothing for an empty path. Throws std::invalid_argument if the file
  // cannot be written.
  explicit JsonFile(std::string path);
  JsonFile(const JsonFile&) = delete;
  JsonFile& operator=(const JsonFile&) = delete;
  ~JsonFile();

  // Throws std::runtime_error if not all could be written.
  void write(const nlohmann::ordered_json& json);

 private:
  std::string path_;
  std::string partial_path_;
  std::ofstream file_;
};

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_JSON_FILE_H_
