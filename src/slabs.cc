// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "slabs.h"

#include <algorithm>
#include <cstdint>
#include <new>

namespace bitcoinleveldb::detail {

namespace {

// What is asked of a block source, and what a block starts at anyway.
constexpr std::size_t kSlabAlignment = Arena::kBlockAlignment;

// Slabs double until here. Large enough that a 64 MiB arena is some seventy
// calls of the source instead of sixteen thousand, small enough that the last
// slab of an arena strands little address space.
constexpr std::size_t kSlabBytesMax = std::size_t{1} << 20U;

// No object is larger than this, so no source needs to be asked.
constexpr std::size_t kObjectBytesMax = PTRDIFF_MAX;

static_assert(sizeof(Block) % kSlabAlignment == 0,
              "a block's first byte is as aligned as its head");
static_assert(sizeof(void*) != 8 || sizeof(Slab) % kSlabAlignment == 0,
              "on 64 bits no byte is lost between a slab's head and its first "
              "block");

constexpr std::size_t round_up(std::size_t value, std::size_t alignment) {
  return (value + (alignment - 1)) & (0 - alignment);
}

// Returns the bytes from `ptr` to the next multiple of `alignment`.
std::size_t gap_to(const char* ptr, std::size_t alignment) {
  return (0 - reinterpret_cast<std::uintptr_t>(ptr)) & (alignment - 1);
}

// Bytes that `head` bytes and a block of `bytes` bytes at `alignment` can take
// of a slab, whatever the address; 0 if no slab can be that large.
std::size_t slab_bytes_for(std::size_t head, std::size_t bytes,
                           std::size_t alignment) {
  const std::size_t gap =
      alignment > kSlabAlignment ? alignment - kSlabAlignment : 0;
  const std::size_t fixed =
      round_up(head, kSlabAlignment) + sizeof(Block) + (kSlabAlignment - 1);
  if (gap > kObjectBytesMax - fixed || bytes > kObjectBytesMax - fixed - gap) {
    return 0;
  }
  return (fixed + gap + bytes) & (0 - kSlabAlignment);
}

void* take_memory(std::pmr::memory_resource& source, std::size_t bytes) {
  // The standard library promises its compilers that no source returns null or
  // misaligned memory, and they drop checks of what is promised. Ours returns
  // null where exceptions are off, and anyone's may be wrong; of what is read
  // back from a volatile nothing is promised.
  void* volatile const returned = source.allocate(bytes, kSlabAlignment);
  void* const memory = returned;
  const auto address = reinterpret_cast<std::uintptr_t>(memory);
  if (address % kSlabAlignment == 0) return memory;
  // A source that breaks its promise is as good as one that has nothing.
  source.deallocate(memory, bytes, kSlabAlignment);
  return nullptr;
}

Slab* take_slab(ArenaRecord& record, std::size_t bytes) {
  void* const memory = take_memory(*record.source, bytes);
  if (memory == nullptr) return nullptr;
  record.newest_slab = new (memory) Slab{record.newest_slab, bytes};
  record.reserved_bytes += bytes;
  return record.newest_slab;
}

// Carves from [*carve_ptr, carve_end), or returns null if there is no room.
Block* carve(char** carve_ptr, const char* carve_end, std::size_t bytes,
             std::size_t alignment) {
  const auto room = static_cast<std::size_t>(carve_end - *carve_ptr);
  if (room < sizeof(Block)) return nullptr;
  char* const start = *carve_ptr + sizeof(Block);
  const std::size_t gap = gap_to(start, alignment);
  if (gap > room - sizeof(Block) || bytes > room - sizeof(Block) - gap) {
    return nullptr;
  }
  char* const data = start + gap;
  *carve_ptr = data + round_up(bytes, kSlabAlignment);
  return new (data - sizeof(Block)) Block{nullptr, bytes};
}

// Takes a slab for a block. A block that would waste too much of a slab of the
// usual size gets one of its own, and carving goes on in the slab it was in.
Block* take_block_and_slab(ArenaRecord& record, std::size_t bytes,
                           std::size_t alignment) {
  const std::size_t needed = slab_bytes_for(sizeof(Slab), bytes, alignment);
  if (needed == 0) return nullptr;
  const std::size_t standard =
      slab_bytes_for(sizeof(Slab), record.block_bytes, kSlabAlignment);
  const std::size_t usual = std::max(
      standard,
      std::min(record.reserved_bytes & (0 - kSlabAlignment), kSlabBytesMax));
  const bool own = needed > std::max(standard, usual / 4);
  Slab* const slab = take_slab(record, own ? needed : usual);
  if (slab == nullptr) return nullptr;
  char* carve_ptr =
      reinterpret_cast<char*>(slab) + round_up(sizeof(Slab), kSlabAlignment);
  char* const carve_end = reinterpret_cast<char*>(slab) + slab->bytes;
  Block* const block = carve(&carve_ptr, carve_end, bytes, alignment);
  if (!own) {
    record.carve_ptr = carve_ptr;
    record.carve_end = carve_end;
  }
  return block;
}

}  // namespace

ArenaRecord* open_record(const ArenaOptions& options, std::size_t block_bytes,
                         std::size_t alignment) {
  const std::size_t bytes =
      slab_bytes_for(sizeof(ArenaRecord), block_bytes, alignment);
  if (bytes == 0) return nullptr;
  std::pmr::memory_resource* const source = options.block_source == nullptr
                                                ? default_block_source()
                                                : options.block_source;
  void* const memory = take_memory(*source, bytes);
  if (memory == nullptr) return nullptr;
  auto* const record = new (memory) ArenaRecord{};
  record->slab.bytes = bytes;
  record->newest_slab = &record->slab;
  record->carve_ptr = static_cast<char*>(memory) +
                      round_up(sizeof(ArenaRecord), kSlabAlignment);
  record->carve_end = static_cast<char*>(memory) + bytes;
  record->reserved_bytes = bytes;
  record->block_bytes = options.block_bytes;
  record->source = source;
  return record;
}

Block* take_block(ArenaRecord& record, std::size_t bytes,
                  std::size_t alignment) {
  Block* block = carve(&record.carve_ptr, record.carve_end, bytes, alignment);
  if (block == nullptr) {
    block = take_block_and_slab(record, bytes, alignment);
  }
  if (block != nullptr) ++record.blocks;
  return block;
}

void release_slabs(ArenaRecord* record) noexcept {
  // The record lies in the oldest slab, so what is needed of it comes first.
  std::pmr::memory_resource* const source = record->source;
  Slab* slab = record->newest_slab;
  while (slab != nullptr) {
    Slab* const previous = slab->previous;
    source->deallocate(slab, slab->bytes, kSlabAlignment);
    slab = previous;
  }
}

}  // namespace bitcoinleveldb::detail
