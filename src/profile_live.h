// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_PROFILE_LIVE_H_
#define BITCOINLEVELDB_SRC_PROFILE_LIVE_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace bitcoinleveldb::detail {

// A sample whose memory has not been given back.
struct LiveSample {
  std::uint64_t arena = 0;
  const char* ptr = nullptr;
  std::size_t bytes = 0;
  double weight = 0;
  std::uint32_t stack = 0;
  bool dedicated = false;
};

// The samples that live in arenas, up to a number of them, and where scopes
// begin among them. All memory is taken when it is made. A caller holds a lock,
// but for `may_have`.
class LiveSamples {
 public:
  explicit LiveSamples(std::size_t samples_max);

  // Returns false if there is no room for it.
  bool add(const LiveSample& sample) noexcept;

  // Whether the arena has any, or shares a list with one that has. To be called
  // by the owner of the arena, who has added what it has.
  bool may_have(std::uint64_t arena) const noexcept {
    // Relaxed: the owner, or whoever handed the arena over, wrote it.
    return lists_[list_of(arena)].load(std::memory_order_relaxed) != kNone;
  }

  // Notes that a scope begins. One on an arena that has no sample need not be
  // known: all samples come after it. Returns false if there is no room.
  bool begin_scope(std::uint64_t arena) noexcept;
  void end_scope(std::uint64_t arena) noexcept;

  // Takes out a sample that is to go next at the end of the innermost scope,
  // or of the arena; false if there is none.
  bool take_from_scope(std::uint64_t arena, LiveSample& sample) noexcept;
  bool take_from_arena(std::uint64_t arena, LiveSample& sample) noexcept;

  // Returns the sample at `ptr`, which is the newest allocation of its block,
  // or null.
  LiveSample* find_newest(std::uint64_t arena, const char* ptr) noexcept;

  std::size_t size() const noexcept { return samples_; }

 private:
  static constexpr std::uint32_t kNone = 0;

  // Numbers are from 1 on, and of a node in its list and in the free one.
  struct Node {
    LiveSample sample;
    std::uint32_t older = kNone;
    bool is_scope = false;
  };

  static_assert(sizeof(void*) != 8 || sizeof(Node) == 48,
                "ArenaProfileOptions says so");

  // Where in lists_ that of an arena is.
  static std::size_t list_of(std::uint64_t arena) noexcept {
    return static_cast<std::size_t>(arena % kLists);
  }
  Node& node(std::uint32_t number) noexcept { return nodes_[number - 1]; }
  bool push(const LiveSample& sample, bool is_scope) noexcept;
  // Returns the newest node of the arena, and in `newer` the one before it in
  // the list.
  std::uint32_t find(std::uint64_t arena, std::uint32_t& newer) noexcept;
  void remove(std::uint64_t arena, std::uint32_t number,
              std::uint32_t newer) noexcept;
  bool take(std::uint64_t arena, bool within_scope,
            LiveSample& sample) noexcept;

  static constexpr std::size_t kLists = 1024;

  // Newest first; arenas whose numbers are equal modulo the size share one.
  std::array<std::atomic<std::uint32_t>, kLists> lists_{};
  std::vector<Node> nodes_;
  std::uint32_t free_ = kNone;
  std::size_t samples_ = 0;
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_PROFILE_LIVE_H_
