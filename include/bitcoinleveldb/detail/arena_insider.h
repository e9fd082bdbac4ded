// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The one door to an arena's insides, for this project's own features above
// the core. Programs use the public headers instead.
//
// A feature that must see single allocations derives from ArenaDoor and is
// attached to an arena. The arena then withholds its remaining count, so that
// the inlined bump fails its comparison and the call comes to the cold path,
// which places it as ever and tells every door. Nothing of this costs anything
// while no door is attached, and it works in code compiled without knowing of
// it.

#ifndef BITCOINLEVELDB_DETAIL_ARENA_INSIDER_H_
#define BITCOINLEVELDB_DETAIL_ARENA_INSIDER_H_

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <utility>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/detail/attributes.h"
#include "bitcoinleveldb/detail/placement.h"

namespace bitcoinleveldb::detail {

/// The head of a slab, at the start of the memory a block source returned.
struct Slab {
  Slab* previous;     // the slab taken before; null in the first
  std::size_t bytes;  // of the whole slab, this head included
};

/// The head of a block, right before its first byte and as aligned as it.
/// AddressSanitizer may guard it, because an overrun of the block before would
/// write here; so it is read and written by its own functions alone.
struct alignas(Arena::kBlockAlignment) Block {
 public:
  /// The head of a dedicated block of `bytes` bytes.
  explicit Block(std::size_t bytes) noexcept
      : previous_(nullptr), size_(bytes) {}

  /// Returns the block taken before; null in the first.
  BITCOINLEVELDB_UNGUARDED Block* previous() const noexcept {
    const Block* self = this;
    BITCOINLEVELDB_FORGET(self);
    return self->previous_;
  }
  BITCOINLEVELDB_UNGUARDED void set_previous(Block* previous) noexcept {
    previous_ = previous;
  }

  /// Returns the bytes of the block, this head not included.
  std::size_t bytes() const noexcept {
    const std::uint64_t now = size();
    return static_cast<std::size_t>(
        (now & kStandard) == 0 ? now : static_cast<std::uint32_t>(now));
  }
  bool is_dedicated() const noexcept { return (size() & kStandard) == 0; }

  /// Makes a dedicated block, as it is carved, a standard one.
  void become_standard() noexcept { set_size(size() | kStandard); }
  /// Makes a dedicated block `bytes` bytes long.
  void become_dedicated(std::size_t bytes) noexcept { set_size(bytes); }
  /// Notes what is unused of a standard block as the next one takes over.
  void leave_behind(std::size_t tail) noexcept {
    set_size(kStandard | (std::uint64_t{tail} << kTailShift) | bytes());
  }
  /// Returns what was noted last. It holds for a block that is not the current
  /// one.
  std::size_t tail() const noexcept {
    return static_cast<std::size_t>((size() & ~kStandard) >> kTailShift);
  }

  /// Returns the head of the block whose first byte is at `data`.
  static Block* of(char* data) noexcept {
    return reinterpret_cast<Block*>(data) - 1;
  }
  static const Block* of(const char* data) noexcept {
    return reinterpret_cast<const Block*>(data) - 1;
  }
  char* data() noexcept { return reinterpret_cast<char*>(this + 1); }
  const char* data() const noexcept {
    return reinterpret_cast<const char*>(this + 1);
  }

 private:
  static constexpr std::uint64_t kStandard = std::uint64_t{1} << 63U;
  static constexpr unsigned kTailShift = 32;

  // A compiler that knew what is read here, or in previous(), could read it in
  // the caller instead, where it is not exempt.
  BITCOINLEVELDB_UNGUARDED std::uint64_t size() const noexcept {
    const Block* self = this;
    BITCOINLEVELDB_FORGET(self);
    return self->size_;
  }
  BITCOINLEVELDB_UNGUARDED void set_size(std::uint64_t size) noexcept {
    size_ = size;
  }

  Block* previous_;

  // The bytes of a dedicated block. A standard one is marked in the highest
  // bit and needs 32 bits for its bytes; the 31 in between have the tail it was
  // left behind with, which so costs a small arena no memory.
  std::uint64_t size_;
};

/// What the cold path did with one request.
struct ColdAllocation {
  char* ptr;              // where it was placed
  std::size_t bytes;      // as asked for, but at least 1
  std::size_t alignment;  // as asked for
  std::size_t slop;       // bytes skipped before it to align it
  bool took_block;        // a block was taken for it

  // What the caller gets: `ptr`, unless a door has put here the address of
  // memory of its own, as long and as aligned.
  mutable char* given;
};

/// Blocks of one size that are taken one after the other.
struct BlockRun {
  std::size_t bytes;  ///< of each, as counted in usage, without the pointer
  std::size_t count;
  bool dedicated;  ///< each is taken for one request

  friend bool operator==(const BlockRun& a, const BlockRun& b) noexcept {
    return a.bytes == b.bytes && a.count == b.count &&
           a.dedicated == b.dedicated;
  }
};

class ArenaMark;

/// Sees the allocations of the arenas it is attached to, and is told before
/// their memory goes. The calls come from the arena's owner. In one a door may
/// detach itself or others, but not allocate from the arena.
class ArenaDoor {
 public:
  /// Told of each allocation that takes the cold path, by the arena's owner,
  /// after it was placed. Returns how many bytes the arena may hand out before
  /// this door wants to be told again; with 0 it is told of every allocation.
  /// It may be told earlier: at a new block, and when another door asks. One
  /// that has no wish to see allocations returns SIZE_MAX, and then costs
  /// nothing between two blocks. In this call no door may be detached.
  virtual std::size_t passed(const Arena& arena,
                             const ColdAllocation& allocation) noexcept = 0;

  /// Told of a request that takes the cold path before anything is done for it;
  /// `passed` or `exhausted` follows. In this call no door may be detached.
  virtual void entering(const Arena& /*arena*/) noexcept {}

  /// Told that another thread may own the arena from now on.
  virtual void handed_over(const Arena& /*arena*/) noexcept {}

  /// Told of an allocation that was made longer or shorter where it stands. In
  /// this call no door may be detached.
  virtual void resized(const Arena& /*arena*/, char* /*ptr*/,
                       std::size_t /*old_bytes*/,
                       std::size_t /*new_bytes*/) noexcept {}

  /// Told after slabs were taken ahead, for blocks to come.
  virtual void reserved(const Arena& /*arena*/) noexcept {}

  /// Told of a request that failed because memory ran out. In this call no door
  /// may be detached.
  virtual void exhausted(const Arena& /*arena*/, std::size_t /*bytes*/,
                         std::size_t /*alignment*/) noexcept {}

  /// Told after a mark was set, and after one was lifted.
  virtual void marked(const Arena& /*arena*/) noexcept {}
  virtual void mark_lifted(const Arena& /*arena*/) noexcept {}

  /// Told before everything allocated since `mark`, the innermost one, is given
  /// back.
  virtual void rewinding(Arena& /*arena*/, const ArenaMark& /*mark*/,
                         std::size_t /*keep_bytes*/) noexcept {}

  /// Told before everything allocated is given back by `Arena::reset`.
  virtual void resetting(Arena& /*arena*/,
                         std::size_t /*keep_bytes*/) noexcept {}

  /// Told before the arena gives its slabs back because it is destroyed or
  /// assigned to. The door is no longer attached then; an arena that is moved
  /// from has no end, its doors go along.
  virtual void ending(Arena& /*arena*/) noexcept {}

 protected:
  /// `kind` is what `ArenaInsider::find_door` finds the door by, and
  /// `lies_in_arena` says that the door is in the memory of its arena.
  explicit ArenaDoor(const void* kind = nullptr,
                     bool lies_in_arena = false) noexcept
      : kind_(kind), lies_in_arena_(lies_in_arena) {}
  ~ArenaDoor() = default;
  ArenaDoor(const ArenaDoor&) = default;
  ArenaDoor& operator=(const ArenaDoor&) = default;

  /// In `passed`: has this door told no more until a block is taken whose bytes
  /// reach beyond `bytes` bytes of blocks taken from now on, whatever is
  /// allocated of them. So it costs next to nothing at the blocks before.
  void skip_blocks(std::size_t bytes) noexcept { skip_ = bytes + 1; }
  /// Ends that, and returns how many bytes were left, or `kNotSkipping` if
  /// `ArenaInsider::ask_doors` has ended it.
  std::size_t end_skip() noexcept {
    return std::exchange(skip_, std::size_t{0}) - 1;
  }
  static constexpr std::size_t kNotSkipping = SIZE_MAX;

 private:
  friend class ArenaInsider;
  ArenaDoor* next_ = nullptr;
  std::size_t skip_ = 0;  // one more than what is left to skip; 0: nothing
  const void* kind_;
  bool told_ = false;  // of what the arena is about to do
  bool lies_in_arena_;
};

/// Where an arena stands, so that it can be brought back there. The innermost
/// stands among the arena's doors, for all; it has no wish to see allocations.
class ArenaMark final : public ArenaDoor {
 public:
  ArenaMark() = default;
  ArenaMark(const ArenaMark&) = delete;
  ArenaMark& operator=(const ArenaMark&) = delete;

  std::size_t passed(const Arena& /*arena*/,
                     const ColdAllocation& /*allocation*/) noexcept override {
    return SIZE_MAX;
  }

  ArenaMark* outer = nullptr;  // the mark set before it, if that is still set
  char* alloc_ptr = nullptr;
  char* block_end = nullptr;
  Block* newest_block = nullptr;
  std::size_t usage = 0;
  std::size_t blocks = 0;
  Slab* newest_slab = nullptr;
  char* carve_ptr = nullptr;
  char* carve_end = nullptr;
};

/// What an arena needs on its cold path, at the head of its first slab.
struct ArenaRecord {
  Slab slab;  // the head of the first slab
  Slab* newest_slab;
  Slab* spare_slabs;  // kept by a reset, in the order they will be used
  char* carve_ptr;    // the next block is carved from here
  char* carve_end;
  std::size_t reserved_bytes;  // the sum over slabs
  std::size_t blocks;
  std::size_t usage_peak;             // the most usage that has come to an end
  std::pmr::memory_resource* source;  // null: the default one
  ArenaDoor* doors;
  std::uint32_t block_bytes;
  bool made_with_options;  // so it outlives a reset that keeps nothing
  bool has_early_page;     // one of the few that a process may have
  std::uint16_t sampling;  // of whom it is looked at, see DefaultObservers
};

/// Access to the parts of an Arena that are not public.
class BITCOINLEVELDB_EXPORT ArenaInsider {
 public:
  /// Returns the block taken last, or null; `previous` leads to the others.
  static const Block* newest_block(const Arena& arena) noexcept {
    return arena.newest_block_;
  }
  /// Returns the number of blocks.
  static std::size_t blocks(const Arena& arena) noexcept {
    return arena.record_ == nullptr ? 0 : arena.record_->blocks;
  }
  /// Returns the bytes held in slabs.
  static std::size_t reserved_bytes(const Arena& arena) noexcept {
    return arena.record_ == nullptr ? 0 : arena.record_->reserved_bytes;
  }
  /// Returns the record, or null if the arena has no slab.
  static const ArenaRecord* record(const Arena& arena) noexcept {
    return arena.record_;
  }
  /// The same, for the default observers' note in it.
  static ArenaRecord& noted_record(Arena& arena) noexcept {
    return *arena.record_;
  }
  /// Returns the bump pointer.
  static const char* position(const Arena& arena) noexcept {
    return arena.alloc_ptr_;
  }
  /// Returns the remaining count, which may be withheld.
  static std::size_t granted(const Arena& arena) noexcept {
    return arena.alloc_bytes_remaining_;
  }
  /// Returns what really remains of the current block.
  static std::size_t remaining(const Arena& arena) noexcept {
    return static_cast<std::size_t>(arena.block_end_ - arena.alloc_ptr_);
  }
  /// Returns the bytes of a standard block of an arena that has a slab.
  static std::size_t block_bytes(const Arena& arena) noexcept {
    return arena.record_->block_bytes;
  }
  /// Returns the first byte of the current block, or null.
  static const char* current_block(const Arena& arena) noexcept {
    return arena.block_end_ == nullptr
               ? nullptr
               : arena.block_end_ - arena.record_->block_bytes;
  }

  /// Bumps as the inlined calls do and returns true, or returns false and
  /// leaves all to the cold path; for code that answers failure its own way
  /// and does not want to pay for a second comparison.
  /// REQUIRES: `alignment` is a power of two up to `Arena::kBlockAlignment`.
  static bool bump(Arena& arena, std::size_t bytes, std::size_t alignment,
                   char** result) noexcept {
    return arena.bump(bytes, alignment, result);
  }

  /// Hands the bump state out, for a cursor, and takes it back. In between the
  /// arena must not be used.
  static void take_bump_state(Arena& arena, char** ptr,
                              std::size_t* remaining) noexcept {
    *ptr = arena.alloc_ptr_;
    *remaining = arena.alloc_bytes_remaining_;
  }
  static void give_bump_state(Arena& arena, char* ptr,
                              std::size_t remaining) noexcept {
    arena.alloc_ptr_ = ptr;
    arena.alloc_bytes_remaining_ = remaining;
  }

  /// Takes slabs for the blocks of `count` runs, so that no source is asked if
  /// they are the next blocks that the arena takes, in this order and at no
  /// more than `Arena::kBlockAlignment`. Returns false if memory ran out, or
  /// lets through what the source throws; the arena is then unchanged.
  static bool reserve(Arena& arena, const BlockRun* runs, std::size_t count);

  /// Returns whether `alignment` is a power of two up to
  /// `Arena::kBlockAlignment`, which is what is served inline.
  static constexpr bool is_inline(std::size_t alignment) noexcept {
    return Arena::is_inline(alignment);
  }

  /// Returns whether an arena may be made with `options`.
  static bool allows(const ArenaOptions& options) noexcept;
  /// Does to a default-constructed arena what the constructor with `options`
  /// does, but returns false if memory ran out; for code that must not throw.
  /// REQUIRES: `options` are allowed.
  static bool try_open(Arena& arena, const ArenaOptions& options) noexcept;

  /// Takes the first slab, for a standard block, if there is none.
  /// THROWS: as the allocating calls.
  static void open(Arena& arena);

  /// Attaches `door`, which must stay until it is detached or the arena goes
  /// and may be attached to one arena at a time; it goes along when the arena
  /// is moved. To be called by the arena's owner, between allocations.
  /// THROWS: as the allocating calls, if the arena has no slab yet.
  static void attach(Arena& arena, ArenaDoor& door);
  /// The same, but the door is told of everything after those that are attached
  /// already, and so after theirs to come.
  static void attach_last(Arena& arena, ArenaDoor& door);
  /// Returns whether `door` is attached to `arena` and no other is.
  static bool is_only_door(const Arena& arena, const ArenaDoor& door) noexcept {
    return arena.record_->doors == &door && door.next_ == nullptr;
  }
  /// Detaches `door`; does nothing if it is not attached to `arena`.
  static void detach(Arena& arena, ArenaDoor& door) noexcept;
  /// Makes `record` the arena's and returns the one before. The doors move to
  /// it, behind those that it has, but for those that lie in the arena. A door
  /// may do this when it is told that memory goes.
  /// REQUIRES: the arena has a slab.
  static ArenaRecord& exchange_record(Arena& arena,
                                      ArenaRecord& record) noexcept;
  /// Has every door told of the next allocation, whatever it has granted.
  static void ask_doors(Arena& arena) noexcept;
  /// Returns the door of this kind that was attached last, or null.
  static ArenaDoor* find_door(const Arena& arena, const void* kind) noexcept;

  /// Skips `bytes` bytes of the current block behind the allocation that doors
  /// are being told of. To be called in `ArenaDoor::passed`, by a door that
  /// then grants nothing; it breaks P1 of docs/parity.md.
  /// REQUIRES: that many remain.
  static void leave_gap(const Arena& arena, std::size_t bytes) noexcept;
  /// Tells every door of a request before anything is done for it.
  /// REQUIRES: the arena has a slab.
  BITCOINLEVELDB_COLD static void tell_entering(const Arena& arena) noexcept;
  /// Tells every door that another thread may own the arena from now on.
  static void tell_handed_over(const Arena& arena) noexcept;

  /// Tells every door of a request that failed because memory ran out.
  BITCOINLEVELDB_COLD static void tell_exhausted(
      const Arena& arena, std::size_t bytes, std::size_t alignment) noexcept;

  /// Sets `mark` where the arena stands. It must stay where it is until it is
  /// lifted; until then the arena must not be moved, and it ends the program
  /// if the arena is reset or ends.
  /// THROWS: as the allocating calls, if the arena has no slab yet.
  static void set_mark(Arena& arena, ArenaMark& mark);
  /// Returns the innermost mark that is set, or null.
  static const ArenaMark* innermost_mark(const Arena& arena) noexcept;
  /// Returns whether `mark` is that.
  static bool is_innermost(const Arena& arena, const ArenaMark& mark) noexcept {
    return innermost_mark(arena) == &mark;
  }
  /// Gives back everything allocated since `mark`, which stays set. Of the
  /// slabs no longer used the arena keeps, as spare ones, as many as bring
  /// what it holds to at most `keep_bytes` bytes.
  /// REQUIRES: `mark` is the innermost.
  static void rewind(Arena& arena, const ArenaMark& mark,
                     std::size_t keep_bytes) noexcept;
  /// Lifts `mark`. REQUIRES: it is the innermost.
  static void lift_mark(Arena& arena, ArenaMark& mark) noexcept;
  /// What `try_resize_newest` does.
  static bool resize_newest(Arena& arena, char* ptr, std::size_t old_bytes,
                            std::size_t new_bytes) noexcept;

 private:
  friend class bitcoinleveldb::Arena;

  static bool resize_bumped(Arena& arena, char* ptr, std::size_t old_bytes,
                            std::size_t new_bytes) noexcept;
  static bool resize_dedicated(Arena& arena, std::size_t old_bytes,
                               std::size_t new_bytes) noexcept;

  // Returns the link to the innermost mark, or the end of the list.
  static ArenaDoor** link_of_mark(const Arena& arena) noexcept;

  // Makes the count the real one, or 0 if a door must be asked first.
  static void restore_count(Arena& arena) noexcept;

  BITCOINLEVELDB_COLD static void tell_resetting(
      Arena& arena, std::size_t keep_bytes) noexcept;
  BITCOINLEVELDB_COLD static void tell_ending(Arena& arena) noexcept;
  BITCOINLEVELDB_COLD static void tell_reserved(const Arena& arena) noexcept;
  // Calls `call` for each door: the first for calls in which doors may be
  // detached, the second for all others.
  template <class Call>
  static void tell_each(const Arena& arena, Call call) noexcept;
  template <class Call>
  static void for_each(const ArenaRecord& record, Call call) noexcept;

  // Returns whether the arena withholds nothing and its only door skips the
  // next standard block, and counts that block as taken.
  static bool skips_next_block(const Arena& arena) noexcept {
    const ArenaDoor& door = *arena.record_->doors;
    return door.next_ == nullptr && door.skip_ > arena.record_->block_bytes &&
           granted(arena) == remaining(arena);
  }
  static void skip_next_block(const Arena& arena) noexcept {
    arena.record_->doors->skip_ -= arena.record_->block_bytes;
  }

  // Tells the doors of `allocation` and withholds the count as they ask.
  static void tell_doors(Arena& arena,
                         const ColdAllocation& allocation) noexcept;
};

}  // namespace bitcoinleveldb::detail

#endif  // BITCOINLEVELDB_DETAIL_ARENA_INSIDER_H_
