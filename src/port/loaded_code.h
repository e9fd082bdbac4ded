// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_PORT_LOADED_CODE_H_
#define BITCOINLEVELDB_SRC_PORT_LOADED_CODE_H_

#include <cstdint>
#include <string>
#include <vector>

namespace bitcoinleveldb::port {

// A range of addresses with code of a file: of the program or of a shared
// library.
struct LoadedCode {
  std::uintptr_t start = 0;  // of whole pages
  std::uintptr_t end = 0;
  std::uint64_t file_offset = 0;  // of `start`
  std::uintptr_t moved_by = 0;    // from the addresses that the file has
  std::string path;
  std::string build_id;  // in hexadecimal digits; empty if the file has none
};

// Returns what is loaded now, that of the program first; nothing where the
// system does not tell.
std::vector<LoadedCode> loaded_code();

}  // namespace bitcoinleveldb::port

#endif  // BITCOINLEVELDB_SRC_PORT_LOADED_CODE_H_
