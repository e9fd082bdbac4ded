// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "failing_heap.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace bitcoinleveldb {

namespace {

// Plain globals: the program has one thread, and operator new is called before
// anything else could be set up.
std::size_t g_news = 0;
std::size_t g_deletes = 0;
std::size_t g_live_bytes = 0;
std::size_t g_calls_to_failure = 0;  // 0 for never
bool g_failed = false;
void* g_newest = nullptr;

// Lies right in front of the memory.
struct Head {
  void* start;  // what malloc returned
  std::size_t bytes;
};

Head* head_of(void* memory) noexcept {
  return reinterpret_cast<Head*>(static_cast<char*>(memory) - sizeof(Head));
}

// Slabs are asked for at an alignment, where operator new has a smaller one.
void* take_or_null(
    std::size_t bytes,
    std::size_t alignment = __STDCPP_DEFAULT_NEW_ALIGNMENT__) noexcept {
  if (g_calls_to_failure != 0 && --g_calls_to_failure == 0) {
    g_failed = true;
    return nullptr;
  }
  if (bytes > PTRDIFF_MAX - sizeof(Head) - alignment) return nullptr;
  char* const start =
      static_cast<char*>(std::malloc(sizeof(Head) + alignment + bytes));
  if (start == nullptr) return nullptr;
  const auto after_head =
      reinterpret_cast<std::uintptr_t>(start) + sizeof(Head);
  char* const memory =
      start + sizeof(Head) + ((0 - after_head) & (alignment - 1));
  *head_of(memory) = {start, bytes};
  ++g_news;
  g_live_bytes += bytes;
  g_newest = memory;
  return memory;
}

// Returns `memory`, unless it is null: the call has failed.
void* taken(void* memory) {
  if (memory != nullptr) return memory;
#ifdef __cpp_exceptions
  throw std::bad_alloc();
#else
  std::abort();
#endif
}

void give_back(void* memory) noexcept {
  if (memory == nullptr) return;
  ++g_deletes;
  g_live_bytes -= head_of(memory)->bytes;
  std::free(head_of(memory)->start);
}

}  // namespace

std::size_t FailingHeap::news() { return g_news; }
std::size_t FailingHeap::deletes() { return g_deletes; }
std::size_t FailingHeap::live_bytes() { return g_live_bytes; }
void* FailingHeap::newest() { return g_newest; }

void FailingHeap::fail_at(std::size_t call) {
  g_calls_to_failure = call;
  g_failed = false;
}

bool FailingHeap::disarm() {
  g_calls_to_failure = 0;
  return g_failed;
}

}  // namespace bitcoinleveldb

void* operator new(std::size_t bytes) {
  return bitcoinleveldb::taken(bitcoinleveldb::take_or_null(bytes));
}

void* operator new(std::size_t bytes, const std::nothrow_t& /*tag*/) noexcept {
  return bitcoinleveldb::take_or_null(bytes);
}

void* operator new(std::size_t bytes, std::align_val_t alignment,
                   const std::nothrow_t& /*tag*/) noexcept {
  return bitcoinleveldb::take_or_null(bytes,
                                      static_cast<std::size_t>(alignment));
}

void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return bitcoinleveldb::taken(operator new(bytes, alignment, std::nothrow));
}

void* operator new[](std::size_t bytes) { return operator new(bytes); }

void operator delete(void* memory) noexcept {
  bitcoinleveldb::give_back(memory);
}

void operator delete(void* memory, std::size_t /*bytes*/) noexcept {
  bitcoinleveldb::give_back(memory);
}

void operator delete(void* memory, std::align_val_t /*alignment*/) noexcept {
  bitcoinleveldb::give_back(memory);
}

void operator delete(void* memory, std::size_t /*bytes*/,
                     std::align_val_t /*alignment*/) noexcept {
  bitcoinleveldb::give_back(memory);
}

void operator delete[](void* memory) noexcept {
  bitcoinleveldb::give_back(memory);
}

void operator delete[](void* memory, std::size_t /*bytes*/) noexcept {
  bitcoinleveldb::give_back(memory);
}
