// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "trace_input.h"

#include <algorithm>
#include <cstring>

namespace bitcoinleveldb::detail {

bool TraceInput::open(const std::string& path) noexcept {
  *this = TraceInput();
  file_.reset(std::fopen(path.c_str(), "rb"));
  return file_ != nullptr;
}

void TraceInput::open(const void* data, std::size_t bytes) noexcept {
  *this = TraceInput();
  data_ = static_cast<const unsigned char*>(data);
  bytes_ = bytes;
}

std::size_t TraceInput::read(unsigned char* to, std::size_t bytes) noexcept {
  std::size_t count = 0;
  if (file_ != nullptr) {
    count = std::fread(to, 1, bytes, file_.get());
    failed_ = count != bytes && std::ferror(file_.get()) != 0;
  } else {
    count = std::min(bytes, bytes_ - static_cast<std::size_t>(offset_));
    if (count != 0) std::memcpy(to, data_ + offset_, count);
  }
  offset_ += count;
  return count;
}

}  // namespace bitcoinleveldb::detail
