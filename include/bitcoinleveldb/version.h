// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The version, in this one place: CMake reads it from here.

#ifndef BITCOINLEVELDB_VERSION_H_
#define BITCOINLEVELDB_VERSION_H_

namespace bitcoinleveldb {

/// The version of the headers a program was compiled with ("semver.org").
inline constexpr char kVersion[] = "0.1.0";

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_VERSION_H_
