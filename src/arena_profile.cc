// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/arena_profile.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <vector>

#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/detail/failure.h"
#include "default_observers.h"
#include "port/fork.h"
#include "port/loaded_code.h"
#include "port/mutex.h"
#include "port/stack_trace.h"
#include "pprof_writer.h"
#include "profile_live.h"
#include "profile_stacks.h"
#include "profile_trace.h"
#include "slabs.h"

namespace bitcoinleveldb {

namespace {

using detail::LiveSample;
using detail::ProfileStack;
using detail::ProfileTrace;

// One for all profiles, so that it can be held over forks. No lock is taken
// while it is held, and it is not taken where that of the default observers may
// be held, which is in `attached` and `out_of_memory`.
port::Mutex g_mutex;

[[maybe_unused]] const bool g_held_over_forks =
    port::hold_over_forks<g_mutex>(port::ForkOrder::kProfiles);

void check(const ArenaProfileOptions& options) {
  if (options.sample_bytes == SIZE_MAX) {
    detail::fail_invalid_value("ArenaProfileOptions: sample_bytes",
                               options.sample_bytes, "all but this one");
  }
  if (options.stacks_max == 0 || options.stacks_max > (1U << 20U)) {
    detail::fail_invalid_value("ArenaProfileOptions: stacks_max",
                               options.stacks_max, "1 to 2^20");
  }
  if (options.live_samples_max == 0 || options.live_samples_max > (1U << 26U)) {
    detail::fail_invalid_value("ArenaProfileOptions: live_samples_max",
                               options.live_samples_max, "1 to 2^26");
  }
}

std::uint64_t nanoseconds(std::chrono::nanoseconds duration) {
  return static_cast<std::uint64_t>(duration.count());
}

bool write_all(const std::string& path, const std::string& text) {
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return false;
  const bool written =
      std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return std::fclose(file) == 0 && written;
}

// Gives a file the name of another, which it replaces; the C library's does
// that on some systems alone. If it fails, errno says why.
bool replace_file(const std::string& from, const std::string& to) {
  std::error_code error;
  std::filesystem::rename(from, to, error);
  if (error) errno = error.default_error_condition().value();
  return !error;
}

}  // namespace

struct ArenaProfile::Record {
  explicit Record(const ArenaProfileOptions& options)
      : sample_bytes(options.sample_bytes),
        stacks(options.stacks_max),
        live(options.live_samples_max) {}

  void give_back(const LiveSample& sample) noexcept {
    ProfileStack& stack = stacks[sample.stack];
    stack.live_objects -= sample.weight;
    stack.live_bytes -= sample.weight * static_cast<double>(sample.bytes);
  }

  const std::size_t sample_bytes;
  const std::chrono::steady_clock::time_point made =
      std::chrono::steady_clock::now();

  // Both are set by the constructor of the profile alone.
  detail::OwnFrames own_frames;
  ProfileTrace* learning = nullptr;

  // Guarded by g_mutex.
  detail::ProfileStacks stacks;
  detail::LiveSamples live;
  std::uint64_t samples = 0;
  std::uint64_t stacks_dropped = 0;
  std::uint64_t live_dropped = 0;
};

bool ArenaProfile::has_stacks() noexcept {
  std::uintptr_t frame = 0;
  return port::stack_trace(&frame, 1) != 0;
}

ArenaProfile::ArenaProfile(const ArenaProfileOptions& options) {
  check(options);
  forgo_blocks();
  forgo_unsampled_arenas();
  record_ = std::make_unique<Record>(options);
  learn_own_frames();
  start();
}

ArenaProfile::~ArenaProfile() = default;

// It also has the unwinder do whatever it does at first.
[[gnu::noinline]] void ArenaProfile::learn_own_frames() {
  const detail::AmongObservers among;
  constexpr std::size_t kBytes = 100;  // in any sample of one in 1 byte
  constexpr std::size_t kWide = 64;    // beyond what is served inline
  ProfileTrace here;
  here.count = port::stack_trace(here.frames.data(), here.frames.size());
  ProfileTrace trace;
  record_->learning = &trace;
  Arena arena;
  attach_observer(arena, *this);
  const auto learn = [this, &arena, &here, &trace] {
    for (const ArenaInterest interest :
         {ArenaInterest::all(), ArenaInterest::sample(1)}) {
      set_interest(interest);
      refresh_observers(arena);
      // One that fits a block, and one that gets a block of its own.
      for (const std::size_t bytes :
           {kBytes, detail::ArenaInsider::block_bytes(arena) + 1}) {
        (void)arena.allocate(bytes);
        record_->own_frames.learn(trace, here);
        (void)arena.allocate_aligned(bytes);
        record_->own_frames.learn(trace, here);
        (void)arena.allocate_aligned(bytes, kWide);
        record_->own_frames.learn(trace, here);
        char* given = arena.try_allocate(bytes);
        record_->own_frames.learn(trace, here);
        if (given != nullptr) given = arena.try_allocate_aligned(bytes);
        record_->own_frames.learn(trace, here);
        if (given != nullptr) given = arena.try_allocate_aligned(bytes, kWide);
        record_->own_frames.learn(trace, here);
        if (given == nullptr) detail::fail_exhausted(bytes);
      }
    }
  };
  learn();
  {
    const detail::DefaultObservers::Watching watching;
    learn();
  }
  detach_observer(arena, *this);
  record_->learning = nullptr;
}

void ArenaProfile::start() noexcept {
  set_interest(ArenaInterest::sample(record_->sample_bytes));
}

void ArenaProfile::stop() noexcept { set_interest(ArenaInterest::none()); }

void ArenaProfile::allocated(const ObservedArena& arena,
                             const ObservedAllocation& allocation) noexcept {
  ProfileTrace trace;
  trace.count = port::stack_trace(trace.frames.data(), trace.frames.size());
  Record& record = *record_;
  if (record.learning != nullptr) {
    *record.learning = trace;
    return;
  }
  const std::size_t own = record.own_frames.count_in(trace);
  const std::size_t count =
      std::min(trace.count - own, ProfileStack::kFramesMax);

  const std::lock_guard lock(g_mutex);
  const std::uint32_t number =
      record.stacks.find_or_add(trace.frames.data() + own, count);
  const double bytes =
      allocation.weight * static_cast<double>(allocation.bytes);
  ProfileStack& stack = record.stacks[number];
  ++record.samples;
  if (number == detail::ProfileStacks::kOthers) ++record.stacks_dropped;
  stack.objects += allocation.weight;
  stack.bytes += bytes;
  if (!record.live.add(
          {arena.number, allocation.ptr, allocation.bytes, allocation.weight,
           number,
           allocation.took_block &&
               detail::is_dedicated(allocation.bytes, arena.block_bytes)})) {
    ++record.live_dropped;
    return;
  }
  stack.live_objects += allocation.weight;
  stack.live_bytes += bytes;
}

void ArenaProfile::resized(const ObservedArena& arena, const char* ptr,
                           std::size_t old_bytes,
                           std::size_t new_bytes) noexcept {
  if (!record_->live.may_have(arena.number)) return;
  const std::lock_guard lock(g_mutex);
  LiveSample* const sample = record_->live.find_newest(arena.number, ptr);
  if (sample == nullptr) return;
  const double grown = sample->weight * (static_cast<double>(new_bytes) -
                                         static_cast<double>(old_bytes));
  ProfileStack& stack = record_->stacks[sample->stack];
  stack.bytes += std::max(grown, 0.0);
  stack.live_bytes += grown;
  sample->bytes = new_bytes;
}

void ArenaProfile::scope_begun(const ObservedArena& arena) noexcept {
  if (!record_->live.may_have(arena.number)) return;
  const std::lock_guard lock(g_mutex);
  if (!record_->live.begin_scope(arena.number)) ++record_->live_dropped;
}

void ArenaProfile::scope_rewinding(const ObservedArena& arena,
                                   std::size_t /*usage_before*/,
                                   std::size_t /*keep_bytes*/) noexcept {
  if (!record_->live.may_have(arena.number)) return;
  const std::lock_guard lock(g_mutex);
  LiveSample sample;
  while (record_->live.take_from_scope(arena.number, sample)) {
    record_->give_back(sample);
  }
}

void ArenaProfile::scope_ended(const ObservedArena& arena) noexcept {
  if (!record_->live.may_have(arena.number)) return;
  const std::lock_guard lock(g_mutex);
  record_->live.end_scope(arena.number);
}

void ArenaProfile::resetting(const ObservedArena& arena,
                             std::size_t /*keep_bytes*/) noexcept {
  give_back_all(arena);
}

void ArenaProfile::ending(const ObservedArena& arena) noexcept {
  give_back_all(arena);
}

void ArenaProfile::give_back_all(const ObservedArena& arena) noexcept {
  if (!record_->live.may_have(arena.number)) return;
  const std::lock_guard lock(g_mutex);
  LiveSample sample;
  while (record_->live.take_from_arena(arena.number, sample)) {
    record_->give_back(sample);
  }
}

ArenaProfileStats ArenaProfile::stats() const noexcept {
  const std::lock_guard lock(g_mutex);
  ArenaProfileStats stats;
  stats.samples = record_->samples;
  stats.stacks = record_->stacks.all().size() - 1;
  stats.live_samples = record_->live.size();
  stats.stacks_dropped = record_->stacks_dropped;
  stats.live_dropped = record_->live_dropped;
  return stats;
}

// The lock is held for a copy of the stacks alone, so that no arena waits for
// the encoding.
std::string ArenaProfile::pprof() const {
  const ArenaProfileStats now = stats();
  detail::PprofHead head;
  head.sample_bytes = std::max<std::size_t>(record_->sample_bytes, 1);
  head.time_ns =
      nanoseconds(std::chrono::system_clock::now().time_since_epoch());
  head.duration_ns =
      nanoseconds(std::chrono::steady_clock::now() - record_->made);
  head.others = has_stacks() ? "(stacks beyond the limit)"
                             : "(this system tells no stacks)";
  head.comments = {
      "samples: " + std::to_string(now.samples),
      "samples without their stack: " + std::to_string(now.stacks_dropped),
      "samples missing in what is in use: " + std::to_string(now.live_dropped)};
  std::vector<ProfileStack> stacks;
  stacks.reserve(now.stacks + 1);
  {
    const std::lock_guard lock(g_mutex);
    stacks = record_->stacks.all();
  }
  return detail::encode_pprof(head, stacks, port::loaded_code());
}

bool ArenaProfile::write(const std::string& path) const {
  const std::string text = pprof();
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::path real = fs::weakly_canonical(path, ignored);
  const std::string target = real.empty() ? path : real.string();
  // Only a file may be replaced; a pipe or a device is written to as it is.
  const fs::file_status there = fs::status(target, ignored);
  const bool in_place = fs::exists(there) && !fs::is_regular_file(there);
  const std::string written = in_place ? target : target + ".unfinished";
  if (write_all(written, text) && (in_place || replace_file(written, target))) {
    return true;
  }
  const int why = errno;
  if (!in_place) std::remove(written.c_str());
  errno = why;
  return false;
}

}  // namespace bitcoinleveldb
