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

// The size lies in front of the memory, in a piece that keeps its alignment.
constexpr std::size_t kHeadBytes = alignof(std::max_align_t);

std::size_t* head_of(void* memory) noexcept {
  return reinterpret_cast<std::size_t*>(static_cast<char*>(memory) -
                                        kHeadBytes);
}

void* take_or_null(std::size_t bytes) noexcept {
  if (g_calls_to_failure != 0 && --g_calls_to_failure == 0) {
    g_failed = true;
    return nullptr;
  }
  if (bytes > PTRDIFF_MAX - kHeadBytes) return nullptr;
  void* const start = std::malloc(kHeadBytes + bytes);
  if (start == nullptr) return nullptr;
  void* const memory = static_cast<char*>(start) + kHeadBytes;
  *head_of(memory) = bytes;
  ++g_news;
  g_live_bytes += bytes;
  g_newest = memory;
  return memory;
}

void give_back(void* memory) noexcept {
  if (memory == nullptr) return;
  ++g_deletes;
  g_live_bytes -= *head_of(memory);
  std::free(head_of(memory));
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
  void* const memory = bitcoinleveldb::take_or_null(bytes);
  if (memory != nullptr) return memory;
#ifdef __cpp_exceptions
  throw std::bad_alloc();
#else
  std::abort();
#endif
}

void* operator new(std::size_t bytes, const std::nothrow_t& /*tag*/) noexcept {
  return bitcoinleveldb::take_or_null(bytes);
}

void* operator new[](std::size_t bytes) { return operator new(bytes); }

void operator delete(void* memory) noexcept {
  bitcoinleveldb::give_back(memory);
}

void operator delete(void* memory, std::size_t /*bytes*/) noexcept {
  bitcoinleveldb::give_back(memory);
}

void operator delete[](void* memory) noexcept {
  bitcoinleveldb::give_back(memory);
}

void operator delete[](void* memory, std::size_t /*bytes*/) noexcept {
  bitcoinleveldb::give_back(memory);
}
