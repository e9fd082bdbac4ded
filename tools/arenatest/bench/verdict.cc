// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bench/verdict.h"

#include <algorithm>

#include "bench/quantile.h"

namespace arenatest {

namespace {

const std::vector<double>* find(const Runs& runs, const std::string& name,
                                const std::string& figure) {
  const auto run = runs.find(name);
  if (run == runs.end()) return nullptr;
  const auto values = run->second.find(figure);
  return values == run->second.end() ? nullptr : &values->second;
}

// The peers that took part in a row, by name.
std::map<std::string, const std::vector<double>*> peers_of(const Target& target,
                                                           const Runs& runs) {
  std::map<std::string, const std::vector<double>*> peers;
  const std::string prefix = target.row + "/" + target.size + "/";
  for (const auto& [name, figures] : runs) {
    if (!name.starts_with(prefix)) continue;
    const std::string peer = name.substr(prefix.size());
    if (peer.starts_with("ours") || peer.starts_with("raw")) continue;
    if (const auto* values = find(runs, name, target.figure)) {
      peers[peer] = values;
    }
  }
  return peers;
}

bool is_reached(const Target& target, const Verdict& verdict) {
  switch (target.judged) {
    case Judged::kAtMost:
      return verdict.ours <= target.leveldb;
    case Judged::kSmaller:
      return verdict.leveldb && verdict.leveldb->median <= target.leveldb;
    case Judged::kTold:
    case Judged::kBelow:
      return verdict.winners.empty();
    case Judged::kFaster:
      break;
  }
  if (verdict.leveldb && verdict.leveldb->median < target.leveldb) return false;
  if (verdict.other && verdict.other->median < target.others) return false;
  const auto raw = verdict.over_floors.find("raw");
  if (target.raw == 0 || raw == verdict.over_floors.end()) return true;
  return raw->second.median <= target.raw;
}

void add_peer(Verdict& verdict, const Target& target, const std::string& peer,
              const Spread& ratio) {
  const auto is_worse_than = [&](const Spread& other) {
    return target.judged == Judged::kSmaller ? ratio.median < other.median
                                             : ratio.median > other.median;
  };
  // Only who is below every peer is below a peer with the same figure.
  const bool tie = target.judged == Judged::kBelow && ratio.median == 1;
  const bool wins = tie || (ratio.median != 1 && !is_worse_than({1, 1, 1}));
  // Stock beside stock is noise, and no peer.
  if (wins && peer != "leveldb-again") verdict.winners.push_back(peer);
  verdict.peers[peer] = ratio;
  if (peer == "leveldb") {
    verdict.leveldb = ratio;
  } else if (!verdict.other || !is_worse_than(*verdict.other)) {
    verdict.other = ratio;
    verdict.best_other = peer;
  }
}

}  // namespace

std::optional<Verdict> judge(const Target& target, const Runs& runs) {
  const std::string start = target.row + "/" + target.size + "/";
  const auto* const ours = find(runs, start + target.ours, target.figure);
  if (ours == nullptr) return std::nullopt;
  Verdict verdict;
  verdict.ours = median(*ours);
  // A peer's figure over ours; of the footprint, ours over the peer's.
  const bool inverse = target.judged == Judged::kSmaller;
  for (const auto& [peer, values] : peers_of(target, runs)) {
    add_peer(verdict, target, peer,
             inverse ? ratio_of(*ours, *values) : ratio_of(*values, *ours));
  }
  for (const char* const floor : kFloors) {
    if (const auto* const raw = find(runs, start + floor, target.figure)) {
      verdict.over_floors[floor] = ratio_of(*ours, *raw);
    }
  }
  verdict.reached = is_reached(target, verdict);
  return verdict;
}

}  // namespace arenatest
