// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "output_file.h"

#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace arenatest {

namespace {

namespace fs = std::filesystem;

bool is_writable(const fs::path& path) {
  return access(path.c_str(), W_OK) == 0;
}

}  // namespace

OutputFile::OutputFile(const std::string& path, std::string what)
    : what_(std::move(what)) {
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
    throw std::invalid_argument("cannot write the " + what_ + " " + path);
  }
}

void OutputFile::write(std::string_view text) const {
  if (path_.empty()) return;
  if (!is_file_) {
    write_to(path_, text);
    return;
  }
  const fs::path partial = path_.string() + ".part";
  try {
    write_to(partial, text);
    fs::rename(partial, path_);
  } catch (...) {
    std::error_code ignored;
    fs::remove(partial, ignored);
    throw;
  }
}

void OutputFile::write_to(const fs::path& path, std::string_view text) const {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) {
    throw std::runtime_error("could not write the " + what_ + " " +
                             path.string());
  }
}

}  // namespace arenatest
