// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "process_figures.h"

#include <malloc.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <fstream>
#include <new>
#include <stdexcept>
#include <string>

namespace arenatest {

namespace {

// The figure behind `label` in a file of /proc, in bytes.
std::size_t kilobytes_in(const char* path, const std::string& label) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(label)) {
      return std::stoul(line.substr(label.size())) * 1024;
    }
  }
  throw std::runtime_error(std::string(path) + " has no " + label);
}

}  // namespace

std::uint64_t minor_faults() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  return static_cast<std::uint64_t>(usage.ru_minflt);
}

std::size_t resident_bytes() {
  return kilobytes_in("/proc/self/smaps_rollup", "Rss:");
}

std::size_t peak_resident_bytes() {
  return kilobytes_in("/proc/self/status", "VmHWM:");
}

void hold_and_release(std::size_t bytes) {
  constexpr std::size_t kHugePage = std::size_t{2} << 20U;
  constexpr std::size_t kPage = 4096;
  bytes = (bytes + 2 * kHugePage - 1) / kHugePage * kHugePage;
  void* const memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  madvise(memory, bytes, MADV_HUGEPAGE);
  for (std::size_t at = 0; at < bytes; at += kPage) {
    static_cast<volatile char*>(memory)[at] = 1;
  }
  munmap(memory, bytes);
}

void trim_heap() { malloc_trim(0); }

}  // namespace arenatest
