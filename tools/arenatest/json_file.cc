// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "json_file.h"

#include <cstdio>
#include <stdexcept>
#include <utility>

namespace arenatest {

JsonFile::JsonFile(std::string path) : path_(std::move(path)) {
  if (path_.empty()) return;
  partial_path_ = path_ + ".part";
  file_.open(partial_path_);
  if (!file_) {
    throw std::invalid_argument("cannot write the --json file " + path_);
  }
}

JsonFile::~JsonFile() {
  if (!partial_path_.empty()) std::remove(partial_path_.c_str());
}

void JsonFile::write(const nlohmann::ordered_json& json) {
  if (path_.empty()) return;
  file_ << json.dump(2) << '\n';
  file_.close();
  if (!file_ || std::rename(partial_path_.c_str(), path_.c_str()) != 0) {
    throw std::runtime_error("could not write the --json file " + path_);
  }
  partial_path_.clear();
}

}  // namespace arenatest
