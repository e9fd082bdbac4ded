// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// The rows of the benchmark: what is done, how often, and by whom.

#ifndef BITCOINLEVELDB_BENCH_ROWS_H_
#define BITCOINLEVELDB_BENCH_ROWS_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "peer.h"

namespace bench {

// How large the rows are.
enum class Scale {
  kFull,   // as docs/benchmarks.md describes them
  kSmoke,  // so small that a test can run them; the figures mean nothing
};

struct Row {
  std::string row;
  std::string size;
  std::function<Figures(const Peer& peer)> measure;

  [[nodiscard]] std::string name(std::string_view peer) const {
    return row + "/" + size + "/" + std::string(peer);
  }
  [[nodiscard]] bool has(std::string_view peer) const;
};

// Returns all rows. Those that need many gigabytes or many minutes, growth and
// db, may be left out.
std::vector<Row> make_rows(Scale scale, bool with_long);

// Runs the database program, stock or on the drop-in as `peer` says, with a
// write buffer of that many MiB.
Figures measure_db(Scale scale, std::size_t buffer_mebibytes, const Peer& peer);

// Nanoseconds an allocation as one arena grows to 8 GiB, over a raw bump
// across the same memory.
Figures measure_growth(Scale scale);

}  // namespace bench

#endif  // BITCOINLEVELDB_BENCH_ROWS_H_
