// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TESTS_SANITIZERS_LAWFUL_H_
#define BITCOINLEVELDB_TESTS_SANITIZERS_LAWFUL_H_

// Does at random all that an arena allows, and writes and reads every byte of
// it; ends the program with exit status 3 if a byte is not what was written.
void lawful();

#endif  // BITCOINLEVELDB_TESTS_SANITIZERS_LAWFUL_H_
