// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Has the log of arenas written to stdout, and its level changed as it goes.

#include <bitcoinleveldb/arena.h>
#include <bitcoinleveldb/arena_observer.h>
#include <bitcoinleveldb/log.h>
#include <bitcoinleveldb/stream_logger.h>

#include <iostream>
#include <memory>

int main() {
  namespace arena = bitcoinleveldb;

  // The library holds the logger from here on.
  arena::set_logger(std::make_shared<arena::StreamLogger>(std::cout));

  // Every block, and the request that it was taken for.
  arena::set_log_level(arena::LogLevel::kDebug);
  arena::Arena memtable;
  (void)memtable.allocate(100);

  // Every allocation. The arena would hear of it at its next block.
  arena::set_log_level(arena::LogLevel::kTrace);
  arena::refresh_observers(memtable);
  (void)memtable.allocate_aligned(64);

  // Nothing any more, and nothing that it would cost.
  arena::set_log_level(arena::LogLevel::kOff);
  (void)memtable.allocate(5000);
  std::cout << "usage is " << memtable.memory_usage() << " bytes\n";
}
