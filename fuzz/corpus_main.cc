// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Runs the body of a fuzzer over every file of a folder, and over every
// beginning of each, with any compiler.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size);

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  std::size_t runs = 0;
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(argv[1], error)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    for (std::size_t size = 0; size <= text.size(); ++size) {
      // A copy of just that size, so that a sanitizer sees what is read behind.
      const std::vector<std::uint8_t> bytes(
          text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size));
      (void)LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
      ++runs;
    }
  }
  std::printf("%zu inputs\n", runs);
  if (runs != 0) return 0;
  std::fprintf(stderr, "%s: no files\n", argv[1]);
  return 1;
}
