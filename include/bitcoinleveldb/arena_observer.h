// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Sees what arenas do while they do it: every allocation, a sample of them, or
// only blocks and slabs. Logs, traces and profiles are observers.
//
//   struct Counter final : bitcoinleveldb::ArenaObserver {
//     void allocated(const bitcoinleveldb::ObservedArena&,
//                    const bitcoinleveldb::ObservedAllocation& one)
//         noexcept override { bytes += one.bytes; }
//     std::size_t bytes = 0;
//   };
//   Counter counter;
//   bitcoinleveldb::Arena arena;
//   bitcoinleveldb::attach_observer(arena, counter);  // from here on
//   ...
//   bitcoinleveldb::detach_observer(arena, counter);
//
// An arena that no one observes pays nothing. One that is observed places every
// request as ever and counts the same usage; what it pays is that the calls its
// observer wants to see are served out of line. This holds as well in code that
// was compiled without knowing of observers, such as a LevelDB library.

#ifndef BITCOINLEVELDB_ARENA_OBSERVER_H_
#define BITCOINLEVELDB_ARENA_OBSERVER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/detail/attributes.h"

namespace bitcoinleveldb {

/// The arena that an event is of.
struct ObservedArena {
  const Arena& arena;       ///< where it is now: a move changes the address
  std::uint64_t number;     ///< the observer's own for it, from 1 on
  std::size_t block_bytes;  ///< of its standard blocks
};

/// An allocation that was made.
struct ObservedAllocation {
  const char* ptr;
  std::size_t bytes;      ///< as asked for, but at least 1
  std::size_t alignment;  ///< as asked for
  std::size_t slop;       ///< bytes skipped before it to align it
  std::size_t remaining;  ///< what remains of the current block after it
  bool took_block;        ///< a block was taken for it
  /// How many such allocations this one stands for: 1 if all are seen. The sum
  /// of `weight * bytes` over samples estimates the bytes of all allocations,
  /// and the sum of `weight` their number, both without bias.
  double weight;
};

/// A block that was taken, or one before an observer came.
struct ObservedBlock {
  const char* data;
  std::size_t bytes;
  bool dedicated;      ///< for one request that is above a quarter block
  std::size_t number;  ///< from 0 on
  std::size_t usage;   ///< of the arena, this block counted
  std::size_t tail;    ///< unused end of the block that it takes the place of
  std::size_t request_bytes;  ///< of the request that it was taken for
};

/// A slab that was taken into use, from the block source or of those that a
/// reset or a scope had left with the arena.
struct ObservedSlab {
  const void* memory;
  std::size_t bytes;
  std::size_t reserved_bytes;  ///< of the arena, this slab counted
};

/// Which allocations an observer wants to see. Of blocks, slabs and all other
/// events it is always told.
class ArenaInterest {
 public:
  /// Every allocation.
  static constexpr ArenaInterest all() noexcept { return ArenaInterest(0); }
  /// No allocation. Between two blocks the arena is as fast as unobserved.
  static constexpr ArenaInterest none() noexcept {
    return ArenaInterest(SIZE_MAX);
  }
  /// About one allocation in every `bytes` bytes handed out: each is seen with
  /// the probability 1 - exp(-its bytes / `bytes`), independently of others,
  /// and says in its weight what it stands for. All others are as fast as
  /// unobserved. 0 is `all()`, SIZE_MAX is `none()`.
  static constexpr ArenaInterest sample(std::size_t bytes) noexcept {
    return ArenaInterest(bytes);
  }

 private:
  friend class ArenaObserver;
  friend class detail::ObserverDoor;
  explicit constexpr ArenaInterest(std::size_t bytes) noexcept
      : bytes_(bytes) {}

  std::size_t bytes_;
};

/// Which arenas a default observer is attached to.
enum class ArenaReach {
  kNewArenas,  ///< those that take their first slab from now on
  kAllArenas,  ///< also those that exist, at their next call out of line
};

/// What an `OwnerCheck` holds the users of an arena to.
enum class OwnerRule : unsigned char {
  kUnchecked,
  kOneAtATime,  ///< no two threads are in its calls out of line at once
  kOneThread,   ///< and they are of one thread, until `hand_over` is called
};

/// Is told of what the arenas do that it is attached to. Override what matters.
///
/// The calls come from the thread that uses the arena, in the middle of its
/// call; from several threads at once if it is attached to arenas of several.
/// An observer must not throw, and in a call must neither use the arena it is
/// told of nor attach or detach observers, make them default ones or no more,
/// or set the level of the log. Default observers are told under a lock that
/// those calls take too, so it must not wait in `attached` and `out_of_memory`
/// for a lock that someone holds who makes one of them or uses an arena. Arenas
/// that are made within a call are not reached by default observers.
///
/// REQUIRES: it outlives every arena it is attached to, unless it is detached
/// before, and its time as a default observer. Destroying it earlier is found
/// out and ends the program with one line.
class BITCOINLEVELDB_EXPORT ArenaObserver {
 public:
  explicit ArenaObserver(ArenaInterest interest = ArenaInterest::all()) noexcept
      : interest_(interest.bytes_) {}
  virtual ~ArenaObserver();

  ArenaObserver(const ArenaObserver&) = delete;
  ArenaObserver& operator=(const ArenaObserver&) = delete;

  /// Says which allocations are to be seen from now on. An arena hears of it
  /// at its next call out of line, or by `refresh_observers`; where blocks are
  /// forgone and a sample is seen, that call is the next one of the sample.
  /// THREAD SAFETY: may be called from any thread.
  void set_interest(ArenaInterest interest) noexcept {
    // Relaxed: it stands for itself.
    interest_.store(interest.bytes_, std::memory_order_relaxed);
  }

  /// Told as it is attached. Of an arena that is new, nothing has been
  /// allocated: it was made with options, or is about to take its first block.
  /// (An arena made without options holds nothing until then, and is not seen.)
  virtual void attached(const ObservedArena& /*arena*/,
                        bool /*is_new*/) noexcept {}
  virtual void slab_taken(const ObservedArena& /*arena*/,
                          const ObservedSlab& /*slab*/) noexcept {}
  virtual void block_taken(const ObservedArena& /*arena*/,
                           const ObservedBlock& /*block*/) noexcept {}
  /// Told after `slab_taken` and `block_taken`, if it took any.
  virtual void allocated(const ObservedArena& /*arena*/,
                         const ObservedAllocation& /*allocation*/) noexcept {}
  /// Told of an allocation made longer or shorter by `try_resize_newest`.
  virtual void resized(const ObservedArena& /*arena*/, const char* /*ptr*/,
                       std::size_t /*old_bytes*/,
                       std::size_t /*new_bytes*/) noexcept {}
  virtual void scope_begun(const ObservedArena& /*arena*/) noexcept {}
  /// Told before a scope gives back what was allocated in it; usage will be
  /// `usage_before`. The scope that began last is meant.
  virtual void scope_rewinding(const ObservedArena& /*arena*/,
                               std::size_t /*usage_before*/,
                               std::size_t /*keep_bytes*/) noexcept {}
  /// Told after the rewinding that is part of a scope's end.
  virtual void scope_ended(const ObservedArena& /*arena*/) noexcept {}
  /// Told before everything allocated is given back.
  virtual void resetting(const ObservedArena& /*arena*/,
                         std::size_t /*keep_bytes*/) noexcept {}
  /// Told before the arena goes: it is destroyed or assigned to. The observer
  /// stays attached until the call is over.
  virtual void ending(const ObservedArena& /*arena*/) noexcept {}
  /// Told of a request that failed because memory ran out, or because it was
  /// too large for any. The arena is as before it. Of an arena that has no slab
  /// yet only default observers are told, with the number 0.
  virtual void out_of_memory(const ObservedArena& /*arena*/,
                             std::size_t /*bytes*/,
                             std::size_t /*alignment*/) noexcept {}

 protected:
  /// Has `block_taken` and `slab_taken` not called, for an observer that
  /// overrides neither: a sample then costs nearly nothing at each block. To be
  /// called by its constructor.
  void forgo_blocks() noexcept { sees_blocks_ = false; }

  /// Has it, as a default observer of new arenas, attached to one only when the
  /// first allocation of its sample is due there, so that an arena without any
  /// costs nearly nothing; it is not told of that arena. A change of interest
  /// comes to an arena before it has taken 1 MiB more. Goes with
  /// `forgo_blocks`, and serves one default observer at a time: a second one is
  /// attached to every arena. To be called by its constructor.
  void forgo_unsampled_arenas() noexcept { is_late_ = true; }

  /// Has the arenas that this is attached to checked by `rule`. To be called by
  /// its constructor.
  void check_owners(OwnerRule rule) noexcept { owner_rule_ = rule; }

 private:
  friend class detail::DefaultObservers;
  friend class detail::ObserverDoor;

  std::atomic<std::size_t> interest_;
  bool sees_blocks_ = true;
  bool is_late_ = false;
  OwnerRule owner_rule_ = OwnerRule::kUnchecked;
  std::atomic<std::uint64_t> attachments_{0};  // there ever were
  std::atomic<std::uint64_t> endings_{0};      // of them
  ArenaObserver* next_default_ = nullptr;      // guarded by the list's lock
  ArenaReach reach_ = ArenaReach::kNewArenas;  // likewise
  bool is_default_ = false;                    // likewise
};

/// Attaches `observer` to `arena`: it is told of what happens from now on.
/// Does nothing if it is attached already. Takes the first slab of an arena
/// that has none. To be called by the arena's owner, between two calls.
/// THROWS: as `Arena::allocate`; the observer is then not attached.
/// Complexity: as everything here, O(observers of the arena).
BITCOINLEVELDB_EXPORT void attach_observer(Arena& arena,
                                           ArenaObserver& observer);

/// Detaches `observer` from `arena`; does nothing if it is not attached. To be
/// called by the arena's owner, between two calls.
BITCOINLEVELDB_EXPORT void detach_observer(Arena& arena,
                                           ArenaObserver& observer) noexcept;

/// Makes changes of interests, and default observers that reach all arenas,
/// come to `arena` at once instead of at its next call out of line. To be
/// called by the arena's owner, between two calls.
BITCOINLEVELDB_EXPORT void refresh_observers(Arena& arena) noexcept;

/// Makes `observer` one that is attached to arenas by itself; any number may be
/// at once. This is how observers reach the arenas of an unmodified LevelDB. An
/// arena that finds no memory for the few bytes that this takes is not
/// observed. Does nothing if it is a default observer already.
/// THREAD SAFETY: may be called from any thread.
BITCOINLEVELDB_EXPORT void add_default_observer(
    ArenaObserver& observer,
    ArenaReach reach = ArenaReach::kNewArenas) noexcept;

/// Has `observer` attached to no more arenas; those that have it keep it. Does
/// nothing if it is no default observer.
/// THREAD SAFETY: may be called from any thread. When it returns no other
/// thread is attaching it.
BITCOINLEVELDB_EXPORT void remove_default_observer(
    ArenaObserver& observer) noexcept;

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_ARENA_OBSERVER_H_
