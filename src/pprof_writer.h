// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A profile in the format of pprof: the message perftools.profiles.Profile.

#ifndef BITCOINLEVELDB_SRC_PPROF_WRITER_H_
#define BITCOINLEVELDB_SRC_PPROF_WRITER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "port/loaded_code.h"
#include "profile_stacks.h"

namespace bitcoinleveldb::detail {

// What a profile holds besides its stacks.
struct PprofHead {
  std::uint64_t sample_bytes = 0;
  std::uint64_t time_ns = 0;      // when it is written, since 1970
  std::uint64_t duration_ns = 0;  // since it was made
  std::vector<std::string> comments;
  std::string others;  // the name of the function of stacks that are not known
};

std::string encode_pprof(const PprofHead& head,
                         const std::vector<ProfileStack>& stacks,
                         const std::vector<port::LoadedCode>& code);

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_PPROF_WRITER_H_
