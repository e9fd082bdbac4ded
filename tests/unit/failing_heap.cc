// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "failing_heap.h"

#include <cstdlib>
#include <new>

namespace bitcoinleveldb {

namespace {

// Plain globals: the program has one thread, and operator new is called before
// anything else could be set up.
std::size_t g_news = 0;
std::size_t g_deletes = 0;
std::size_t g_calls_to_failure = 0;  // 0 for never
bool g_failed = false;
void* g_newest = nullptr;

void* take_or_null(std::size_t bytes) noexcept {
  if (g_calls_to_failure != 0 && --g_calls_to_failure == 0) {
    g_failed = true;
    return nullptr;
  }
  void* const memory = std::malloc(bytes == 0 ? 1 : bytes);
  if (memory == nullptr) return nullptr;
  ++g_news;
  g_newest = memory;
  return memory;
}

void give_back(void* memory) noexcept {
  if (memory == nullptr) return;
  ++g_deletes;
  std::free(memory);
}

}  // namespace

std::size_t FailingHeap::news() { return g_news; }
std::size_t FailingHeap::deletes() { return g_deletes; }
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
