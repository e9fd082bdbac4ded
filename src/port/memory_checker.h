// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Whatever checks each access of the process to memory: AddressSanitizer,
// MemorySanitizer, or Valgrind's Memcheck. It is found when the program runs,
// so that a library built without it serves a program built with it.
//
// No call throws, or does anything where nothing checks. An address is given as
// it is, but what lies in the same 8 bytes behind closed memory should be
// closed too: AddressSanitizer cannot tell them apart.

#ifndef BITCOINLEVELDB_SRC_PORT_MEMORY_CHECKER_H_
#define BITCOINLEVELDB_SRC_PORT_MEMORY_CHECKER_H_

#include <cstddef>

namespace bitcoinleveldb::port {

// What AddressSanitizer can tell apart.
inline constexpr std::size_t kCheckedGranule = 8;

// Set before the objects with static storage are made, and constant from then.
extern bool g_memory_is_checked;
inline bool memory_is_checked() noexcept { return g_memory_is_checked; }

// Returns the name of what checks, or null.
const char* memory_checker_name() noexcept;

// What the inline calls below do where something checks.
void open_checked(void* memory, std::size_t bytes) noexcept;
void close_checked(void* memory, std::size_t bytes) noexcept;

// Lets everyone use the memory again, whose content is lost if it was closed.
inline void open_memory(void* memory, std::size_t bytes) noexcept {
  if (memory_is_checked()) open_checked(memory, bytes);
}

// Has every access to the memory reported, and its content forgotten.
inline void close_memory(void* memory, std::size_t bytes) noexcept {
  if (memory_is_checked()) close_checked(memory, bytes);
}

// Has accesses to a block's head reported, where functions can be exempted.
void guard_head(void* head, std::size_t bytes) noexcept;

// A block whose data starts at `block` has something allocated from it.
void block_begins(const void* block) noexcept;
// Opens closed memory of the block as `bytes` new, uninitialized bytes.
void allocated(const void* block, void* memory, std::size_t bytes) noexcept;
// Has what was allocated last of the block end elsewhere. Where it becomes
// shorter, nothing lies behind it.
void resized(const void* block, char* memory, std::size_t old_bytes,
             std::size_t new_bytes) noexcept;
// Forgets what was allocated of the block behind its first `bytes` bytes.
void block_shrinks(const void* block, std::size_t bytes) noexcept;
// Forgets all that was allocated of the block, which is then closed elsewhere.
void block_ends(const void* block) noexcept;

}  // namespace bitcoinleveldb::port

#endif  // BITCOINLEVELDB_SRC_PORT_MEMORY_CHECKER_H_
