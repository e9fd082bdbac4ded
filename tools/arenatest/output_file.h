// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_OUTPUT_FILE_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_OUTPUT_FILE_H_

#include <filesystem>
#include <string>
#include <string_view>

namespace arenatest {

// Where a result goes. The path is checked before the work is done, so that one
// that cannot be written costs no run. A file takes its name only when it is
// complete, so that a failed run leaves an earlier result alone; a link stays a
// link, and what is no file, a pipe or a device, is written to as it is.
class OutputFile {
 public:
  // Does nothing for an empty path. `what` is what messages call the file.
  // Throws std::invalid_argument if the path cannot be written.
  OutputFile(const std::string& path, std::string what);

  // Throws std::runtime_error if not all could be written.
  void write(std::string_view text) const;

 private:
  void write_to(const std::filesystem::path& path, std::string_view text) const;

  std::string what_;
  std::filesystem::path path_;
  bool is_file_ = true;
};

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_OUTPUT_FILE_H_
