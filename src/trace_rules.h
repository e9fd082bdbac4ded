// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_TRACE_RULES_H_
#define BITCOINLEVELDB_SRC_TRACE_RULES_H_

#include <cstdint>
#include <unordered_map>

#include "bitcoinleveldb/trace.h"

namespace bitcoinleveldb::detail {

// Which events may follow those that were. The writer and the reader go by the
// same rules.
class TraceRules {
 public:
  // Returns nullptr if `event` may come now, which takes it as having come, or
  // what is wrong with it. Throws std::bad_alloc, with nothing changed.
  const char* take(const TraceEvent& event);

  std::uint64_t arenas() const noexcept { return arenas_; }
  std::uint64_t threads() const noexcept { return threads_; }

 private:
  struct LiveArena {
    std::uint64_t scopes = 0;  // that have begun
    bool is_partial = false;
  };

  const char* take_made(const TraceEvent& event);
  const char* take_in(LiveArena& arena, const TraceEvent& event);
  LiveArena* find(std::uint64_t arena) noexcept;

  std::unordered_map<std::uint64_t, LiveArena> live_;
  LiveArena* last_found_ = nullptr;
  std::uint64_t last_number_ = 0;
  std::uint64_t arenas_ = 0;
  std::uint64_t threads_ = 0;
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_TRACE_RULES_H_
