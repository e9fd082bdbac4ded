// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// This project's own ways to an arena, as subjects of the conformance suite.

#ifndef BITCOINLEVELDB_TESTS_CONFORMANCE_OUR_SUBJECTS_H_
#define BITCOINLEVELDB_TESTS_CONFORMANCE_OUR_SUBJECTS_H_

#include <cstddef>
#include <cstdlib>
#include <memory_resource>
#include <utility>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_allocator.h"
#include "bitcoinleveldb/arena_cursor.h"
#include "bitcoinleveldb/arena_resource.h"
#include "bitcoinleveldb_arena.h"
#include "conformance/subject.h"

namespace bitcoinleveldb {

// A subject with an Arena of ours below.
template <Failure failure>
class OurSubjectOf : public SubjectTraits<failure> {
 public:
  std::size_t usage() const { return arena_.memory_usage(); }
  // Moves the arena out of the subject.
  Arena take_arena() { return std::move(arena_); }

 protected:
  Arena arena_;
};

class ArenaSubject : public OurSubjectOf<Failure::kThrows> {
 public:
  static constexpr char kName[] = "Arena";
  char* allocate(std::size_t bytes, std::size_t alignment) {
    if (alignment == 1) return arena_.allocate(bytes);
    if (alignment == Arena::kAlignment) return arena_.allocate_aligned(bytes);
    return arena_.allocate_aligned(bytes, alignment);
  }
};

class TrySubject : public OurSubjectOf<Failure::kReturnsNull> {
 public:
  static constexpr char kName[] = "ArenaTryForms";
  char* allocate(std::size_t bytes, std::size_t alignment) {
    if (alignment == 1) return arena_.try_allocate(bytes);
    if (alignment == Arena::kAlignment) {
      return arena_.try_allocate_aligned(bytes);
    }
    return arena_.try_allocate_aligned(bytes, alignment);
  }
};

// Serves packed requests and those of Arena::kAlignment.
class CursorSubject : public OurSubjectOf<Failure::kThrows> {
 public:
  static constexpr char kName[] = "ArenaCursor";
  char* allocate(std::size_t bytes, std::size_t alignment) {
    return alignment == 1 ? cursor_.allocate(bytes)
                          : cursor_.allocate_aligned(bytes);
  }

 private:
  ArenaCursor cursor_{arena_};
};

class ResourceSubject : public OurSubjectOf<Failure::kThrows> {
 public:
  static constexpr char kName[] = "ArenaResource";
  char* allocate(std::size_t bytes, std::size_t alignment) {
    std::pmr::memory_resource& resource = resource_;
    return static_cast<char*>(resource.allocate(bytes, alignment));
  }

 private:
  ArenaResource resource_{arena_};
};

// An allocator of chars, rebound to a type of each alignment as containers
// rebind theirs. It can ask for whole objects only.
class AllocatorSubject : public OurSubjectOf<Failure::kThrows> {
 public:
  static constexpr char kName[] = "ArenaAllocator";
  static constexpr std::size_t kAlignmentMax = 4096;

  char* allocate(std::size_t bytes, std::size_t alignment) {
    return allocate_at<kAlignmentMax>(bytes, alignment);
  }
  static std::size_t requested(std::size_t bytes, std::size_t alignment) {
    return objects(bytes, alignment) * alignment;
  }

 private:
  template <std::size_t alignment>
  struct alignas(alignment) Object {
    char bytes[alignment];
  };

  static std::size_t objects(std::size_t bytes, std::size_t alignment) {
    return bytes / alignment + (bytes % alignment == 0 ? 0 : 1);
  }

  template <std::size_t at>
  char* allocate_at(std::size_t bytes, std::size_t alignment) {
    if (alignment == at) {
      ArenaAllocator<Object<at>> rebound(allocator_);
      return rebound.allocate(objects(bytes, at))->bytes;
    }
    if constexpr (at > 1) return allocate_at<at / 2>(bytes, alignment);
    return nullptr;
  }

  ArenaAllocator<char> allocator_{arena_};
};

class CSubject : public SubjectTraits<Failure::kReturnsNull> {
 public:
  static constexpr char kName[] = "CInterface";

  CSubject() {
    if (bitcoinleveldb_arena_create(nullptr, &arena_) != 0) std::abort();
  }
  ~CSubject() { bitcoinleveldb_arena_destroy(arena_); }
  CSubject(const CSubject&) = delete;
  CSubject& operator=(const CSubject&) = delete;

  char* allocate(std::size_t bytes, std::size_t alignment) {
    void* const memory =
        alignment == 1 ? bitcoinleveldb_arena_allocate(arena_, bytes)
        : alignment == Arena::kAlignment
            ? bitcoinleveldb_arena_allocate_aligned(arena_, bytes)
            : bitcoinleveldb_arena_allocate_aligned_to(arena_, bytes,
                                                       alignment);
    return static_cast<char*>(memory);
  }
  std::size_t usage() const {
    return bitcoinleveldb_arena_memory_usage(arena_);
  }

 private:
  bitcoinleveldb_arena* arena_ = nullptr;
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_TESTS_CONFORMANCE_OUR_SUBJECTS_H_
