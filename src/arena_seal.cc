// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/arena_seal.h"

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory_resource>
#include <new>

#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/detail/failure.h"
#include "guard_door.h"
#include "guard_table.h"
#include "mapped_ranges.h"
#include "port/pages.h"
#include "without_throwing.h"

namespace bitcoinleveldb {

namespace detail {

namespace {

constexpr char kKind = 0;

[[noreturn]] void fail_allocation() {
  fail_misuse("an allocation was asked of a sealed arena");
}

// Sealed memory lies in one mapping with that of other arenas beside it, so
// that unsealing it may split that mapping.
[[noreturn]] void fail_unsealing() {
  char text[200];
  std::snprintf(text, sizeof(text),
                "the system does not let a sealed arena be unsealed (%s); "
                "allowed: with room for two more mappings of the process, "
                "vm.max_map_count on Linux",
                std::strerror(errno));
  fail_misuse(text);
}

// Where a sealed arena would take its next slab from.
class SealedSource final : public std::pmr::memory_resource {
  void* do_allocate(std::size_t /*bytes*/, std::size_t /*alignment*/) override {
    fail_allocation();
  }
  void do_deallocate(void* /*memory*/, std::size_t /*bytes*/,
                     std::size_t /*alignment*/) override {}
  bool do_is_equal(
      const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }
};

// Returns the bytes of the mapping of a slab, or 0 if that holds anything else:
// if more was asked for than the slab has, someone hands it out in pieces.
std::size_t own_mapping(const Slab& slab) {
  return MappedRanges::instance().bytes_at(&slab) == slab.bytes
             ? port::up_to_page(slab.bytes)
             : 0;
}

// Calls `call` for each slab with the bytes of its mapping, 0 if it is none of
// its own, until it returns false. Returns whether it never did.
template <class Call>
bool all_slabs(const ArenaRecord& record, Call call) {
  for (Slab* const first : {record.newest_slab, record.spare_slabs}) {
    for (Slab* slab = first; slab != nullptr; slab = slab->previous) {
      if (!call(*slab, own_mapping(*slab))) return false;
    }
  }
  return true;
}

bool has_own_pages(const ArenaRecord& record) {
  return all_slabs(record, [](const Slab& /*slab*/, std::size_t mapped) {
    return mapped != 0;
  });
}

bool protect(const ArenaRecord& record, port::PageAccess access) {
  return all_slabs(record, [access](Slab& slab, std::size_t mapped) {
    return port::protect_pages(&slab, mapped, access);
  });
}

}  // namespace

// While an arena is sealed a copy of its record stands in for the one in its
// first slab, so that what changes in it can change. A block finds no room in
// it and no slab but that of a source that ends the program.
class SealDoor final : public ArenaDoor {
 public:
  static SealDoor* of(const Arena& arena) noexcept {
    return static_cast<SealDoor*>(ArenaInsider::find_door(arena, &kKind));
  }

  explicit SealDoor(const ArenaRecord& record) noexcept
      : ArenaDoor(&kKind), stand_in_(record) {
    stand_in_.doors = nullptr;
    stand_in_.spare_slabs = nullptr;
    stand_in_.carve_ptr = nullptr;
    stand_in_.carve_end = nullptr;
    stand_in_.source = &source_;
    stand_in_.has_early_page = false;
  }

  // Returns false if the system refuses.
  bool close(Arena& arena) {
    real_ = &ArenaInsider::exchange_record(arena, stand_in_);
    if (!protect(*real_, port::PageAccess::kRead) ||
        !GuardDoor::protect(arena, port::PageAccess::kRead)) {
      open(arena);
      return false;
    }
    ArenaInsider::attach(arena, *this);
    note_slabs(arena);
    return true;
  }

  // Told before all others, or these would find their memory sealed.
  void open(Arena& arena) noexcept {
    if (!protect(*real_, port::PageAccess::kReadWrite) ||
        !GuardDoor::protect(arena, port::PageAccess::kReadWrite)) {
      fail_unsealing();
    }
    GuardTable::forget(noted_);
    ArenaInsider::exchange_record(arena, *real_);
    ArenaInsider::detach(arena, *this);
  }

  // What fits into the current block comes here, all else to the source.
  std::size_t passed(const Arena& /*arena*/,
                     const ColdAllocation& /*allocation*/) noexcept override {
    fail_allocation();
  }
  void resized(const Arena& /*arena*/, char* /*ptr*/, std::size_t /*old_bytes*/,
               std::size_t /*new_bytes*/) noexcept override {
    fail_misuse("an allocation of a sealed arena was resized");
  }
  void resetting(Arena& arena, std::size_t /*keep_bytes*/) noexcept override {
    open(arena);
    delete this;
  }
  void ending(Arena& arena) noexcept override {
    open(arena);
    delete this;
  }

 private:
  // For the reporter. Where there is no room for them they are not noted.
  void note_slabs(const Arena& arena) {
    if (!GuardTable::open()) return;
    all_slabs(*real_, [this, &arena](Slab& slab, std::size_t mapped) {
      GuardRecord record{};
      record.run = reinterpret_cast<char*>(&slab);
      record.run_bytes = mapped;
      record.allocation.ptr = record.run;
      record.allocation.bytes = slab.bytes;
      record.allocation.state = GuardedState::kSealed;
      record.allocation.arena = &arena;
      return GuardTable::add(noted_, record);
    });
  }

  ArenaRecord* real_ = nullptr;
  ArenaRecord stand_in_;
  SealedSource source_;
  std::uint32_t noted_ = GuardTable::kNone;
};

namespace {

// Returns null, or why the arena cannot be sealed.
const char* obstacle(const Arena& arena) {
  if (ArenaInsider::innermost_mark(arena) != nullptr) {
    return "seal: an ArenaScope is open on the arena";
  }
  if (!has_own_pages(*ArenaInsider::record(arena))) {
    return "seal: a slab of the arena has no pages of its own; allowed: arenas "
           "on page_source(), or on another source whose slabs are mapped";
  }
  return nullptr;
}

// Returns false if memory ran out or the system refused.
bool seal_unhindered(Arena& arena) {
  auto* const door = new (std::nothrow) SealDoor(*ArenaInsider::record(arena));
  if (door == nullptr) return false;
  if (door->close(arena)) return true;
  delete door;
  return false;
}

// Returns whether the arena is sealed. If not, `why` is what hinders it, or
// null if memory ran out or the system refused, and an arena that had no slab
// has none again.
bool seal_or_leave(Arena& arena, const char*& why) {
  const bool had_slab = ArenaInsider::record(arena) != nullptr;
  ArenaInsider::open(arena);
  why = obstacle(arena);
  if (why == nullptr && seal_unhindered(arena)) return true;
  if (!had_slab) arena = Arena();
  return false;
}

}  // namespace

}  // namespace detail

void seal(Arena& arena) {
  if (is_sealed(arena)) return;
  const char* why = nullptr;
  if (detail::seal_or_leave(arena, why)) return;
  if (why != nullptr) detail::fail_invalid(why);
  detail::fail_exhausted(sizeof(detail::SealDoor));
}

bool try_seal(Arena& arena) noexcept {
  if (is_sealed(arena)) return true;
  return detail::without_throwing([&arena] {
    const char* why = nullptr;
    return detail::seal_or_leave(arena, why);
  });
}

void unseal(Arena& arena) noexcept {
  detail::SealDoor* const door = detail::SealDoor::of(arena);
  if (door == nullptr) return;
  if (detail::ArenaInsider::innermost_mark(arena) != nullptr) {
    detail::fail_misuse("an arena was unsealed within an ArenaScope on it");
  }
  door->open(arena);
  delete door;
}

bool is_sealed(const Arena& arena) noexcept {
  return detail::SealDoor::of(arena) != nullptr;
}

}  // namespace bitcoinleveldb
