// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "log_capture.h"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <iostream>
#include <sstream>

#include "bitcoinleveldb/stream_logger.h"

namespace bitcoinleveldb {

namespace {

class OstreamCapture final : public LogCapture {
 public:
  std::shared_ptr<Logger> logger() override {
    return std::make_shared<StreamLogger>(stream_);
  }
  std::shared_ptr<Logger> stderr_logger() override {
    return std::make_shared<StreamLogger>(std::cerr);
  }

 protected:
  std::string written() override { return stream_.str(); }

 private:
  std::ostringstream stream_;
};

class FileCapture final : public LogCapture {
 public:
  FileCapture() : file_(std::tmpfile()) {}
  FileCapture(const FileCapture&) = delete;
  FileCapture& operator=(const FileCapture&) = delete;
  ~FileCapture() override { std::fclose(file_); }

  std::shared_ptr<Logger> logger() override {
    return std::make_shared<StreamLogger>(file_);
  }
  std::shared_ptr<Logger> stderr_logger() override {
    return std::make_shared<StreamLogger>(stderr);
  }

 protected:
  std::string written() override {
    std::string all;
    std::rewind(file_);
    for (int byte = std::fgetc(file_); byte != EOF; byte = std::fgetc(file_)) {
      all.push_back(static_cast<char>(byte));
    }
    return all;
  }

 private:
  std::FILE* file_;
};

std::string without_number(std::string line) {
  static const std::string kArena = ": arena ";
  const std::size_t arena = line.find(kArena);
  const std::size_t number = arena + kArena.size();
  if (arena == std::string::npos ||
      line.find_first_of("0123456789") != number) {
    return line;
  }
  return line.substr(0, number).append("N").append(line,
                                                   line.find(':', number));
}

template <class Capture>
std::unique_ptr<LogCapture> make_capture() {
  return std::make_unique<Capture>();
}

}  // namespace

std::vector<std::string> LogCapture::lines() {
  static const std::string kFirst = "bitcoinleveldb-arena: ";
  std::vector<std::string> lines;
  std::istringstream all(written());
  for (std::string line; std::getline(all, line);) {
    if (line.rfind(kFirst, 0) == 0) line.erase(0, kFirst.size());
    lines.push_back(without_number(line));
  }
  return lines;
}

std::vector<LogAdapter> log_adapters() {
  return {
      {"Ostream", make_capture<OstreamCapture>},
      {"File", make_capture<FileCapture>},
#ifdef LOG_TEST_HAS_SPDLOG
      {"Spdlog", make_spdlog_capture},
#endif
  };
}

std::string adapter_name(const testing::TestParamInfo<LogAdapter>& info) {
  return info.param.name;
}

std::string text(const char* format, ...) {
  std::array<char, 1024> line{};
  std::va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(line.data(), line.size(), format, arguments);
  va_end(arguments);
  return line.data();
}

std::string address_start() {
  const int something = 0;
  const std::string address = text("%p", static_cast<const void*>(&something));
  return address.rfind("0x", 0) == 0 ? "0x" : "";
}

}  // namespace bitcoinleveldb
