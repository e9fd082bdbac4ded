// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// What the rows of the benchmark must reach, and what a run makes of them.

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_BENCH_VERDICT_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_BENCH_VERDICT_H_

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "spread.h"

namespace arenatest {

// What is no peer but costs the least that is possible; docs/benchmarks.md says
// of what.
inline constexpr std::array<const char*, 4> kFloors = {
    "raw", "raw-object", "raw-blocks", "raw-mapped"};

// How a figure of ours is judged.
enum class Judged {
  kFaster,   // a peer's figure over ours is at least the target
  kSmaller,  // ours over LevelDB's is at most the target
  kBelow,    // ours is below that of every peer
  kAtMost,   // ours is at most the target; no peer takes part
  kTold,     // told without a target
};

// One line of the table: a figure of one row, and its targets.
struct Target {
  std::string row;   // as it is asked for
  std::string size;  // together with the row the start of a name in the JSON
  std::string ours;  // which of ours is judged
  std::string figure;
  Judged judged;
  // The target against LevelDB, the one against the best other peer, and the
  // bound for ours over the raw bump; 0 is none.
  double leveldb = 0;
  double others = 0;
  double raw = 0;
};

const std::vector<Target>& targets();

// The figures of a run: name in the JSON ("row/size/peer"), figure, and one
// value for each repetition.
using Runs = std::map<std::string, std::map<std::string, std::vector<double>>>;

// A ratio is made of two figures of the same repetition.
struct Verdict {
  double ours = 0;  // the median
  std::optional<Spread> leveldb;
  std::string best_other;  // empty if no other peer took part
  std::optional<Spread> other;
  std::map<std::string, Spread> peers;        // each of them, LevelDB's too
  std::map<std::string, Spread> over_floors;  // ours over the raw bumps
  bool reached = false;
  std::vector<std::string> winners;  // peers that do better than ours
};

// Returns nothing if the run has no figure of ours for that target.
std::optional<Verdict> judge(const Target& target, const Runs& runs);

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_BENCH_VERDICT_H_
