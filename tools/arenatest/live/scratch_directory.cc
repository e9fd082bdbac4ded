// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "scratch_directory.h"

#include <stdlib.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace bitcoinleveldb {

namespace {

std::filesystem::path system_directory() {
  std::error_code error;
  std::filesystem::path path = std::filesystem::temp_directory_path(error);
  if (error) {
    throw std::runtime_error(
        "there is no directory for temporary files; set TMPDIR to one, or give "
        "one by --dir");
  }
  return path;
}

}  // namespace

ScratchDirectory::ScratchDirectory(const std::filesystem::path& parent) {
  const std::filesystem::path above =
      parent.empty() ? system_directory() : parent;
  std::string name = (above / "arenatest-live-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    throw std::runtime_error(
        "cannot make a directory below " + above.string() + ": " +
        std::error_code(errno, std::generic_category()).message());
  }
  path_ = name;
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace bitcoinleveldb
