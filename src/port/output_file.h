// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_PORT_OUTPUT_FILE_H_
#define BITCOINLEVELDB_SRC_PORT_OUTPUT_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace bitcoinleveldb::port {

// A file that is written from its beginning on, without a buffer of its own, so
// that what was written is there even if the process is killed.
class OutputFile {
 public:
  OutputFile() noexcept = default;
  ~OutputFile() { (void)close(); }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  // Makes the file, or empties the one that is there. Returns 0 or the number
  // of the system's error; `kBusy` if another OutputFile has it open.
  int open(const std::string& path) noexcept;
  bool is_open() const noexcept;

  // Writes all the bytes. Returns 0 or the number of the system's error.
  int write(const void* data, std::size_t bytes) noexcept;

  // Closes it, if it is open. Returns 0 or the number of the system's error.
  // From then on it may be opened again, even if the child of a fork still has
  // a share in it.
  int close() noexcept;

  static constexpr int kBusy = -1;

 private:
  std::intptr_t handle_ = -1;
};

// Returns the number of this process.
std::uint64_t process_number() noexcept;

}  // namespace bitcoinleveldb::port

#endif  // BITCOINLEVELDB_SRC_PORT_OUTPUT_FILE_H_
