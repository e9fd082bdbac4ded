// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "scratch_directory.h"

#include <stdlib.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace bitcoinleveldb {

ScratchDirectory::ScratchDirectory(const std::filesystem::path& parent) {
  const std::filesystem::path above =
      parent.empty() ? std::filesystem::temp_directory_path() : parent;
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
