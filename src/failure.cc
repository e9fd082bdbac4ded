// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/detail/failure.h"

#include <cstdio>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <string>

#include "bitcoinleveldb/detail/log_line.h"

namespace bitcoinleveldb::detail {

#ifdef __cpp_exceptions

void fail_exhausted(std::size_t /*bytes*/) { throw std::bad_alloc(); }

void fail_array_length(std::size_t /*n*/, std::size_t /*bytes*/) {
  throw std::bad_array_new_length();
}

void fail_invalid(const char* message) {
  log_line(LogLevel::kError, "%s", message);
  throw std::invalid_argument(message);
}

#else

void fail_exhausted(std::size_t bytes) {
  std::fprintf(stderr,
               "bitcoinleveldb-arena: out of memory for a request of %zu "
               "bytes; built without exceptions, so the program ends here\n",
               bytes);
  std::abort();
}

void fail_array_length(std::size_t n, std::size_t bytes) {
  std::fprintf(stderr,
               "bitcoinleveldb-arena: an array of %zu objects of %zu bytes is "
               "too long; built without exceptions, so the program ends here\n",
               n, bytes);
  std::abort();
}

void fail_invalid(const char* message) {
  log_line(LogLevel::kError, "%s", message);
  std::fprintf(stderr,
               "bitcoinleveldb-arena: %s; built without exceptions, so the "
               "program ends here\n",
               message);
  std::abort();
}

#endif

void fail_invalid_value(const char* what, std::size_t value,
                        const char* allowed) {
  const std::string message = std::string(what) + " is " +
                              std::to_string(value) + "; allowed: " + allowed;
  fail_invalid(message.c_str());
}

void fail_misuse(const char* message) noexcept {
  log_line(LogLevel::kError, "%s", message);
  std::fprintf(stderr, "bitcoinleveldb-arena: %s\n", message);
  std::abort();
}

}  // namespace bitcoinleveldb::detail
