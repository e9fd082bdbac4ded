// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A fresh directory that goes with everything in it when its object goes.

#ifndef ARENATEST_LIVE_SCRATCH_DIRECTORY_H_
#define ARENATEST_LIVE_SCRATCH_DIRECTORY_H_

#include <filesystem>

namespace bitcoinleveldb {

class ScratchDirectory {
 public:
  // Makes one below `parent`, or below the system's directory for temporary
  // files if that is empty. Throws std::runtime_error if that fails.
  explicit ScratchDirectory(const std::filesystem::path& parent);
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept {
    return path_;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace bitcoinleveldb

#endif  // ARENATEST_LIVE_SCRATCH_DIRECTORY_H_
