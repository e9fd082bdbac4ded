// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "oracle/replay_parity.h"

#include <sstream>
#include <utility>
#include <vector>

namespace bitcoinleveldb {

namespace {

constexpr std::uint64_t kReplayProgressStep = 1U << 18U;

ArenaRequest request_of(const TraceStep& step) {
  return {step.bytes, step.alignment == Arena::kAlignment};
}

// Counts an arena among those compared, or says that it cannot be.
bool is_comparable(const TracedArena& arena, ReplayParityResult& result) {
  std::uint64_t* reason = nullptr;
  if (arena.is_partial) {
    reason = &result.partial;
  } else if (arena.block_bytes != ArenaOptions{}.block_bytes) {
    reason = &result.other_blocks;
  } else if (arena.has_scopes) {
    reason = &result.with_scopes;
  } else if (arena.has_resizes) {
    reason = &result.with_resizes;
  } else if (arena.has_other_alignments) {
    reason = &result.other_alignments;
  }
  ++*(reason == nullptr ? &result.arenas : reason);
  return reason == nullptr;
}

class ReplayComparison {
 public:
  ReplayComparison(const DecodedTrace& trace, const OurFactory& make_ours,
                   const std::function<void(std::uint64_t)>& progress)
      : trace_(trace),
        make_ours_(make_ours),
        progress_(progress),
        pairs_(trace.slots()) {}

  ReplayParityResult run() {
    trace_.for_each([&](const TraceStep& step) {
      ++event_;
      if (progress_ && event_ % kReplayProgressStep == 0) progress_(event_);
      if (step.op == TraceOp::kOutOfMemory) return true;
      return play(pairs_[step.slot], step);
    });
    if (result_.mismatch && !result_.mismatch->at_reset) {
      result_.mismatch->shortest = shortest();
    }
    return std::move(result_);
  }

 private:
  struct Pair {
    std::unique_ptr<OurSubject> ours;  // null: not compared
    std::unique_ptr<LevelDbSubject> theirs;
    std::uint64_t arena = 0;
    std::uint64_t allocation = 0;
  };

  bool play(Pair& pair, const TraceStep& step) {
    if (step.op == TraceOp::kArenaMade) {
      pair = {};
      pair.arena = ++arenas_;
      if (is_comparable(trace_.arenas()[arenas_ - 1], result_)) {
        pair.ours = make_ours_();
        pair.theirs = std::make_unique<LevelDbSubject>();
      }
    }
    if (pair.ours == nullptr) return true;
    ++result_.events;
    if (step.op == TraceOp::kAllocated) return allocate(pair, step);
    if (step.op == TraceOp::kReset) return reset(pair, step);
    if (step.op == TraceOp::kArenaEnded) pair = {};
    return true;
  }

  bool allocate(Pair& pair, const TraceStep& step) {
    ++result_.allocations;
    ++pair.allocation;
    const ArenaRequest request = request_of(step);
    const Placement ours = pair.ours->place(request);
    const Placement theirs = pair.theirs->place(request);
    if (ours == theirs) [[likely]] {
      return true;
    }
    report(pair, ours, theirs).request = request;
    return false;
  }

  bool reset(Pair& pair, const TraceStep& step) {
    pair.ours->arena().reset(step.keep_bytes);
    pair.theirs = std::make_unique<LevelDbSubject>();
    const std::size_t usage = pair.ours->arena().memory_usage();
    if (usage == 0) return true;
    Placement ours;
    ours.usage = usage;
    report(pair, ours, {}).at_reset = true;
    return false;
  }

  ReplayMismatch& report(const Pair& pair, const Placement& ours,
                         const Placement& theirs) {
    ReplayMismatch& mismatch = result_.mismatch.emplace();
    mismatch.event = event_;
    mismatch.arena = pair.arena;
    mismatch.allocation = pair.allocation;
    mismatch.ours = ours;
    mismatch.theirs = theirs;
    return mismatch;
  }

  // What the arena in question was asked for since it was made or reset.
  std::vector<ArenaRequest> requests() const {
    std::vector<ArenaRequest> all;
    std::vector<std::uint64_t> arena_of(trace_.slots());
    std::uint64_t arenas = 0;
    std::uint64_t event = 0;
    trace_.for_each([&](const TraceStep& step) {
      ++event;
      if (step.op == TraceOp::kArenaMade) arena_of[step.slot] = ++arenas;
      if (step.op != TraceOp::kOutOfMemory &&
          arena_of[step.slot] == result_.mismatch->arena) {
        if (step.op == TraceOp::kReset) all.clear();
        if (step.op == TraceOp::kAllocated) all.push_back(request_of(step));
      }
      return event != result_.mismatch->event;
    });
    return all;
  }

  std::optional<ParityMismatch> shortest() const {
    const SubjectFactory factory = [&] { return make_ours_(); };
    std::optional<ParityMismatch> mismatch = compare(requests(), factory);
    if (mismatch) mismatch = shorten(std::move(*mismatch), factory);
    return mismatch;
  }

  const DecodedTrace& trace_;
  const OurFactory& make_ours_;
  const std::function<void(std::uint64_t)>& progress_;
  std::vector<Pair> pairs_;
  std::uint64_t event_ = 0;
  std::uint64_t arenas_ = 0;
  ReplayParityResult result_;
};

}  // namespace

std::string to_string(const ReplayMismatch& mismatch) {
  std::ostringstream text;
  text << "event " << mismatch.event << ", arena " << mismatch.arena;
  if (mismatch.at_reset) {
    text << ": after a reset our usage is " << mismatch.ours.usage
         << ", that of a fresh LevelDB arena 0";
    return text.str();
  }
  text << ", its allocation " << mismatch.allocation << ", "
       << (mismatch.request.aligned ? "allocate_aligned(" : "allocate(")
       << mismatch.request.bytes << "):"
       << "\n  ours:      " << to_string(mismatch.ours)
       << "\n  LevelDB's: " << to_string(mismatch.theirs);
  if (mismatch.shortest) {
    text << "\nthe same " << to_string(*mismatch.shortest);
  } else {
    text << "\na fresh arena that is asked for the same does not differ";
  }
  return text.str();
}

ReplayParityResult run_replay_parity(
    const DecodedTrace& trace, const OurFactory& make_ours,
    const std::function<void(std::uint64_t events)>& progress) {
  return ReplayComparison(trace, make_ours, progress).run();
}

ReplayParityResult run_replay_parity(const DecodedTrace& trace) {
  return run_replay_parity(trace,
                           [] { return std::make_unique<OurSubject>(); });
}

}  // namespace bitcoinleveldb
