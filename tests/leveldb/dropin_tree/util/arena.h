// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Stands where LevelDB has its own arena, and must not be reached.

#error "the tree's own util/arena.h was included, not the source drop-in"
