// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "slabs.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <new>
#include <utility>

#include "bitcoinleveldb/detail/placement.h"
#include "default_source.h"
#include "port/memory_checker.h"
#include "port/probes.h"
#include "source_memory.h"

namespace bitcoinleveldb::detail {

namespace {

// What is asked of a block source, and what a block starts at anyway.
constexpr std::size_t kSlabAlignment = Arena::kBlockAlignment;

// Slabs double, up to this, until the arena holds kHugeFrom bytes; from then on
// they lie on huge pages and are half of what it holds, so that a large arena
// is a few dozen calls of the source.
constexpr std::size_t kSmallSlabBytesMax = std::size_t{1} << 20U;
constexpr std::size_t kHugeSlabBytesMax = std::size_t{32} << 20U;
constexpr std::size_t kHugePageBytes = std::size_t{1} << 21U;

// A huge page that is begun is held whole. With this start a memtable of 4 MiB,
// LevelDB's default, ends just before its second huge page and one of 64 MiB
// just before its thirty-second.
constexpr std::size_t kHugeFrom = (std::size_t{2} << 20U) + (192U << 10U);

// An arena on the default source that holds this much may have all that is
// missing to there at once, on a huge page: a memtable ends in the same place
// then, after one page fault instead of 512. But an arena may also stay small,
// so only a few at a time may have begun such a page and not filled it: no more
// is held for nothing. One of larger blocks might not fill it. Where something
// checks accesses there is none: it knows less of mappings than of the heap.
constexpr std::size_t kEarlyFrom = std::size_t{128} << 10U;
constexpr std::size_t kEarlyTo = kHugeFrom - kHugePageBytes;
constexpr std::size_t kEarlyBlockBytesMax = std::size_t{64} << 10U;
constexpr std::size_t kEarlyPageBytesMax = kHugeFrom - kEarlyFrom;
constexpr std::uint32_t kEarlyPagesMax = 4;

std::atomic<std::uint32_t> g_early_pages{0};

static_assert(sizeof(Block) % kSlabAlignment == 0,
              "a block's first byte is as aligned as its head");
static_assert(sizeof(void*) != 8 || sizeof(Slab) % kSlabAlignment == 0,
              "on 64 bits no byte is lost between a slab's head and its first "
              "block");

static_assert(sizeof(void*) != 8 || sizeof(ArenaRecord) <= 96,
              "with a larger record the first slab of a default arena, 4,208 "
              "bytes now, would pass into the next size class of malloc, and a "
              "small arena would cost 2 % more memory than LevelDB's");

// A null source is the default one.
void give_memory(std::pmr::memory_resource* source, void* memory,
                 std::size_t bytes) noexcept {
  if (source == nullptr) {
    DefaultSource::give(memory, bytes, kSlabAlignment);
  } else {
    // It may be anyone's, and write into what it gets back.
    port::open_memory(memory, bytes);
    source->deallocate(memory, bytes, kSlabAlignment);
  }
}

void* take_memory_of(std::pmr::memory_resource* source, std::size_t bytes) {
  void* const memory = take_from(*source, bytes, kSlabAlignment);
  const auto address = reinterpret_cast<std::uintptr_t>(memory);
  if (address % kSlabAlignment == 0) return memory;
  // A source that breaks its promise is as good as one that has nothing.
  source->deallocate(memory, bytes, kSlabAlignment);
  return nullptr;
}

// A null source is the default one.
inline void* take_memory(std::pmr::memory_resource* source, std::size_t bytes) {
  return source == nullptr ? DefaultSource::take(bytes, kSlabAlignment)
                           : take_memory_of(source, bytes);
}

// Takes the first slab of at least `needed` bytes off those kept by a reset, or
// returns null.
Slab* take_spare_slab(ArenaRecord& record, std::size_t needed) {
  Slab** link = &record.spare_slabs;
  while (*link != nullptr && (*link)->bytes < needed) link = &(*link)->previous;
  Slab* const slab = *link;
  if (slab != nullptr) *link = slab->previous;
  return slab;
}

// Gives spare slabs back until `bytes` bytes are, or all of them.
void drop_spare_slabs(ArenaRecord& record, std::size_t bytes) noexcept {
  std::size_t dropped = 0;
  while (record.spare_slabs != nullptr && dropped < bytes) {
    Slab* const slab = record.spare_slabs;
    record.spare_slabs = slab->previous;
    dropped += slab->bytes;
    give_memory(record.source, slab, slab->bytes);
  }
  record.reserved_bytes -= dropped;
}

// Returns how many bytes an arena that holds `reserved` must take to come to
// where huge pages begin, in whole pages.
std::size_t missing_to_huge(std::size_t reserved) {
  return round_up(kHugeFrom - reserved, std::size_t{4096});
}

// The early page that a record may have as its next slab for `need`, if there
// is one for it. It goes back unless it is kept. Relaxed, here and below: the
// number stands for itself.
class EarlyPage {
 public:
  EarlyPage(const ArenaRecord& record, const SlabNeed& need) noexcept {
    if (record.reserved_bytes < kEarlyFrom ||
        record.reserved_bytes > kEarlyTo || record.source != nullptr ||
        record.block_bytes > kEarlyBlockBytesMax ||
        need.least > kHugePageBytes / 4 || port::memory_is_checked()) {
      return;
    }
    std::uint32_t pages = g_early_pages.load(std::memory_order_relaxed);
    while (!claimed_ && pages != kEarlyPagesMax) {
      claimed_ = g_early_pages.compare_exchange_weak(pages, pages + 1,
                                                     std::memory_order_relaxed);
    }
  }
  ~EarlyPage() {
    if (claimed_) g_early_pages.fetch_sub(1, std::memory_order_relaxed);
  }
  EarlyPage(const EarlyPage&) = delete;
  EarlyPage& operator=(const EarlyPage&) = delete;

  bool is_claimed() const noexcept { return claimed_; }
  void keep(ArenaRecord& record) noexcept {
    if (std::exchange(claimed_, false)) record.has_early_page = true;
  }

 private:
  bool claimed_ = false;
};

// REQUIRES: the record has one.
void leave_early_page(ArenaRecord& record) noexcept {
  record.has_early_page = false;
  g_early_pages.fetch_sub(1, std::memory_order_relaxed);
}

// Returns whether a slab of a list may be an early page, by its size. Another
// one that is as large may be taken for it: the record then counts for longer.
bool has_early_slab(const Slab* slab) noexcept {
  while (slab != nullptr &&
         (slab->bytes < kHugePageBytes || slab->bytes > kEarlyPageBytesMax)) {
    slab = slab->previous;
  }
  return slab != nullptr;
}

// Takes a slab from the source, or a spare one. Where no spare one will do, a
// slab from the source takes the place of spare ones, or an arena that is reset
// for ever would grow for ever.
Slab* take_slab(ArenaRecord& record, const SlabNeed& need) {
  Slab* slab = take_spare_slab(record, need.least);
  const bool is_fresh = slab == nullptr;
  if (is_fresh) {
    EarlyPage early(record, need);
    const std::size_t bytes = early.is_claimed()
                                  ? missing_to_huge(record.reserved_bytes)
                                  : need.usual;
    slab = take_fresh_slab(record.source, bytes);
    if (slab == nullptr) return nullptr;
    early.keep(record);
    record.reserved_bytes += bytes;
    BITCOINLEVELDB_PROBE(slab, 4, &record, slab, bytes, record.reserved_bytes);
    drop_spare_slabs(record, bytes);
  }
  slab->previous = record.newest_slab;
  record.newest_slab = slab;
  if (is_fresh) settle_early_page(record);
  return slab;
}

// Makes the slabs taken after `last` spare ones. Oldest first, so that the next
// round takes them in the same order and a small one finds its memory warm;
// those that were spare before come after them.
void spare_slabs_after(ArenaRecord& record, const Slab* last) noexcept {
  while (record.newest_slab != last) {
    Slab* const slab = record.newest_slab;
    record.newest_slab = slab->previous;
    slab->previous = record.spare_slabs;
    record.spare_slabs = slab;
  }
}

// Keeps spare slabs, from the first on, as many as bring what is held to at
// most `keep_bytes`, and gives the others back.
void trim_spare_slabs(ArenaRecord& record, std::size_t keep_bytes) noexcept {
  if (record.reserved_bytes <= keep_bytes) return;
  std::size_t held = record.reserved_bytes;
  for (const Slab* slab = record.spare_slabs; slab != nullptr;
       slab = slab->previous) {
    held -= slab->bytes;
  }
  Slab** link = &record.spare_slabs;
  while (*link != nullptr &&
         (*link)->bytes <= keep_bytes - std::min(keep_bytes, held)) {
    held += (*link)->bytes;
    link = &(*link)->previous;
  }
  give_back(record.source, std::exchange(*link, nullptr));
  record.reserved_bytes = held;
  settle_early_page(record);
}

// Carving starts anew in the first slab, behind the record.
void rewind_carving(ArenaRecord& record) noexcept {
  record.newest_slab = &record.slab;
  record.carve_ptr = first_carved(record, record.slab);
  record.carve_end = reinterpret_cast<char*>(&record) + record.slab.bytes;
}

// Carves from [*carve_ptr, carve_end), or returns null if there is no room.
Block* carve(char** carve_ptr, const char* carve_end, std::size_t bytes,
             std::size_t alignment) {
  const std::size_t address = reinterpret_cast<std::uintptr_t>(*carve_ptr);
  auto room = static_cast<std::size_t>(carve_end - *carve_ptr);
  std::size_t gap;
  if (!carve_off(address, &room, sizeof(Block), bytes, alignment, &gap)) {
    return nullptr;
  }
  char* const head = *carve_ptr + gap;
  *carve_ptr = head + sizeof(Block) + round_up(bytes, kSlabAlignment);
  port::open_memory(head, sizeof(Block));
  return new (head) Block(bytes);
}

// Out of line, so that arenas of one slab go without what it needs.
BITCOINLEVELDB_NOINLINE void release_many_slabs(ArenaRecord& record) noexcept {
  // The record lies in the oldest slab, so what is needed of it comes first.
  std::pmr::memory_resource* const source = record.source;
  // Oldest first: a source that keeps some should keep those, which every arena
  // needs, and whose small pages cost the most to have again.
  spare_slabs_after(record, nullptr);
  give_back(source, record.spare_slabs);
}

// Returns the bytes of the next slab of an arena that holds `reserved` bytes.
std::size_t usual_slab_bytes(std::size_t reserved) {
  if (reserved >= kHugeFrom) {
    const std::size_t half = round_down(reserved / 2, kHugePageBytes);
    return std::clamp(half, kHugePageBytes, kHugeSlabBytesMax);
  }
  constexpr std::size_t kRoundFrom = std::size_t{64} << 10U;
  if (reserved < kRoundFrom) return round_down(reserved, kSlabAlignment);
  std::size_t power = kRoundFrom;
  while (power * 2 <= reserved && power < kSmallSlabBytesMax) power *= 2;
  return std::min(power, missing_to_huge(reserved));
}

// Takes a slab for a block.
BITCOINLEVELDB_NOINLINE Block* take_block_and_slab(ArenaRecord& record,
                                                   std::size_t bytes,
                                                   std::size_t alignment) {
  const SlabNeed need =
      slab_need(record.block_bytes, record.reserved_bytes, bytes, alignment);
  if (need.least == 0) return nullptr;
  Slab* const slab = take_slab(record, need);
  if (slab == nullptr) return nullptr;
  char* const carve_end = reinterpret_cast<char*>(slab) + slab->bytes;
  char* carve_ptr = carve_end - room_of(*slab);
  Block* const block = carve(&carve_ptr, carve_end, bytes, alignment);
  // Carving goes on where more room is left. That depends on the slabs and not
  // on their sum, which a reset leaves as it is, so that the same requests find
  // the same places in what it kept.
  if (carve_end - carve_ptr > record.carve_end - record.carve_ptr) {
    record.carve_ptr = carve_ptr;
    record.carve_end = carve_end;
  }
  if (block != nullptr) ++record.blocks;
  return block;
}

}  // namespace

// A block that would waste too much of a slab of the usual size gets one of its
// own.
SlabNeed slab_need(std::size_t standard_bytes, std::size_t reserved,
                   std::size_t bytes, std::size_t alignment) {
  const std::size_t needed =
      slab_bytes_for(sizeof(Slab), sizeof(Block), bytes, alignment);
  const std::size_t standard = slab_bytes_for(sizeof(Slab), sizeof(Block),
                                              standard_bytes, kSlabAlignment);
  const std::size_t usual = std::max(standard, usual_slab_bytes(reserved));
  const bool own = needed > std::max(standard, usual / 4);
  return {needed, own ? needed : usual};
}

std::size_t room_of(const Slab& slab) {
  return slab.bytes - round_up(sizeof(Slab), kSlabAlignment);
}

char* first_carved(const ArenaRecord& record, Slab& slab) {
  const std::size_t head =
      &slab == &record.slab ? sizeof(ArenaRecord) : sizeof(Slab);
  return reinterpret_cast<char*>(&slab) + round_up(head, kSlabAlignment);
}

Slab* take_fresh_slab(std::pmr::memory_resource* source, std::size_t bytes) {
  void* const memory = take_memory(source, bytes);
  return memory == nullptr ? nullptr : new (memory) Slab{nullptr, bytes};
}

void give_back(std::pmr::memory_resource* source, Slab* slabs) noexcept {
  while (slabs != nullptr) {
    Slab* const previous = slabs->previous;
    give_memory(source, slabs, slabs->bytes);
    slabs = previous;
  }
}

ArenaRecord* open_record(const ArenaOptions& options, std::size_t block_bytes,
                         std::size_t alignment) {
  const std::size_t bytes = slab_bytes_for(sizeof(ArenaRecord), sizeof(Block),
                                           block_bytes, alignment);
  if (bytes == 0) return nullptr;
  void* const memory = take_memory(options.block_source, bytes);
  if (memory == nullptr) return nullptr;
  // Member by member: compilers clear a whole object by a string instruction,
  // which takes longer than all the rest of making a small arena.
  auto* const record = new (memory) ArenaRecord;
  record->slab = {nullptr, bytes};
  record->spare_slabs = nullptr;
  record->reserved_bytes = bytes;
  record->blocks = 0;
  record->usage_peak = 0;
  record->block_bytes = static_cast<std::uint32_t>(options.block_bytes);
  record->source = options.block_source;
  record->doors = nullptr;
  record->made_with_options = false;
  record->has_early_page = false;
  record->sampling = 0;
  rewind_carving(*record);
  BITCOINLEVELDB_PROBE(slab, 4, record, memory, bytes, bytes);
  return record;
}

Block* take_block(ArenaRecord& record, std::size_t bytes,
                  std::size_t alignment) {
  Block* const block =
      carve(&record.carve_ptr, record.carve_end, bytes, alignment);
  if (block == nullptr) return take_block_and_slab(record, bytes, alignment);
  ++record.blocks;
  return block;
}

bool resize_newest_block(ArenaRecord& record, Block& block,
                         std::size_t bytes) noexcept {
  char* const data = block.data();
  // Behind the newest block lies either what is carved next, or the rest of the
  // newest slab, which was left because another slab had more room.
  const bool is_carved_next =
      data + round_up(block.bytes(), kSlabAlignment) == record.carve_ptr;
  const char* const end =
      is_carved_next ? record.carve_end
                     : reinterpret_cast<const char*>(record.newest_slab) +
                           record.newest_slab->bytes;
  if (bytes > static_cast<std::size_t>(end - data)) return false;
  if (is_carved_next) {
    record.carve_ptr = data + round_up(bytes, kSlabAlignment);
  }
  block.become_dedicated(bytes);
  return true;
}

void release_slabs(ArenaRecord* record) noexcept {
  if (record->has_early_page) leave_early_page(*record);
  if (record->newest_slab == &record->slab && record->spare_slabs == nullptr) {
    give_memory(record->source, record, record->slab.bytes);
  } else {
    release_many_slabs(*record);
  }
}

// One that holds twice as much is no longer small.
void settle_early_page(ArenaRecord& record) noexcept {
  if (!record.has_early_page) return;
  if (record.reserved_bytes >= kHugeFrom + kHugePageBytes ||
      (!has_early_slab(record.newest_slab) &&
       !has_early_slab(record.spare_slabs))) {
    leave_early_page(record);
  }
}

void reset_slabs(ArenaRecord& record, std::size_t keep_bytes) noexcept {
  spare_slabs_after(record, &record.slab);
  trim_spare_slabs(record, keep_bytes);
  record.blocks = 0;
  rewind_carving(record);
}

void rewind_slabs(ArenaRecord& record, const ArenaMark& mark,
                  std::size_t keep_bytes) noexcept {
  spare_slabs_after(record, mark.newest_slab);
  trim_spare_slabs(record, keep_bytes);
  // Whatever was carved since is free again, so carving goes on where it was,
  // which may be an older slab than the newest.
  record.carve_ptr = mark.carve_ptr;
  record.carve_end = mark.carve_end;
  record.blocks = mark.blocks;
}

}  // namespace bitcoinleveldb::detail
