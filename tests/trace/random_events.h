// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Sequences of events that are sound and otherwise random: any number of arenas
// and threads, by turns, with every kind of event and sizes of every length.

#ifndef BITCOINLEVELDB_TESTS_TRACE_RANDOM_EVENTS_H_
#define BITCOINLEVELDB_TESTS_TRACE_RANDOM_EVENTS_H_

#include <cstdint>
#include <vector>

#include "bitcoinleveldb/lcg_random.h"
#include "bitcoinleveldb/trace.h"

namespace bitcoinleveldb {

class RandomEvents {
 public:
  explicit RandomEvents(std::uint64_t seed) : random_(seed) {}

  TraceEvent next() {
    TraceEvent event;
    if (random_.one_in(3)) now_ += any_number() >> 32U;
    event.nanoseconds = now_;
    if (threads_ == 0 || random_.one_in(50)) {
      event.thread = ++threads_;
    } else {
      event.thread = 1 + random_.uniform(threads_);
    }
    if (live_.empty() || random_.one_in(20)) {
      make(event);
    } else {
      if (random_.one_in(4)) current_ = random_.uniform(live_.size());
      do_something(event);
    }
    return event;
  }

 private:
  struct Live {
    std::uint64_t number;
    bool is_partial;
    int scopes;
  };

  // Of every length in bits alike.
  std::uint64_t any_number() {
    const std::uint64_t high = random_.uniform(std::uint64_t{1} << 32U);
    const std::uint64_t low = random_.uniform(std::uint64_t{1} << 32U);
    return (((high << 32U) | low) >> random_.uniform(64)) | 1U;
  }

  void make(TraceEvent& event) {
    event.op = TraceOp::kArenaMade;
    event.arena = ++arenas_;
    event.bytes = random_.one_in(2) ? 4096 : any_number();
    event.is_partial = random_.one_in(3);
    current_ = live_.size();
    live_.push_back({event.arena, event.is_partial, 0});
  }

  void request(TraceEvent& event) {
    event.bytes = random_.one_in(4) ? any_number() : 1 + random_.uniform(2000);
    event.alignment = random_.one_in(2) ? 1 : 8;
    if (random_.one_in(5))
      event.alignment = std::uint64_t{1} << random_.uniform(64);
    if (random_.one_in(4)) event.bytes = 8 * (1 + random_.uniform(40));
  }

  void do_something(TraceEvent& event) {
    Live& live = live_[current_];
    event.arena = live.number;
    switch (random_.uniform(20)) {
      case 0:
        event.op = TraceOp::kResized;
        event.bytes = any_number();
        event.old_bytes = any_number();
        break;
      case 1:
        event.op = TraceOp::kScopeBegun;
        ++live.scopes;
        break;
      case 2:
        leave_scope(event, live);
        break;
      case 3:
        event.op = TraceOp::kReset;
        event.keep_bytes = random_.one_in(2) ? UINT64_MAX : any_number();
        break;
      case 4:
        event.op = TraceOp::kOutOfMemory;
        if (random_.one_in(2)) event.arena = 0;
        request(event);
        break;
      case 5:
        event.op = TraceOp::kArenaEnded;
        live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(current_));
        current_ = 0;
        break;
      default:
        event.op = TraceOp::kAllocated;
        request(event);
    }
  }

  void leave_scope(TraceEvent& event, Live& live) {
    if (live.scopes == 0 && !live.is_partial) {
      event.op = TraceOp::kReset;
      return;
    }
    event.op = TraceOp::kScopeRewound;
    event.keep_bytes = any_number();
    if (random_.one_in(2)) {
      event.op = TraceOp::kScopeEnded;
      event.keep_bytes = 0;
      if (live.scopes != 0) --live.scopes;
    }
  }

  LcgRandom random_;
  std::vector<Live> live_;
  std::size_t current_ = 0;
  std::uint64_t arenas_ = 0;
  std::uint64_t threads_ = 0;
  std::uint64_t now_ = 0;
};

inline std::vector<TraceEvent> random_events(std::uint64_t seed,
                                             std::size_t count) {
  RandomEvents random(seed);
  std::vector<TraceEvent> events;
  events.reserve(count);
  while (events.size() != count) events.push_back(random.next());
  return events;
}

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_TRACE_RANDOM_EVENTS_H_
