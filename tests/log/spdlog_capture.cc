// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <sstream>

#include "bitcoinleveldb/spdlog_logger.h"
#include "log_capture.h"

namespace bitcoinleveldb {

namespace {

template <class Sink, class... Arguments>
std::shared_ptr<Logger> make_logger(Arguments&&... arguments) {
  auto logger = std::make_shared<spdlog::logger>(
      "arena", std::make_shared<Sink>(std::forward<Arguments>(arguments)...));
  logger->set_level(spdlog::level::trace);
  logger->set_pattern("%l: %v");
  return std::make_shared<SpdlogLogger>(std::move(logger));
}

// What spdlog names otherwise than the library is brought into its words.
class SpdlogCapture final : public LogCapture {
 public:
  std::shared_ptr<Logger> logger() override {
    return make_logger<spdlog::sinks::ostream_sink_mt>(stream_);
  }
  std::shared_ptr<Logger> stderr_logger() override {
    return make_logger<spdlog::sinks::stderr_sink_mt>();
  }

 protected:
  std::string written() override {
    std::string all;
    std::istringstream lines(stream_.str());
    for (std::string line; std::getline(lines, line);) {
      if (line.rfind("warning: ", 0) == 0) line.erase(4, 3);
      all += line + '\n';
    }
    return all;
  }

 private:
  std::ostringstream stream_;
};

}  // namespace

std::unique_ptr<LogCapture> make_spdlog_capture() {
  return std::make_unique<SpdlogCapture>();
}

}  // namespace bitcoinleveldb
