// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "guard_table.h"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>

#include "guard_fences.h"
#include "port/fork.h"
#include "port/pages.h"

namespace bitcoinleveldb::detail {

namespace {

// A mutex may not be tried in the handler of a signal; this may.
class SpinLock {
 public:
  // Acquire pairs with the release in unlock, here and below.
  bool try_lock() noexcept {
    return !taken_.test_and_set(std::memory_order_acquire);
  }
  void lock() noexcept {
    while (!try_lock()) std::this_thread::yield();
  }
  void unlock() noexcept { taken_.clear(std::memory_order_release); }

 private:
  std::atomic_flag taken_ = ATOMIC_FLAG_INIT;
};

// A queue, oldest first, or a stack of records, by their `next`.
struct Records {
  std::uint32_t first = GuardTable::kNone;
  std::uint32_t last = GuardTable::kNone;
};

constexpr std::uint32_t kRecords = kGuardedMax + kGuardQuarantineMax;

SpinLock g_lock;  // of all that follows

[[maybe_unused]] const bool g_held_over_forks =
    port::hold_over_forks<g_lock>(port::ForkOrder::kGuards);

// Arenas with static storage may end after anything here would be destroyed, so
// there is nothing to destroy.
GuardRecord* g_records = nullptr;
std::uint32_t g_used = 0;  // records that were ever used
std::uint32_t g_free = GuardTable::kNone;
Records g_quarantine;
std::size_t g_quarantine_max = kGuardQuarantineBytes;
GuardStats g_stats;

std::uint32_t take_free() {
  if (g_free != GuardTable::kNone) {
    const std::uint32_t number = g_free;
    g_free = g_records[number].next;
    return number;
  }
  return g_used == kRecords ? GuardTable::kNone : g_used++;
}

void put_free(std::uint32_t number) {
  g_records[number].run = nullptr;
  g_records[number].next = g_free;
  g_free = number;
}

void push_quarantine(std::uint32_t number) {
  g_records[number].next = GuardTable::kNone;
  if (g_quarantine.first == GuardTable::kNone) {
    g_quarantine.first = number;
  } else {
    g_records[g_quarantine.last].next = number;
  }
  g_quarantine.last = number;
  g_stats.quarantined_bytes += g_records[number].run_bytes;
  ++g_stats.quarantined;
}

// Takes the oldest record out of quarantine if that holds too much, and returns
// its pages.
bool pop_quarantine(GuardRecord& oldest) {
  if (g_stats.quarantined_bytes <= g_quarantine_max &&
      g_stats.quarantined <= kGuardQuarantineMax) {
    return false;
  }
  const std::uint32_t number = g_quarantine.first;
  oldest = g_records[number];
  g_quarantine.first = oldest.next;
  put_free(number);
  g_stats.quarantined_bytes -= oldest.run_bytes;
  --g_stats.quarantined;
  return true;
}

// The system is called without the lock.
void trim_quarantine() {
  GuardRecord oldest;
  for (;;) {
    {
      const std::lock_guard lock(g_lock);
      if (!pop_quarantine(oldest)) return;
    }
    port::unmap_pages(oldest.run, oldest.run_bytes);
  }
}

bool find_locked(const void* address, GuardRecord& found) {
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  for (std::uint32_t i = 0; i != g_used; ++i) {
    const GuardRecord& record = g_records[i];
    if (record.run != nullptr &&
        wanted - reinterpret_cast<std::uintptr_t>(record.run) <
            record.run_bytes) {
      found = record;
      return true;
    }
  }
  return false;
}

}  // namespace

bool GuardTable::open() noexcept {
  const std::lock_guard lock(g_lock);
  if (g_records != nullptr) return true;
  const std::size_t page = port::page_bytes();
  const std::size_t bytes =
      (kRecords * sizeof(GuardRecord) + page - 1) / page * page;
  g_records = static_cast<GuardRecord*>(port::map_pages(bytes, page));
  return g_records != nullptr;
}

bool GuardTable::has_room() noexcept {
  const std::lock_guard lock(g_lock);
  return g_stats.guarded != kGuardedMax;
}

void GuardTable::count_refused() noexcept {
  const std::lock_guard lock(g_lock);
  ++g_stats.refused;
}

bool GuardTable::add(std::uint32_t& list, const GuardRecord& record) noexcept {
  const bool live = record.allocation.state == GuardedState::kLive;
  const std::lock_guard lock(g_lock);
  const std::uint32_t number =
      live && g_stats.guarded == kGuardedMax ? kNone : take_free();
  if (number == kNone) return false;
  g_records[number] = record;
  g_records[number].next = list;
  list = number;
  if (live) {
    ++g_stats.guarded;
    ++g_stats.total;
  }
  return true;
}

// The state comes first, so that a fault meanwhile is not laid to a live one.
void GuardTable::retire(std::uint32_t& list, const void* scope,
                        GuardedState state) noexcept {
  while (list != kNone &&
         (scope == nullptr || g_records[list].scope == scope)) {
    const std::uint32_t number = list;
    GuardRecord& record = g_records[number];
    list = record.next;
    check_fences(record);
    {
      const std::lock_guard lock(g_lock);
      record.allocation.state = state;
    }
    if (!port::retire_pages(record.run, record.run_bytes)) {
      port::protect_pages(record.run, record.run_bytes,
                          port::PageAccess::kNone);
    }
    const std::lock_guard lock(g_lock);
    --g_stats.guarded;
    push_quarantine(number);
  }
  trim_quarantine();
}

bool GuardTable::protect(std::uint32_t list, port::PageAccess access) noexcept {
  const std::size_t page = port::page_bytes();
  for (; list != kNone; list = g_records[list].next) {
    const GuardRecord& record = g_records[list];
    if (!port::protect_pages(record.run + page, record.run_bytes - 2 * page,
                             access)) {
      return false;
    }
  }
  return true;
}

void GuardTable::forget(std::uint32_t& list) noexcept {
  const std::lock_guard lock(g_lock);
  while (list != kNone) {
    const std::uint32_t number = list;
    list = g_records[number].next;
    put_free(number);
  }
}

void GuardTable::set_quarantine(std::size_t bytes) noexcept {
  {
    const std::lock_guard lock(g_lock);
    g_quarantine_max = bytes;
  }
  trim_quarantine();
}

GuardStats GuardTable::stats() noexcept {
  const std::lock_guard lock(g_lock);
  return g_stats;
}

bool GuardTable::find(const void* address, GuardRecord& found) noexcept {
  const std::lock_guard lock(g_lock);
  return find_locked(address, found);
}

// Whoever has the lock keeps it for microseconds, unless it is this thread.
bool GuardTable::find_in_handler(const void* address,
                                 GuardRecord& found) noexcept {
  constexpr int kTries = 10'000'000;
  for (int i = 0; i != kTries; ++i) {
    if (!g_lock.try_lock()) continue;
    const bool result = find_locked(address, found);
    g_lock.unlock();
    return result;
  }
  return false;
}

}  // namespace bitcoinleveldb::detail
