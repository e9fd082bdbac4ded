// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Slabs taken ahead. The blocks to come are carved in thought, by the rules of
// take_block: off the current slab, else off the first spare one that is large
// enough, else off one from the source, which joins the spare ones at their
// end. When the blocks are taken in earnest, each finds the very slab it found
// in thought: the spare ones before it were too small then and are now.

#include <cstddef>
#include <utility>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/detail/arena_insider.h"
#include "bitcoinleveldb/detail/placement.h"
#include "default_observers.h"
#include "port/probes.h"
#include "slabs.h"

namespace bitcoinleveldb::detail {

namespace {

constexpr std::size_t kAlignment = Arena::kBlockAlignment;

// Slabs are multiples of kAlignment, so the lowest bit of a spare one's size
// can say, for as long as a reservation lives, that it is spoken for.
constexpr std::size_t kSpokenFor = 1;

// Leaves the record as it was unless it is kept.
class Reservation {
 public:
  explicit Reservation(ArenaRecord& record)
      : record_(record),
        room_(static_cast<std::size_t>(record.carve_end - record.carve_ptr)) {}

  ~Reservation() {
    for (Slab* slab = record_.spare_slabs; slab != nullptr;
         slab = slab->previous) {
      slab->bytes &= ~kSpokenFor;
    }
    give_back(record_.source, fresh_);
  }

  Reservation(const Reservation&) = delete;
  Reservation& operator=(const Reservation&) = delete;

  // Finds a place for the next block; false if memory ran out.
  bool add(std::size_t bytes) {
    if (carve(room_, bytes)) return true;
    const SlabNeed need =
        slab_need(record_.block_bytes, record_.reserved_bytes + fresh_bytes_,
                  bytes, kAlignment);
    if (need.least == 0) return false;
    std::size_t room = 0;
    if (!speak_for_spare(need.least, room) && !take_fresh(need.usual, room)) {
      return false;
    }
    (void)carve(room, bytes);  // a slab that large has room for it
    if (room > room_) room_ = room;
    return true;
  }

  // Slabs from the source take the place of spare ones that are not needed, as
  // ever, or an arena that is reset for ever would grow for ever.
  void keep() noexcept {
    std::size_t dropped = 0;
    Slab** link = &record_.spare_slabs;
    while (*link != nullptr) {
      Slab* const slab = *link;
      if ((slab->bytes & kSpokenFor) != 0 || dropped >= fresh_bytes_) {
        link = &slab->previous;
        continue;
      }
      dropped += slab->bytes;
      *link = std::exchange(slab->previous, nullptr);
      give_back(record_.source, slab);
    }
    *link = std::exchange(fresh_, nullptr);
    record_.reserved_bytes = record_.reserved_bytes + fresh_bytes_ - dropped;
    settle_early_page(record_);
  }

 private:
  static bool carve(std::size_t& room, std::size_t bytes) {
    // At this alignment it does not matter where the slab is.
    constexpr std::size_t kAddress = 0;
    std::size_t gap;
    return carve_off(kAddress, &room, sizeof(Block), bytes, kAlignment, &gap);
  }

  bool speak_for_spare(std::size_t least, std::size_t& room) {
    Slab* slab = record_.spare_slabs;
    while (slab != nullptr &&
           ((slab->bytes & kSpokenFor) != 0 || slab->bytes < least)) {
      slab = slab->previous;
    }
    if (slab == nullptr) return false;
    room = room_of(*slab);
    slab->bytes |= kSpokenFor;
    return true;
  }

  bool take_fresh(std::size_t bytes, std::size_t& room) {
    Slab* const slab = take_fresh_slab(record_.source, bytes);
    if (slab == nullptr) return false;
    *fresh_end_ = slab;
    fresh_end_ = &slab->previous;
    fresh_bytes_ += bytes;
    BITCOINLEVELDB_PROBE(slab, 4, &record_, slab, bytes,
                         record_.reserved_bytes + fresh_bytes_);
    room = room_of(*slab);
    return true;
  }

  ArenaRecord& record_;
  std::size_t room_;  // of the slab that carving goes on in
  Slab* fresh_ = nullptr;
  Slab** fresh_end_ = &fresh_;
  std::size_t fresh_bytes_ = 0;
};

// Gives a record back unless it is released.
class NewRecord {
 public:
  explicit NewRecord(ArenaRecord* record) : record_(record) {}
  ~NewRecord() {
    if (record_ != nullptr) release_slabs(record_);
  }
  NewRecord(const NewRecord&) = delete;
  NewRecord& operator=(const NewRecord&) = delete;

  ArenaRecord* get() const { return record_; }
  ArenaRecord* release() { return std::exchange(record_, nullptr); }

 private:
  ArenaRecord* record_;
};

}  // namespace

bool reserve_slabs(ArenaRecord& record, const BlockRun* runs,
                   std::size_t count) {
  Reservation reservation(record);
  for (const BlockRun* run = runs; run != runs + count; ++run) {
    for (std::size_t i = 0; i != run->count; ++i) {
      if (!reservation.add(run->bytes)) return false;
    }
  }
  reservation.keep();
  return true;
}

bool ArenaInsider::reserve(Arena& arena, const BlockRun* runs,
                           std::size_t count) {
  if (count == 0) return true;
  ExhaustionTeller teller(arena, runs->bytes, kAlignment);
  if (arena.record_ != nullptr) {
    tell_entering(arena);
    if (!reserve_slabs(*arena.record_, runs, count)) return false;
    teller.keep_silent();
    if (arena.record_->doors != nullptr) tell_reserved(arena);
    return true;
  }
  NewRecord record(
      open_record(default_arena_options(), runs->bytes, kAlignment));
  if (record.get() == nullptr || !reserve_slabs(*record.get(), runs, count)) {
    return false;
  }
  arena.record_ = record.release();
  teller.keep_silent();
  DefaultObservers::reach_new(arena);
  return true;
}

}  // namespace bitcoinleveldb::detail
