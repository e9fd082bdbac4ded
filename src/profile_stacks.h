// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_SRC_PROFILE_STACKS_H_
#define BITCOINLEVELDB_SRC_PROFILE_STACKS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace bitcoinleveldb::detail {

// A call stack and what was allocated by it: estimates, hence no whole numbers.
struct ProfileStack {
  static constexpr std::size_t kFramesMax = 64;

  double objects = 0;  // ever
  double bytes = 0;
  double live_objects = 0;
  double live_bytes = 0;
  std::size_t frame_count = 0;
  std::array<std::uintptr_t, kFramesMax> frames;  // the innermost first
};

static_assert(sizeof(void*) != 8 || sizeof(ProfileStack) == 552,
              "ArenaProfileOptions says so");

// The different stacks of a profile, up to a number of them. All memory is
// taken when it is made and touched as it is needed.
class ProfileStacks {
 public:
  // The stack that stands for those that are not known or are too many.
  static constexpr std::uint32_t kOthers = 0;

  explicit ProfileStacks(std::size_t stacks_max);

  // Returns the number of the stack, which is added if it is new and there is
  // room for it. `count` is at most ProfileStack::kFramesMax.
  std::uint32_t find_or_add(const std::uintptr_t* frames,
                            std::size_t count) noexcept;

  ProfileStack& operator[](std::uint32_t number) noexcept {
    return stacks_[number];
  }
  // All of them, kOthers first.
  const std::vector<ProfileStack>& all() const noexcept { return stacks_; }

 private:
  std::vector<ProfileStack> stacks_;
  std::vector<std::uint32_t> index_;  // open addressing; kOthers is empty
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_SRC_PROFILE_STACKS_H_
