// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Does again on an arena of any kind what a trace tells: every arena that was
// alive at once is alive at once, and ends when it ended.
//
//   bitcoinleveldb::TraceReplay<leveldb::Arena> replay(trace);
//   replay.run();
//   // replay.counts() says what LevelDB's arena could not do as recorded.
//
// One thread replays, in the order of the recording, whatever threads there
// were. Every page of each allocation is written to, so that memory is really
// taken. Requests that failed in the recording are not made again.
//
// What a type lacks is done in the next best way, and counted:
// - a reset, by a member `reset(keep_bytes)` or `reset()`, else by an end and a
//   fresh arena;
// - an alignment, by `allocate_aligned(bytes, alignment)`, else by the nearest
//   alignment that the type has;
// - a resize where the allocation stands is for `Arena` alone; elsewhere what
//   grows is allocated anew;
// - scopes are for `Arena` alone, and nothing comes near them: elsewhere a
//   trace with scopes is refused.
//
// On `Arena` usage, blocks and what remains of them are as recorded after every
// event, but for the slop of alignments above 16, a matter of addresses, and
// how far a dedicated block can grow, one of slabs and of options not recorded.

#ifndef BITCOINLEVELDB_TRACE_REPLAY_H_
#define BITCOINLEVELDB_TRACE_REPLAY_H_

#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_like.h"
#include "bitcoinleveldb/arena_resize.h"
#include "bitcoinleveldb/arena_scope.h"
#include "bitcoinleveldb/decoded_trace.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/detail/failure.h"

namespace bitcoinleveldb {

/// What a replay did, and what it did otherwise than recorded.
struct ReplayCounts {
  std::uint64_t allocations = 0;
  std::uint64_t lowered_alignments = 0;    ///< served at `Arena::kAlignment`
  std::uint64_t moved_resizes = 0;         ///< allocated anew, or not shrunk
  std::uint64_t refused_resizes = 0;       ///< the arena said no
  std::uint64_t resets_by_new_arenas = 0;  ///< by an end and a fresh arena

  friend bool operator==(const ReplayCounts&, const ReplayCounts&) = default;
};

/// Makes an arena of a trace: ours with the recorded size of blocks, any other
/// as it makes itself.
struct MakeAsRecorded {
  template <class A>
  void operator()(std::optional<A>& arena, std::size_t block_bytes) const {
    if constexpr (std::same_as<A, Arena>) {
      // With the size of the defaults it takes nothing before it is used.
      if (block_bytes != ArenaOptions{}.block_bytes) {
        ArenaOptions options;
        options.block_bytes = block_bytes;
        arena.emplace(options);
        return;
      }
    }
    arena.emplace();
  }
};

/// A replay of a trace, which must outlive it.
template <ArenaLike A, class Make = MakeAsRecorded>
class TraceReplay {
 public:
  static constexpr bool kHasScopes = std::same_as<A, Arena>;

  explicit TraceReplay(const DecodedTrace& trace, Make make = {})
      : trace_(trace), make_(std::move(make)), slots_(trace.slots()) {
    if (!kHasScopes && trace.counts().scopes != 0) {
      detail::fail_invalid(
          "the trace has scopes, which this arena has nothing like");
    }
  }

  ~TraceReplay() {
    for (Slot& slot : slots_) end(slot);
  }
  TraceReplay(const TraceReplay&) = delete;
  TraceReplay& operator=(const TraceReplay&) = delete;
  /// Replays everything, once. Arenas that the trace does not end stay until
  /// the replay goes.
  /// THROWS: what an arena throws; what was replayed before stays.
  void run() {
    run([](const TraceStep&, A*) {});
  }

  /// As `run()`, and calls `after(step, arena)` after each event; the arena is
  /// null after its end, and where nothing was done.
  template <class After>
  void run(After after) {
    if (trace_.counts().resizes == 0) {
      play_all<false>(after);
    } else {
      play_all<true>(after);
    }
  }

  [[nodiscard]] const ReplayCounts& counts() const noexcept { return counts_; }

 private:
  // Either the newest that was bumped or that of a dedicated block is resized.
  struct Newest {
    char* bumped = nullptr;
    std::size_t bumped_bytes = 0;
    char* dedicated = nullptr;
    std::size_t dedicated_bytes = 0;
  };
  struct Level {
    explicit Level(Arena& arena, const Newest& before)
        : scope(arena), newest(before) {}
    ArenaScope scope;
    Newest newest;  // when it began
  };
  struct OurExtras {
    std::vector<std::unique_ptr<Level>> levels;
    Newest newest;
  };
  struct NoExtras {};
  struct Slot {
    std::optional<A> arena;
    [[no_unique_address]] std::conditional_t<kHasScopes, OurExtras, NoExtras>
        extras;
  };

  template <bool kResizes, class After>
  void play_all(After& after) {
    trace_.for_each([&](const TraceStep& step) {
      if (step.op == TraceOp::kOutOfMemory) {
        after(step, static_cast<A*>(nullptr));
        return true;
      }
      Slot& slot = slots_[step.slot];
      if (step.op == TraceOp::kAllocated) [[likely]] {
        allocate<kResizes>(slot, step.bytes, step.alignment);
      } else {
        play_other(slot, step);
      }
      after(step, slot.arena ? &*slot.arena : nullptr);
      return true;
    });
  }

  void play_other(Slot& slot, const TraceStep& step) {
    switch (step.op) {
      case TraceOp::kArenaMade:
        make_(slot.arena, step.bytes);
        break;
      case TraceOp::kResized:
        resize(slot, step);
        break;
      case TraceOp::kReset:
        reset(slot, step.keep_bytes);
        break;
      case TraceOp::kArenaEnded:
        end(slot);
        break;
      default:
        play_scope(slot, step);
    }
  }

  template <bool kResizes>
  void allocate(Slot& slot, std::size_t bytes, std::size_t alignment) {
    char* const ptr = serve(*slot.arena, bytes, alignment);
    touch(ptr, bytes);
    ++counts_.allocations;
    if constexpr (kResizes && kHasScopes) {
      const bool bumped =
          detail::ArenaInsider::position(*slot.arena) == ptr + bytes;
      Newest& newest = slot.extras.newest;
      (bumped ? newest.bumped : newest.dedicated) = ptr;
      (bumped ? newest.bumped_bytes : newest.dedicated_bytes) = bytes;
    }
  }

  // Not through ArenaOf, whose making and end are no part of an allocation.
  char* serve(A& arena, std::size_t bytes, std::size_t alignment) {
    if constexpr (SnakeCaseArena<A>) {
      if (alignment == 1) return arena.allocate(bytes);
      if constexpr (requires { arena.allocate_aligned(bytes, alignment); }) {
        if (alignment != Arena::kAlignment) {
          return arena.allocate_aligned(bytes, alignment);
        }
      } else if (alignment > Arena::kAlignment) {
        ++counts_.lowered_alignments;
      }
      return arena.allocate_aligned(bytes);
    } else if constexpr (CamelCaseArena<A>) {
      if (alignment == 1) return arena.Allocate(bytes);
      if (alignment > Arena::kAlignment) ++counts_.lowered_alignments;
      return arena.AllocateAligned(bytes);
    } else {
      return static_cast<char*>(arena.allocate(bytes, alignment));
    }
  }

  // Writes to every page that it lies on.
  static void touch(char* ptr, std::size_t bytes) {
    constexpr std::size_t kPage = 4096;
    volatile char* const memory = ptr;
    for (std::size_t at = 0; at < bytes; at += kPage) memory[at] = 1;
    memory[bytes - 1] = 1;
  }

  void resize(Slot& slot, const TraceStep& step) {
    if constexpr (kHasScopes) {
      Newest& newest = slot.extras.newest;
      if (!resize_at(slot, newest.bumped, newest.bumped_bytes, step) &&
          !resize_at(slot, newest.dedicated, newest.dedicated_bytes, step)) {
        ++counts_.refused_resizes;
      }
    } else {
      ++counts_.moved_resizes;
      if (step.bytes > step.old_bytes) {
        touch(serve(*slot.arena, step.bytes, 1), step.bytes);
      }
    }
  }

  static bool resize_at(Slot& slot, char* ptr, std::size_t& bytes,
                        const TraceStep& step) {
    if (ptr == nullptr || bytes != step.old_bytes ||
        !try_resize_newest(*slot.arena, ptr, step.old_bytes, step.bytes)) {
      return false;
    }
    bytes = step.bytes;
    touch(ptr, bytes);
    return true;
  }

  void reset(Slot& slot, std::size_t keep_bytes) {
    if constexpr (kHasScopes) {
      end_scopes(slot);
      slot.extras = {};
      slot.arena->reset(keep_bytes);
    } else if constexpr (requires { slot.arena->reset(); }) {
      slot.arena->reset();
    } else {
      slot.arena.reset();
      make_(slot.arena, ArenaOptions{}.block_bytes);
      ++counts_.resets_by_new_arenas;
    }
  }

  static void play_scope(Slot& slot, const TraceStep& step) {
    if constexpr (kHasScopes) {
      auto& levels = slot.extras.levels;
      if (step.op == TraceOp::kScopeBegun) {
        levels.push_back(
            std::make_unique<Level>(*slot.arena, slot.extras.newest));
        return;
      }
      slot.extras.newest = levels.back()->newest;
      if (step.op == TraceOp::kScopeRewound) {
        levels.back()->scope.rewind(step.keep_bytes);
      } else {
        levels.pop_back();
      }
    }
  }

  static void end_scopes(Slot& slot) {
    if constexpr (kHasScopes) {
      while (!slot.extras.levels.empty()) slot.extras.levels.pop_back();
    }
  }

  static void end(Slot& slot) {
    end_scopes(slot);
    slot.extras = {};
    slot.arena.reset();
  }

  const DecodedTrace& trace_;
  Make make_;
  std::vector<Slot> slots_;
  ReplayCounts counts_;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TRACE_REPLAY_H_
