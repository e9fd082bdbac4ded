// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>

#include "bitcoinleveldb/arena_profile.h"
#include "whole_number.h"

namespace bitcoinleveldb {

namespace {

constexpr char kBytesVariable[] = "BITCOINLEVELDB_ARENA_PROFILE_BYTES";

// A default observer until the process ends, and so never destroyed.
struct EnvironmentProfile {
  std::string path;
  ArenaProfile profile;

  bool write() const {
    if (profile.write(path)) return true;
    std::fprintf(stderr,
                 "bitcoinleveldb-arena: %s: \"%s\" cannot be written: %s\n",
                 kProfileVariable, path.c_str(), std::strerror(errno));
    return false;
  }
};

EnvironmentProfile* g_profile = nullptr;

ArenaProfileOptions options_from_environment() {
  ArenaProfileOptions options;
  const char* const text = std::getenv(kBytesVariable);
  if (text == nullptr) return options;
  const std::optional<std::size_t> bytes = detail::whole_number(text);
  if (bytes && *bytes != SIZE_MAX) {
    options.sample_bytes = *bytes;
  } else {
    std::fprintf(stderr,
                 "bitcoinleveldb-arena: %s is \"%s\"; allowed: whole numbers "
                 "below %zu; %zu is used\n",
                 kBytesVariable, text, SIZE_MAX, options.sample_bytes);
  }
  return options;
}

}  // namespace

bool profile_from_environment() {
  const char* const path = std::getenv(kProfileVariable);
  if (path == nullptr || *path == '\0') return false;
  if (g_profile != nullptr) return true;
  auto* const profile =
      new EnvironmentProfile{path, ArenaProfile(options_from_environment())};
  if (!profile->write()) {
    delete profile;
    return false;
  }
  g_profile = profile;
  add_default_observer(profile->profile);
  std::atexit([] { (void)g_profile->write(); });
  return true;
}

}  // namespace bitcoinleveldb
