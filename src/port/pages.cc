// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "port/pages.h"

#if defined(__unix__) || defined(__APPLE__)

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace bitcoinleveldb::port {

std::size_t page_bytes() noexcept {
  static const auto bytes = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}

void* map_pages(std::size_t bytes, std::size_t alignment) noexcept {
  const std::size_t extra =
      alignment > page_bytes() ? alignment - page_bytes() : 0;
  void* const mapped = mmap(nullptr, bytes + extra, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  // The piece of the right alignment stays, what lies round it goes.
  char* const start = static_cast<char*>(mapped);
  const auto address = reinterpret_cast<std::uintptr_t>(mapped);
  const std::size_t before = (0 - address) & (alignment - 1);
  if (before != 0) munmap(start, before);
  if (extra != before) munmap(start + before + bytes, extra - before);
  return start + before;
}

void* reserve_pages(std::size_t bytes) noexcept {
  void* const mapped =
      mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return mapped == MAP_FAILED ? nullptr : mapped;
}

bool unmap_pages(void* memory, std::size_t bytes) noexcept {
  if (munmap(memory, bytes) == 0) return true;
  madvise(memory, bytes, MADV_DONTNEED);
  return false;
}

bool advise_huge_pages(void* memory, std::size_t bytes) noexcept {
#ifdef MADV_HUGEPAGE
  return madvise(memory, bytes, MADV_HUGEPAGE) == 0;
#else
  (void)memory;
  (void)bytes;
  return false;
#endif
}

bool protect_pages(void* memory, std::size_t bytes,
                   PageAccess access) noexcept {
  int allowed = PROT_NONE;
  if (access == PageAccess::kRead) allowed = PROT_READ;
  if (access == PageAccess::kReadWrite) allowed = PROT_READ | PROT_WRITE;
  return mprotect(memory, bytes, allowed) == 0;
}

// A new mapping in the place of the old one: the system then keeps one entry
// for all that lie side by side, with what was reserved and never used. What
// could once be written it counts as memory and keeps apart.
bool retire_pages(void* memory, std::size_t bytes) noexcept {
  return mmap(memory, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
              -1, 0) != MAP_FAILED;
}

}  // namespace bitcoinleveldb::port

#elif defined(_WIN32)

#include <windows.h>

#include <cerrno>
#include <cstdint>

namespace bitcoinleveldb::port {

namespace {

SYSTEM_INFO system_info() noexcept {
  SYSTEM_INFO info{};
  GetSystemInfo(&info);
  return info;
}

// What every mapping starts at a multiple of.
std::size_t granularity() noexcept {
  static const std::size_t bytes = system_info().dwAllocationGranularity;
  return bytes;
}

void* map_at(void* place, std::size_t bytes) noexcept {
  return VirtualAlloc(place, bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
}

// Returns an address of the right alignment behind which so many bytes were
// free a moment ago, or null.
void* find_place(std::size_t bytes, std::size_t alignment) noexcept {
  const std::size_t extra = alignment - granularity();
  void* const found =
      VirtualAlloc(nullptr, bytes + extra, MEM_RESERVE, PAGE_NOACCESS);
  if (found == nullptr) return nullptr;
  VirtualFree(found, 0, MEM_RELEASE);
  const auto address = reinterpret_cast<std::uintptr_t>(found);
  return static_cast<char*>(found) + ((0 - address) & (alignment - 1));
}

}  // namespace

std::size_t page_bytes() noexcept {
  static const std::size_t bytes = system_info().dwPageSize;
  return bytes;
}

// A part of a mapping cannot be given back, so that a place is looked for and
// then asked for. Another thread may have taken it in between.
void* map_pages(std::size_t bytes, std::size_t alignment) noexcept {
  if (alignment <= granularity()) return map_at(nullptr, bytes);
  constexpr int kTries = 16;
  for (int i = 0; i != kTries; ++i) {
    void* const place = find_place(bytes, alignment);
    if (place == nullptr) return nullptr;
    if (void* const memory = map_at(place, bytes)) return memory;
  }
  return nullptr;
}

void* reserve_pages(std::size_t bytes) noexcept {
  return VirtualAlloc(nullptr, bytes, MEM_RESERVE, PAGE_NOACCESS);
}

bool unmap_pages(void* memory, std::size_t /*bytes*/) noexcept {
  return VirtualFree(memory, 0, MEM_RELEASE) != 0;
}

// Large pages are there for who may lock memory, and cannot be asked for later.
bool advise_huge_pages(void*, std::size_t) noexcept { return false; }

bool protect_pages(void* memory, std::size_t bytes,
                   PageAccess access) noexcept {
  DWORD allowed = PAGE_NOACCESS;
  if (access == PageAccess::kRead) allowed = PAGE_READONLY;
  if (access == PageAccess::kReadWrite) allowed = PAGE_READWRITE;
  DWORD before = 0;
  if (VirtualProtect(memory, bytes, allowed, &before) != 0) return true;
  // What was reserved has no memory yet, and needs none to be refused.
  if (access != PageAccess::kNone &&
      VirtualAlloc(memory, bytes, MEM_COMMIT, allowed) != nullptr) {
    return true;
  }
  errno = ENOMEM;
  return false;
}

bool retire_pages(void* memory, std::size_t bytes) noexcept {
  return VirtualFree(memory, bytes, MEM_DECOMMIT) != 0;
}

}  // namespace bitcoinleveldb::port

#else

// Elsewhere there are no pages to be had, and the heap serves all slabs.
namespace bitcoinleveldb::port {

std::size_t page_bytes() noexcept { return 4096; }
void* map_pages(std::size_t, std::size_t) noexcept { return nullptr; }
void* reserve_pages(std::size_t) noexcept { return nullptr; }
bool unmap_pages(void*, std::size_t) noexcept { return false; }
bool advise_huge_pages(void*, std::size_t) noexcept { return false; }
bool protect_pages(void*, std::size_t, PageAccess) noexcept { return false; }
bool retire_pages(void*, std::size_t) noexcept { return false; }

}  // namespace bitcoinleveldb::port

#endif
