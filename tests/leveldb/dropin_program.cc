// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Uses a LevelDB database at the path in its argument, and prints whether the
// drop-in was at work. How it is linked is what is tested.

#include <bitcoinleveldb/leveldb_dropin.h>

#include <cstdio>

#include "dropin_store.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const StoreReport report = fill_store(argv[1]);
  if (!report.fault.empty()) {
    std::fprintf(stderr, "%s\n", report.fault.c_str());
    return 1;
  }
  std::printf("%s, usage %s\n",
              bitcoinleveldb::leveldb_dropin_arenas() > 0 ? "drop-in" : "stock",
              report.memory_usage.c_str());
  return 0;
}
