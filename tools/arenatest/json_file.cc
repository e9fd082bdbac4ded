// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "json_file.h"

#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <system_error>

namespace arenatest {

namespace {

namespace fs = std::filesystem;

bool is_writable(const fs::path& path) {
  return access(path.c_str(), W_OK) == 0;
}

void write_to(const fs::path& path, const nlohmann::ordered_json& json) {
  std::ofstream file(path);
  file << json.dump(2) << '\n';
  file.close();
  if (!file) {
    throw std::runtime_error("could not write the --json file " +
                             path.string());
  }
}

}  // namespace

JsonFile::JsonFile(const std::string& path) {
  if (path.empty()) return;
  std::error_code error;
  path_ = fs::weakly_canonical(path, error);
  if (error) path_ = path;
  const fs::file_status status = fs::status(path_, error);
  is_file_ = !fs::exists(status) || fs::is_regular_file(status);
  fs::path folder = path_.parent_path();
  if (folder.empty()) folder = ".";
  if (fs::is_directory(status) || (fs::exists(status) && !is_writable(path_)) ||
      (is_file_ && !is_writable(folder))) {
    throw std::invalid_argument("cannot write the --json file " + path);
  }
}

void JsonFile::write(const nlohmann::ordered_json& json) const {
  if (path_.empty()) return;
  if (!is_file_) {
    write_to(path_, json);
    return;
  }
  const fs::path partial = path_.string() + ".part";
  try {
    write_to(partial, json);
    fs::rename(partial, path_);
  } catch (...) {
    std::error_code ignored;
    fs::remove(partial, ignored);
    throw;
  }
}

}  // namespace arenatest
