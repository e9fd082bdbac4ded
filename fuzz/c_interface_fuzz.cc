// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The C interface, as a program would call it that knows nothing of ours:
// structures of any length, each in memory of just that length, so that a
// sanitizer sees what is read or written behind; NULL everywhere; any sizes.
// Every error is the one that the header promises.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb_arena.h"
#include "fuzz_input.h"
#include "fuzz_source.h"
#include "require.h"

namespace bitcoinleveldb {

namespace {

constexpr std::size_t kArenas = 3;

FuzzSource& source() {
  static FuzzSource source;
  return source;
}

// The only way to give a source to an arena of C.
void set_defaults_once() {
  static const bool done = [] {
    ArenaOptions options;
    options.block_source = &source();
    set_default_arena_options(options);
    return true;
  }();
  require(done, "defaults");
}

bool is_power(std::size_t value) {
  for (std::size_t power = 1; power != 0; power *= 2) {
    if (power == value) return true;
  }
  return false;
}

class Program {
 public:
  explicit Program(FuzzInput& input) : input_(input) {}
  ~Program() {
    for (bitcoinleveldb_arena* const arena : arenas_) {
      bitcoinleveldb_arena_destroy(arena);
    }
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void step() {
    Slot& slot = slots_[input_.below(kArenas)];
    bitcoinleveldb_arena*& arena =
        arenas_[static_cast<std::size_t>(&slot - slots_.data())];
    switch (input_.below(12)) {
      case 0:
        return create(slot, arena);
      case 1:
        bitcoinleveldb_arena_destroy(arena);
        arena = nullptr;
        slot = {};
        return;
      case 2:
        return reset(slot, arena);
      case 3:
        return get_stats(arena);
      case 4:
        return draw();
      case 5:
        return ask_errors();
      case 6:
        return plan_failure();
      default:
        return allocate(slot, arena);
    }
  }

 private:
  struct Slot {
    bitcoinleveldb_arena_error last = BITCOINLEVELDB_ARENA_OK;
    std::size_t usage = 0;
    std::vector<std::pair<char*, std::size_t>> served;
  };

  void plan_failure() {
    const std::size_t how = input_.byte();
    source().fail_after(how % 4,
                        FuzzSource::Failure{static_cast<int>(how / 4 % 3)},
                        how >= 128);
  }

  void create(Slot& slot, bitcoinleveldb_arena*& arena) {
    constexpr std::size_t kOurs = sizeof(bitcoinleveldb_arena_options);
    require(bitcoinleveldb_arena_create(nullptr, nullptr) ==
                BITCOINLEVELDB_ARENA_INVALID_ARGUMENT,
            "created nowhere");
    bitcoinleveldb_arena* made = nullptr;
    if (input_.below(4) == 0) {
      require(bitcoinleveldb_arena_create(nullptr, &made) ==
                  BITCOINLEVELDB_ARENA_OK,
              "created with nothing");
    } else {
      // As long as it says, so far as that is believable.
      const std::size_t says =
          input_.below(4) == 0 ? input_.any_size() : 8 * input_.below(8);
      const std::size_t has = says >= kOurs && says <= 4096 ? says : kOurs;
      std::vector<std::uint64_t> memory((has + 7) / 8);
      bitcoinleveldb_arena_options options{says, 0};
      options.block_bytes =
          input_.below(4) == 0 ? input_.any_size() : 16 * input_.below(256);
      std::memcpy(memory.data(), &options, kOurs);
      const bool unknown = has > kOurs && input_.below(2) == 1;
      if (unknown) {
        reinterpret_cast<char*>(memory.data())[has - 1] = 1;
      }
      const std::size_t block = options.block_bytes;
      const bool allowed = says >= kOurs && says <= 4096 && !unknown &&
                           (block == 0 || (block % 16 == 0 && block >= 64 &&
                                           block <= std::size_t{1} << 30U));
      const bitcoinleveldb_arena_error error = bitcoinleveldb_arena_create(
          reinterpret_cast<const bitcoinleveldb_arena_options*>(memory.data()),
          &made);
      require((error == BITCOINLEVELDB_ARENA_INVALID_ARGUMENT) == !allowed,
              "options");
      require((error == BITCOINLEVELDB_ARENA_OK) == (made != nullptr),
              "an arena in spite of an error, or none without");
    }
    if (made == nullptr) return;
    bitcoinleveldb_arena_destroy(arena);
    arena = made;
    slot = {};
  }

  void allocate(Slot& slot, bitcoinleveldb_arena* arena) {
    const std::size_t form = input_.below(3);
    const std::size_t bytes = input_.any_size();
    const std::size_t alignment = form == 0 ? 1
                                  : form == 1
                                      ? std::max<std::size_t>(8, sizeof(void*))
                                      : input_.alignment();
    void* const ptr =
        form == 0 ? bitcoinleveldb_arena_allocate(arena, bytes)
        : form == 1
            ? bitcoinleveldb_arena_allocate_aligned(arena, bytes)
            : bitcoinleveldb_arena_allocate_aligned_to(arena, bytes, alignment);
    if (arena == nullptr) {
      require(ptr == nullptr, "memory of no arena");
      return;
    }
    const std::size_t usage = bitcoinleveldb_arena_memory_usage(arena);
    if (ptr == nullptr) {
      slot.last = is_power(alignment) ? BITCOINLEVELDB_ARENA_NO_MEMORY
                                      : BITCOINLEVELDB_ARENA_INVALID_ARGUMENT;
      require(usage == slot.usage, "a failure counted");
    } else {
      require(is_power(alignment) &&
                  reinterpret_cast<std::uintptr_t>(ptr) % alignment == 0,
              "not aligned");
      const std::size_t served = std::max<std::size_t>(bytes, 1);
      std::memset(ptr, 0x5A, served);
      slot.served.emplace_back(static_cast<char*>(ptr), served);
      require(usage >= slot.usage, "usage shrank");
      require(served <= usage, "usage without what was served");
      slot.usage = usage;
    }
    require(bitcoinleveldb_arena_last_error(arena) == slot.last, "last error");
  }

  // Each byte is counted down as often as it was handed out: once.
  void reset(Slot& slot, bitcoinleveldb_arena* arena) {
    for (const auto& [ptr, bytes] : slot.served) {
      require(std::all_of(ptr, ptr + bytes, [](char c) { return c == 0x5A; }),
              "two allocations share a byte");
      std::memset(ptr, 0, bytes);
    }
    slot.served.clear();
    slot.usage = 0;
    const bitcoinleveldb_arena_error error =
        bitcoinleveldb_arena_reset(arena, input_.keep_bytes());
    require(error == (arena == nullptr ? BITCOINLEVELDB_ARENA_INVALID_ARGUMENT
                                       : BITCOINLEVELDB_ARENA_OK),
            "reset");
    require(bitcoinleveldb_arena_memory_usage(arena) == 0, "usage");
  }

  void get_stats(const bitcoinleveldb_arena* arena) {
    using Stats = bitcoinleveldb_arena_stats;
    constexpr std::uint64_t kMark = 0x7777777777777777;
    constexpr std::size_t kWords = sizeof(Stats) / sizeof(std::size_t);
    require(bitcoinleveldb_arena_get_stats(arena, nullptr) ==
                BITCOINLEVELDB_ARENA_INVALID_ARGUMENT,
            "figures nowhere");
    const std::size_t words = 1 + input_.below(2 * kWords);
    std::vector<std::size_t> memory(words, static_cast<std::size_t>(kMark));
    const std::size_t says = words * sizeof(std::size_t);
    memory[0] = says;
    const bitcoinleveldb_arena_error error = bitcoinleveldb_arena_get_stats(
        arena, reinterpret_cast<Stats*>(memory.data()));
    const bool good = arena != nullptr && says >= sizeof(Stats);
    require((error == BITCOINLEVELDB_ARENA_OK) == good, "figures");
    const std::size_t filled = good ? kWords : 1;
    require(memory[0] == (good ? sizeof(Stats) : says), "what was filled in");
    require(std::all_of(memory.begin() + static_cast<std::ptrdiff_t>(filled),
                        memory.end(),
                        [](std::size_t word) {
                          return word == static_cast<std::size_t>(kMark);
                        }),
            "figures where none belong");
    if (!good) return;
    require(memory[1] == bitcoinleveldb_arena_memory_usage(arena), "usage");
    require(memory[1] <= memory[4] && memory[3] <= FuzzSource::kBytesMax,
            "peak and reserve");
  }

  void draw() {
    bitcoinleveldb_lcg random = bitcoinleveldb_lcg_create(input_.word());
    const std::uint64_t before = random.state;
    const std::uint64_t range =
        input_.byte() < 200 ? input_.byte() : input_.word();
    bitcoinleveldb_lcg twin = random;
    const std::uint64_t drawn = bitcoinleveldb_lcg_uniform(&random, range);
    const std::uint64_t next = before * 6364136223846793005U + 1;
    require(drawn == (range == 0 ? 0 : (next >> 32U) % range), "a draw");
    require(random.state == (range == 0 ? before : next), "a state");
    const int one = bitcoinleveldb_lcg_one_in(&twin, range);
    require(one == (range != 0 && drawn == 0 ? 1 : 0), "one in n");
    require(bitcoinleveldb_lcg_uniform(nullptr, range) == 0 &&
                bitcoinleveldb_lcg_one_in(nullptr, range) == 0,
            "a draw of nothing");
  }

  void ask_errors() {
    const auto error = static_cast<int>(input_.word());
    const char* const text = bitcoinleveldb_arena_error_string(error);
    require(text != nullptr && !std::string(text).empty(), "an error's line");
    require(bitcoinleveldb_arena_last_error(nullptr) ==
                BITCOINLEVELDB_ARENA_INVALID_ARGUMENT,
            "the last error of nothing");
    require(
        bitcoinleveldb_arena_abi_version() == BITCOINLEVELDB_ARENA_ABI_VERSION,
        "version");
  }

  FuzzInput& input_;
  std::array<Slot, kArenas> slots_;
  std::array<bitcoinleveldb_arena*, kArenas> arenas_{};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  set_defaults_once();
  source().fail_no_more();
  FuzzInput input(data, size);
  {
    Program program(input);
    while (!input.is_empty()) program.step();
  }
  require(source().live_bytes() == 0, "memory was kept");
  return 0;
}

}  // namespace bitcoinleveldb
