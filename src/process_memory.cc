// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/process_memory.h"

#include "bitcoinleveldb/huge_page_source.h"
#include "bitcoinleveldb/page_source.h"
#include "default_source.h"
#include "depot_list.h"
#include "heap_source.h"
#include "immortal.h"
#include "mapped_ranges.h"
#include "page_source.h"
#include "port/memory_map.h"

namespace bitcoinleveldb {

ProcessMemory process_memory() noexcept {
  ProcessMemory memory;
  memory.heap_bytes = detail::HeapSource::held_bytes();
  memory.mapped_bytes =
      huge_page_stats().mapped_bytes + detail::PageSource::held_bytes();
  memory.thread_bytes = detail::DefaultSource::bytes_of_threads();
  auto& depots = detail::DepotList::instance();
  memory.depot_bytes =
      depots.bytes_retained_of(huge_page_source()) +
      depots.bytes_retained_of(page_source()) +
      depots.bytes_retained_of(&detail::immortal<detail::DefaultSource>());
  const std::size_t held = memory.heap_bytes + memory.mapped_bytes;
  const std::size_t kept = memory.thread_bytes + memory.depot_bytes;
  // Another thread may have given a slab back in between.
  memory.arena_bytes = held > kept ? held - kept : 0;
  return memory;
}

std::optional<ProcessResidency> process_residency() noexcept {
  // Made before the system is asked, so that nothing is mapped meanwhile.
  (void)detail::MappedRanges::instance();
  const auto map =
      port::read_memory_map([](std::uintptr_t start, std::uintptr_t end) {
        return detail::MappedRanges::instance().bytes_within(start, end);
      });
  if (!map) return std::nullopt;
  return ProcessResidency{map->resident_bytes, map->chosen_resident_bytes,
                          map->chosen_huge_bytes};
}

}  // namespace bitcoinleveldb
