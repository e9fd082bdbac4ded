// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_JSON_FILE_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_JSON_FILE_H_

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace arenatest {

// Where a result goes. The path is checked before the work is done, so that one
// that cannot be written costs no run. A file takes its name only when it is
// complete, so that a failed run leaves an earlier result alone; a link stays a
// link, and what is no file, a pipe or a device, is written to as it is.
class JsonFile {
 public:
  // Does nothing for an empty path. Throws std::invalid_argument if the path
  // cannot be written.
  explicit JsonFile(const std::string& path);

  // Throws std::runtime_error if not all could be written.
  void write(const nlohmann::ordered_json& json) const;

 private:
  std::filesystem::path path_;
  bool is_file_ = true;
};

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_JSON_FILE_H_
