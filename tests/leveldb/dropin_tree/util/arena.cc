// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Stands where LevelDB has its own arena, and must not be built.

#error "the tree's own util/arena.cc was compiled; leave it out of the build"
