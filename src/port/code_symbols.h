// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_PORT_CODE_SYMBOLS_H_
#define BITCOINLEVELDB_SRC_PORT_CODE_SYMBOLS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace bitcoinleveldb::port {

// The functions that the symbol table of a file with code tells: all of them,
// or those that it shows to others if it was stripped of the rest.
class CodeSymbols {
 public:
  // Reads the table. There are no functions if there is none, or it is not
  // understood.
  explicit CodeSymbols(const std::string& path);

  // Returns the name, as the linker knows it, of the function at an address, as
  // the file has it; nothing if there is none.
  std::string name(std::uint64_t address) const;

 private:
  struct Function {
    std::uint64_t start;
    std::uint64_t bytes;
    std::uint64_t name;  // where it is in names_
  };

  std::vector<Function> functions_;  // by their start
  std::string names_;
};

}  // namespace bitcoinleveldb::port

#endif  // BITCOINLEVELDB_SRC_PORT_CODE_SYMBOLS_H_
