// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "file_records.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

namespace bitcoinleveldb {

namespace {

// The file is read twice, so that it must be one: a pipe would be empty the
// second time, and opening it could wait for ever.
std::ifstream open(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored) &&
      !std::filesystem::is_regular_file(path, ignored)) {
    throw std::runtime_error(path + ": is not a regular file");
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw std::runtime_error(
        path + ": cannot be opened: " +
        std::error_code(errno, std::generic_category()).message());
  }
  return file;
}

// Reads one line; false at the end of the file.
bool read_line(std::ifstream& file, const std::string& path,
               std::string& text) {
  if (std::getline(file, text)) return true;
  if (file.bad()) throw std::runtime_error(path + ": cannot be read further");
  return false;
}

void split(Operation& operation, std::string_view text, const std::string& path,
           std::uint64_t line) {
  const std::size_t tab = text.find('\t');
  if (tab == std::string_view::npos || tab == 0) {
    throw std::runtime_error(
        path + ":" + std::to_string(line) + ": " +
        (tab == 0 ? "empty key" : "no tab between key and value"));
  }
  operation.is_delete = false;
  operation.key = text.substr(0, tab);
  operation.value = text.substr(tab + 1);
}

}  // namespace

FileRecords::FileRecords(std::string path)
    : path_(std::move(path)), file_(open(path_)) {
  bytes_total_ = std::filesystem::file_size(path_);
  if (bytes_total_ == 0) throw std::runtime_error(path_ + ": holds no records");
}

bool FileRecords::next(Operation& operation) {
  if (!read_line(file_, path_, text_)) return false;
  ++line_;
  bytes_read_ = std::min(bytes_total_, bytes_read_ + text_.size() + 1);
  split(operation, text_, path_, line_);
  last_lines_[operation.key] = line_;
  return true;
}

Amount FileRecords::amount() const { return {bytes_read_, bytes_total_}; }

OperationCounts FileRecords::counts() const {
  OperationCounts counts;
  counts.operations = line_;
  counts.overwrites = line_ - last_lines_.size();
  counts.records_live = last_lines_.size();
  return counts;
}

void FileRecords::expect_all(const Expect& expect) const {
  std::ifstream file = open(path_);
  std::string text;
  Operation operation;
  Amount amount{0, last_lines_.size()};
  for (std::uint64_t line = 1; read_line(file, path_, text); ++line) {
    split(operation, text, path_, line);
    const auto last = last_lines_.find(operation.key);
    if (last == last_lines_.end()) {
      throw std::runtime_error(path_ + ": was changed during the run");
    }
    if (last->second != line) continue;
    ++amount.done;
    expect(operation.key, &operation.value, amount);
  }
  if (amount.done != amount.total) {
    throw std::runtime_error(path_ + ": was changed during the run");
  }
}

}  // namespace bitcoinleveldb
