// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_LIVE_PROGRESS_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_LIVE_PROGRESS_H_

#include <optional>
#include <string>

#include "live/live_proof.h"
#include "progress.h"

namespace arenatest {

// One line on the terminal for each run and phase.
class LiveProgress {
 public:
  void show(const bitcoinleveldb::LiveProofProgress& now) {
    const std::string label = now.run + ": " + now.phase;
    if (label != label_) {
      label_ = label;
      progress_.emplace(label, now.total);
    }
    progress_->reach(now.done);
  }

 private:
  std::string label_;
  std::optional<Progress> progress_;
};

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_LIVE_PROGRESS_H_
